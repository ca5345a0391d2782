"""A moment as people write it: 2026-07-01T22:00Z, 2026-07-01 22:00+02:00."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime

from cyclopts import Token


def moment(written: str) -> datetime:
    """Without an offset it is UTC, as all that is shown. Raises ValueError."""
    try:
        read = datetime.fromisoformat(written.strip())
    except ValueError as e:
        raise ValueError(f"{written!r} is no time: write 2026-07-01T22:00Z.") from e
    return read if read.tzinfo else read.replace(tzinfo=UTC)


def from_tokens(_: object, tokens: Sequence[Token]) -> datetime:
    """For cyclopts. Raises ValueError."""
    return moment(tokens[0].value)
