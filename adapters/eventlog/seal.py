"""The digest by which a fact, and so the chain, vouches for the snapshot taken at it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from hashlib import sha256
from typing import Any

import msgspec

from adapters.eventlog.mapper import StoredFact
from commands.command import Stream

encode = msgspec.json.Encoder().encode
"""The state of a snapshot as it is stored."""


def digest(state: Any) -> bytes:
    """The SHA-256 over the number of the format, a colon, and the state as it is stored."""
    return sha256(b"%d:%b" % (state.snapshot_format, encode(state))).digest()


def sealed(stored: Sequence[StoredFact], snapshots: Sequence[Stream[Any]]) -> list[StoredFact]:
    """The facts, of which those that a snapshot was taken at carry its digest."""
    if not snapshots:
        return list(stored)
    digests = {(one.id, one.version): digest(one.state) for one in snapshots}
    return [_carrying(fact, digests) for fact in stored]


def _carrying(fact: StoredFact, digests: dict[tuple[str, int], bytes]) -> StoredFact:
    found = digests.get((str(fact.originator_id), fact.originator_version))
    return replace(fact, snapshot=found) if found else fact
