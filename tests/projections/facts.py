"""Events of the examples as the facts that a log would hold."""

from __future__ import annotations

from collections import Counter
from typing import Any, get_args
from uuid import UUID

from domain.quota import QuotaEvent
from domain.quota.quota_class import QuotaClassChanged
from domain.shared.events import Event, Fact
from tests.kit.examples import NOON, SERVER


def facts(*events: Event, server: UUID = SERVER, after: int = 0) -> list[Fact[Any]]:
    """In order, each at the end of its stream, from the position behind ``after`` on."""
    versions: Counter[str] = Counter()
    made = []
    for position, event in enumerate(events, after + 1):
        stream = _stream(event, server)
        versions[stream] += 1
        made.append(
            Fact(
                position=position,
                stream=stream,
                version=versions[stream],
                at=NOON,
                by="wei",
                because=UUID(int=position),
                event=event,
            )
        )
    return made


def _stream(event: Event, server: UUID) -> str:
    match event:
        case event if isinstance(event, get_args(QuotaEvent)):
            return f"quota:{event.project}"
        case QuotaClassChanged():
            return "quota-class:default"
        case _:
            return f"server:{server}"
