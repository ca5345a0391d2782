"""The two shapes of everything recorded: the event, and the fact that holds it."""

from __future__ import annotations

from datetime import datetime
from typing import Generic, TypeVar
from uuid import UUID

import msgspec


class Event(msgspec.Struct, frozen=True, kw_only=True, gc=False, tag_field="kind"):
    """What happened, in the past tense. Fields are only ever added, with defaults."""


E_co = TypeVar("E_co", bound=Event, covariant=True)


class Fact(msgspec.Struct, Generic[E_co], frozen=True, kw_only=True, gc=False):
    """An event in its place: where in the log, of which stream, when (UTC), by whom, why.

    ``position`` counts the facts of the region from 1, without gaps, in the order of their commits.
    ``because`` is the id of the command that led to it; all facts of one command share it.
    """

    position: int
    stream: str
    version: int
    at: datetime
    by: str
    because: UUID
    event: E_co


def kind_of(event: Event | type[Event]) -> str:
    """The explicit tag under which an event is stored; it never changes."""
    return str(event.__struct_config__.tag)
