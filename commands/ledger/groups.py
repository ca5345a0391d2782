"""The group that a server is in, as a decision sees it; and its leaving it when it is gone."""

from __future__ import annotations

from uuid import UUID

from commands.command import Change, Log
from commands.ledger.catalogue import find
from domain.hosts.neighbours import Neighbours, counted
from domain.hosts.server_group import ServerGroup
from domain.server import Server


def neighbours(log: Log, group: UUID | None, besides: UUID | None) -> Neighbours | None:
    """Where the other members are; None: it is in no group."""
    stream = find(log, ServerGroup, str(group)) if group else None
    if stream is None:
        return None
    others = [log.find(Server, str(one)) for one in stream.state.servers() if one != besides]
    places = [set(one.state.placed()) for one in others if one]
    return counted(stream.state.policy, stream.state.max_server_per_host, places)


def left(log: Log, server: UUID, group: UUID | None, reason: str = "") -> list[Change]:
    """A server that is gone is a member no more."""
    stream = find(log, ServerGroup, str(group)) if group else None
    if stream is None or server not in stream.state.servers():
        return []
    return stream.record(stream.state.remove(server, reason))
