"""Where a server is now, and how it was seen there."""

from __future__ import annotations

from contextlib import suppress

from adapters.hypervisors.driver import Found
from adapters.hypervisors.failures import Gone
from adapters.hypervisors.registry import DriverRegistry
from domain.server import Seen
from projections.outbox.lanes import Message


def where_it_is(ask: Message, hosts: DriverRegistry) -> tuple[str, Found] | None:
    """On the host that it may have migrated to, if it runs there, else on its own; None: on
    neither. Raises Failure while one of them cannot be asked."""
    there = _on(ask.to_host, ask, hosts) if ask.to_host else None
    if there and there[1].state == "running":
        return there
    return _on(ask.host, ask, hosts) or there


def _on(host: str, ask: Message, hosts: DriverRegistry) -> tuple[str, Found] | None:
    with suppress(Gone):
        return host, hosts.driver(host).inspect(ask.server)
    return None


def seen(host: str, found: Found) -> Seen:
    return Seen(
        host=host,
        size=found.allocated,
        power=found.state,
        guest=found.guest,
        envelope=found.envelope,
    )
