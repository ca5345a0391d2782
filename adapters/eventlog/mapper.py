"""Facts as stored events and back: JSON under an explicit kind; old kinds are upcast on reading."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, cast
from uuid import UUID

import msgspec
from eventsourcing.domain import DomainEventProtocol
from eventsourcing.persistence import JSONTranscoder, Mapper, Notification, StoredEvent

from domain.history import AnyEvent
from domain.shared.events import Fact, kind_of

Upcast = Callable[[dict[str, Any]], dict[str, Any]]
"""Turns the body of an old kind into that of a newer one, whose name stands under ``kind``."""

# As JSON spells it; behind another backslash it is text. A fact that has one could be
# recorded as text, and never be read as JSON.
_NUL = b"\\u0000"
_A_NUL = re.compile(rb"(?<!\\)(?:\\\\)*\\u0000")

UPCASTS: Mapping[str, Upcast] = {}
"""By old kind. A kind that was ever stored and is no longer in the domain must stand here."""


@dataclass(frozen=True)
class StoredFact(Notification):
    """A stored event of the library with the rest of the envelope; ``id`` is the position."""

    at: datetime
    by: str
    because: UUID
    snapshot: bytes = b""
    """The digest of the snapshot that was taken at this fact; empty: none was."""


class FactMapper(Mapper[str]):
    """The library's mapper, typed: bodies are decoded strictly by kind in one pass."""

    def __init__(self, upcasts: Mapping[str, Upcast] = UPCASTS) -> None:
        super().__init__(transcoder=JSONTranscoder())
        self._upcasts = upcasts
        self._encode = msgspec.json.Encoder().encode
        self._decoder: msgspec.json.Decoder[AnyEvent] = msgspec.json.Decoder(AnyEvent)

    def to_stored_event(self, domain_event: DomainEventProtocol[str]) -> StoredEvent:
        """The library's name for `store`."""
        return self.store(cast("Fact[AnyEvent]", domain_event))

    def to_domain_event(self, stored_event: StoredEvent) -> Any:
        """The library's name for `fact`."""
        return self.fact(cast("StoredFact", stored_event))

    def store(self, fact: Fact[Any]) -> StoredFact:
        """The fact as a stored event. Raises ValueError for a NUL, which PostgreSQL's JSON
        rejects."""
        state = self._encode(fact.event)
        if _NUL in state and _A_NUL.search(state):
            raise ValueError(f"{fact.stream}: a NUL, which PostgreSQL's JSON does not take")
        return StoredFact(
            id=fact.position,
            originator_id=fact.stream,
            originator_version=fact.version,
            topic=kind_of(fact.event),
            state=state,
            at=fact.at,
            by=fact.by,
            because=fact.because,
        )

    def fact(self, stored: StoredFact) -> Fact[AnyEvent]:
        """The fact in a stored event."""
        return self.read(
            (
                stored.id,
                stored.originator_id,
                stored.originator_version,
                stored.topic,
                stored.state,
                stored.at,
                stored.by,
                stored.because,
            )
        )

    def read(self, row: Sequence[Any]) -> Fact[AnyEvent]:
        """The fact in a row of the log: position, stream, version, kind, body, at, by, because."""
        position, stream, version, kind, body, at, by, because = row
        return Fact(
            position=position,
            stream=stream,
            version=version,
            at=at,
            by=by,
            because=because,
            event=self.event(kind, body),
        )

    def event(self, kind: str, body: bytes | str) -> AnyEvent:
        """The event under ``kind``, upcast as often as needed. Raises msgspec.ValidationError."""
        if kind not in self._upcasts:
            return self._decoder.decode(body)
        lifted = msgspec.json.decode(body)
        while (upcast := self._upcasts.get(lifted["kind"])) is not None:
            lifted = upcast(lifted)
        return msgspec.convert(lifted, cast("type[AnyEvent]", AnyEvent))
