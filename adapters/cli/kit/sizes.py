"""Memory as people write it: 768, 768MiB, 1.5GiB."""

from __future__ import annotations

import re
from collections.abc import Sequence
from fractions import Fraction

from cyclopts import Token

_MEMORY = re.compile(r"([0-9]{1,12}(?:\.[0-9]{1,6})?)\s*([A-Za-z]*)")
_MIB = {"": 1, "m": 1, "mib": 1, "g": 1024, "gib": 1024, "t": 1024**2, "tib": 1024**2}


def mib(written: str) -> int:
    """Memory in MiB; without a unit it is MiB. Raises ValueError."""
    found = _MEMORY.fullmatch(written.strip())
    if not found or found[2].lower() not in _MIB:
        raise ValueError(f"{written!r} is no memory: write 768, 768MiB or 1.5GiB.")
    amount = Fraction(found[1]) * _MIB[found[2].lower()]
    if amount.denominator != 1 or amount < 1:
        raise ValueError(f"{written!r} is not a whole number of MiB, 1 or more.")
    return int(amount)


def from_tokens(_: object, tokens: Sequence[Token]) -> int:
    """For cyclopts. Raises ValueError."""
    return mib(tokens[0].value)


def or_zero(_: object, tokens: Sequence[Token]) -> int:
    """For cyclopts, where none is an amount too. Raises ValueError."""
    return 0 if tokens[0].value == "0" else mib(tokens[0].value)
