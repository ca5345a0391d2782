"""What handlers are given: each the parts that it names, by their type."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass, field
from functools import cache
from typing import Any, get_type_hints

from adapters.http.gateway.authentication import Authentication
from adapters.http.gateway.metrics import Metrics
from adapters.http.gateway.parts.context import Context
from adapters.http.gateway.parts.hypervisors import Hypervisors
from adapters.http.gateway.parts.log_head import LogHead
from adapters.http.gateway.parts.outbox import Outbox
from adapters.http.gateway.parts.reads import Reads
from adapters.http.gateway.parts.relays import Relays
from adapters.leadership.address import Leadership
from adapters.readside.rebuild import Rebuilds
from commands.engine.sequencer import Sequencer


@dataclass(frozen=True, kw_only=True, eq=False)
class Parts:
    """Made once a process. ``naming`` is held by who gives a name that only one may have."""

    context: Context
    reads: Reads
    log_head: LogHead
    sequencer: Sequencer
    outbox: Outbox
    hypervisors: Hypervisors
    callers: Authentication
    relays: Relays
    metrics: Metrics
    rebuilds: Rebuilds
    leadership: Leadership
    naming: asyncio.Lock = field(default_factory=asyncio.Lock)


@cache
def parts_by_type() -> dict[Any, str]:
    """Under which name each is found."""
    return {kind: name for name, kind in get_type_hints(Parts).items()}


def parts_of(request: Any) -> Parts:
    """Those of the process that a request has come to: its gateway has left them there."""
    parts: Parts = request.scope["state"]["parts"]
    return parts
