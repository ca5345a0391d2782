"""The chain over the log: every fact has a SHA-256 over itself and its predecessor's."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import UTC
from hashlib import sha256
from typing import NamedTuple

import msgspec

from adapters.eventlog.mapper import StoredFact

GENESIS = bytes(32)
"""What the first fact is chained to."""

_encode = msgspec.json.Encoder().encode


class Broken(NamedTuple):
    """The first position at which the log is not as it was written."""

    position: int
    why: str


def link(previous: bytes, fact: StoredFact) -> bytes:
    """The hash of ``fact`` after ``previous``, over a JSON array: no two facts collide by where
    one field ends and the next begins. A snapshot taken at the fact is covered too."""
    envelope = (
        fact.id,
        fact.originator_id,
        fact.originator_version,
        fact.at.astimezone(UTC),  # the same moment, in whatever zone a session reads it
        fact.by,
        fact.because,
        fact.topic,
    )
    digest = sha256(previous + _encode(envelope) + fact.state).digest()
    return sha256(digest + fact.snapshot).digest() if fact.snapshot else digest


def verify(facts: Iterable[tuple[StoredFact, bytes]]) -> tuple[int, bytes, Broken | None]:
    """Walk the chain from the first fact: the last position that holds, its hash, the first
    break."""
    position, previous = 0, GENESIS
    for fact, recorded in facts:
        if fact.id != position + 1:
            return position, previous, Broken(position + 1, "a fact is missing")
        if link(previous, fact) != recorded:
            return position, previous, Broken(fact.id, "the fact is not the one that was chained")
        position, previous = fact.id, recorded
    return position, previous, None
