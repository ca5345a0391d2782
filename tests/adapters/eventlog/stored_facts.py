"""Facts as they were stored once, and must be readable for ever.

``facts_v1.jsonl`` only ever grows. A new kind, or a kind with a new field, is added to its end with
``append`` from a Python shell; what stands there already is never touched.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import datetime, timedelta
from pathlib import Path
from uuid import UUID

import msgspec

from adapters.eventlog import chain
from adapters.eventlog.mapper import FactMapper, StoredFact
from domain.shared.events import Event, Fact
from tests.kit.examples import NOON

FILE = Path(__file__).with_name("facts_v1.jsonl")


class Line(msgspec.Struct, frozen=True, kw_only=True):
    """One row of the table ``facts``: the body as the text that was hashed, the hash in hex."""

    position: int
    stream: str
    version: int
    at: datetime
    by: str
    because: UUID
    kind: str
    body: str
    hash: str


def read() -> list[tuple[StoredFact, bytes]]:
    return [
        _stored(msgspec.json.decode(line, type=Line)) for line in FILE.read_bytes().splitlines()
    ]


def append(*events: tuple[str, Event]) -> None:
    lines = b"".join(msgspec.json.encode(line) + b"\n" for line in _lines(events))
    with FILE.open("ab") as file:
        file.write(lines)


def _lines(events: Iterable[tuple[str, Event]]) -> Iterator[Line]:
    there = read() if FILE.exists() else []
    previous = there[-1][1] if there else chain.GENESIS
    versions = {str(stored.originator_id): stored.originator_version for stored, _ in there}
    for position, (stream, event) in enumerate(events, len(there) + 1):
        versions[stream] = versions.get(stream, 0) + 1
        fact = Fact(
            position=position,
            stream=stream,
            version=versions[stream],
            at=NOON + timedelta(minutes=position, microseconds=position),
            by="wei",
            because=UUID(int=position),
            event=event,
        )
        stored = FactMapper().store(fact)
        previous = chain.link(previous, stored)
        yield _line(stored, previous)


def _line(stored: StoredFact, digest: bytes) -> Line:
    return Line(
        position=stored.id,
        stream=str(stored.originator_id),
        version=stored.originator_version,
        at=stored.at,
        by=stored.by,
        because=stored.because,
        kind=stored.topic,
        body=stored.state.decode(),
        hash=digest.hex(),
    )


def _stored(line: Line) -> tuple[StoredFact, bytes]:
    stored = StoredFact(
        id=line.position,
        originator_id=line.stream,
        originator_version=line.version,
        topic=line.kind,
        state=line.body.encode(),
        at=line.at,
        by=line.by,
        because=line.because,
    )
    return stored, bytes.fromhex(line.hash)
