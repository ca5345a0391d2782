"""A moment as people write it: 2026-07-01T22:00Z, 2026-07-01 22:00+02:00."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Annotated

from cyclopts import Parameter, Token


def moment(written: str) -> datetime:
    """Without an offset it is UTC, as all that is shown. Raises ValueError."""
    try:
        read = datetime.fromisoformat(written.strip())
    except ValueError as e:
        raise ValueError(f"{written!r} is no time: write 2026-07-01 or 2026-07-01T22:00Z.") from e
    return read if read.tzinfo else read.replace(tzinfo=UTC)


def from_tokens(_: object, tokens: Sequence[Token]) -> datetime:
    """For cyclopts. Raises ValueError."""
    return moment(tokens[0].value)


def _then(_: object, tokens: Sequence[Token]) -> str:
    """A position is left as it is. Raises ValueError."""
    written = tokens[0].value.strip()
    if written.isascii() and written.isdigit():
        return written
    return str(utc(moment(written)))


AsOfOption = Annotated[
    str | None,
    Parameter(
        name="--as-of",
        converter=_then,
        metavar="WHEN",
        help="State at a past time, as 2026-07-01T22:00Z, or at a position of the history.",
    ),
]
SinceOption = Annotated[
    datetime | None,
    Parameter(
        converter=from_tokens,
        metavar="TIME",
        help="Not before this time, as 2026-01-31 or 2026-01-31T12:00Z.",
    ),
]
UntilOption = Annotated[
    datetime | None, Parameter(converter=from_tokens, metavar="TIME", help="Before this time.")
]


def utc(moment: datetime | None) -> str | None:
    """As the API takes it; without an offset it is UTC."""
    if moment is None:
        return None
    return (moment if moment.tzinfo else moment.replace(tzinfo=UTC)).isoformat()
