"""Regular expressions of callers, in an engine whose time grows with the text alone (RE2).

Backreferences and look-around, which no such engine has, are refused; so are Unicode's classes,
which take long to compile, and which PostgreSQL, that Nova asks, has not either.
"""

from __future__ import annotations

import re
from collections.abc import Iterable

import re2

LONGEST = 255
"""Characters that a pattern may have: as many as what it is looked for in."""
LARGEST = 1500
"""Steps that a pattern may be compiled into: each repetition of a counted one is written out."""
MOST = 100_000_000
"""Steps times characters that one request may take: a fifth of a second, were each taken (measured:
2 ns; most patterns take none)."""

# Bytes that a pattern may take, compiled; re2 keeps the last 128 of them. What becomes larger is
# given up within a millisecond or two.
_MEMORY = 48 << 10
_CLASS = re.compile(r"(?<!\\)(?:\\\\)*\\[pP]")
_PLAIN = re.compile(r"[\w -]*", re.ASCII)


class PatternInvalid(ValueError):
    """The pattern cannot be used. The text says why."""


class Pattern:
    """One that may be used. Raises PatternInvalid."""

    def __init__(self, pattern: str) -> None:
        self._compiled = _compiled(pattern)
        self._plain = pattern if _PLAIN.fullmatch(pattern) else None

    def cost(self, values: Iterable[str]) -> int:
        """Steps times characters, at most."""
        size = 1 if self._plain is not None else self._compiled.programsize
        return sum(size * len(value) for value in values)

    def found(self, value: str) -> bool:
        """Whether it is found anywhere in the value."""
        if self._plain is not None:
            return self._plain in value
        return self._compiled.search(value) is not None


def must_be_usable(pattern: str) -> None:
    """Raises PatternInvalid."""
    _compiled(pattern)


def _compiled(pattern: str) -> re2._Regexp:
    if len(pattern) > LONGEST:
        raise PatternInvalid(f"it has {len(pattern)} characters, and may have {LONGEST}")
    if _CLASS.search(pattern):
        raise PatternInvalid(r"it has a class of Unicode (\p or \P), and may have none")
    return _within_bounds(pattern)


def _within_bounds(pattern: str) -> re2._Regexp:
    options = re2.Options()
    options.max_mem = _MEMORY
    options.log_errors = False
    options.dot_nl = True  # as PostgreSQL, which Nova asks
    options.never_capture = True
    try:
        compiled = re2.compile(pattern, options)
    except re2.error as e:
        raise PatternInvalid(_reason(e)) from e
    if compiled.programsize > LARGEST:
        raise PatternInvalid(
            f"it takes {compiled.programsize} steps, and may take {LARGEST}: repeat less in it"
        )
    return compiled


def _reason(error: re2.error) -> str:
    """In RE2's words, which name the part of the pattern that they mean."""
    said = error.args[0].decode(errors="replace")
    return f"{said} (backreferences and look-around are not supported)"
