"""Times in a query, in UTC or with an offset: 2026-01-31T12:00:00Z."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated

from litestar.params import QueryParameter

from adapters.http.gateway.body import BodyInvalid
from adapters.texts import MOMENT

Moment = Annotated[
    str | None,
    QueryParameter(
        max_length=40,
        pattern=MOMENT,
        description="Since, included; until, excluded: 2026-01-31T12:00:00Z.",
    ),
]


def moment(text: str | None, name: str) -> datetime | None:
    """Not left to Litestar, to which 0.5 is a moment of 1970. Raises BodyInvalid."""
    return None if text is None else moment_of(text, name)


def moment_of(text: str, name: str) -> datetime:
    """The time that a text spells, in UTC. Raises BodyInvalid."""
    try:
        return datetime.fromisoformat(text)
    except ValueError as e:
        raise BodyInvalid(f"{name} is not a valid time: {e}.") from e
