"""How a server that is gone leaves its group."""

from __future__ import annotations

from uuid import UUID

from commands.command import Change, Log
from commands.ledger.catalogue import find
from domain.hosts.server_group import ServerGroup


def left(log: Log, server: UUID, group: UUID | None, reason: str = "") -> list[Change]:
    """A server that is gone is a member no more."""
    stream = find(log, ServerGroup, str(group)) if group else None
    if stream is None or server not in stream.state.servers():
        return []
    return stream.record(stream.state.remove(server, reason))
