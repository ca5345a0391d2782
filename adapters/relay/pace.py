"""How fast a relay works: how much it holds and takes at once, and how long it waits."""

from __future__ import annotations

import msgspec

from adapters.relay.lanes import LEASE


class Pace(msgspec.Struct, frozen=True, kw_only=True):
    """``slots``: calls of one host at a time (libvirt serves five a connection, one is for
    reading). ``ahead``: messages of one host taken at once. Times in seconds."""

    slots: int = 4
    ahead: int = 8
    lanes: int = 64
    threads: int = 64
    idle: float = 0.5
    call_seconds: float = 30.0
    lease: float = LEASE.total_seconds()
