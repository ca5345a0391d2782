"""Regular expressions of callers, matched by PostgreSQL, which can be stopped.

Python's own cannot be stopped once it has begun, and a pattern can be made that it never finishes.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import LiteralString

import psycopg
from psycopg_pool import ConnectionPool

_PATIENCE = "500ms"
_LONGEST = 255
_PLAIN = re.compile(r"[\w -]*", re.ASCII)

_LIMIT: LiteralString = "SELECT set_config('statement_timeout', %(patience)s, true)"
_MATCH: LiteralString = """
SELECT coalesce(text ~ %(pattern)s, false)
FROM unnest(%(texts)s::text[]) WITH ORDINALITY AS given (text, place)
ORDER BY place
"""


class PatternInvalid(Exception):
    """The pattern is no regular expression, or takes too long. The text says which."""


def is_plain(pattern: str) -> bool:
    """Whether the pattern means nothing but its own characters."""
    return _PLAIN.fullmatch(pattern) is not None


def matches(
    pool: ConnectionPool[psycopg.Connection], pattern: str, texts: Sequence[str]
) -> list[bool]:
    """For each text, whether the pattern is found in it. Raises PatternInvalid, psycopg.Error."""
    if len(pattern) > _LONGEST:
        raise PatternInvalid(f"it has more than {_LONGEST} characters")
    try:
        with pool.connection() as connection:
            connection.execute(_LIMIT, {"patience": _PATIENCE})
            values = {"pattern": pattern, "texts": list(texts)}
            return [found for (found,) in connection.execute(_MATCH, values)]
    except psycopg.errors.QueryCanceled as e:
        raise PatternInvalid("it takes too long") from e
    except psycopg.DataError as e:
        raise PatternInvalid(e.diag.message_primary or "it is no regular expression") from e
