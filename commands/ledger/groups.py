"""How a server joins a group, and leaves it."""

from __future__ import annotations

from uuid import UUID

from commands.command import Change, Log
from commands.ledger import quotas
from commands.ledger.catalogue import find, present
from domain.hosts.server_group import ServerGroup
from domain.shared.resources import SERVER_GROUP_MEMBERS


def joined(log: Log, group: UUID, server: UUID, user: str, reason: str = "") -> list[Change]:
    """The changes that make the server a member. Raises NotFound, QuotaExceeded."""
    stream = present(log, ServerGroup, str(group))
    limit = quotas.path(log, stream.state.project, user).limit(SERVER_GROUP_MEMBERS)
    added = stream.state.add(str(group), server, user=user, limit=limit, reason=reason)
    return stream.record(added)


def left(log: Log, server: UUID, group: UUID | None, reason: str = "") -> list[Change]:
    """The changes by which a server leaves its group; none if it is in none."""
    stream = find(log, ServerGroup, str(group)) if group else None
    if stream is None or server not in stream.state.servers():
        return []
    return stream.record(stream.state.remove(server, reason))
