"""What a server's events mean for the books: its project's quota, its hosts, its group.

Claims are never worked out by hand: they are the difference between what the server held before its
events and what it holds after them. So usage is what the servers hold, at every position.
"""

from __future__ import annotations

from collections.abc import Sequence
from uuid import UUID

from commands.command import Change, Log, Stream, first
from commands.ledger import groups, quotas
from domain.hosts.host import NONE, Host
from domain.quota import QuotaPath
from domain.quota.claims import For, claim, settle
from domain.server import Server, ServerBeginning, ServerChange
from domain.shared.resources import increase


def begun(
    log: Log,
    server: UUID,
    event: ServerBeginning,
    *more: ServerChange,
    operation: UUID | None = None,
) -> list[Change]:
    """The first changes of a server, or of one that was deleted before. Raises QuotaExceeded."""
    gone = log.find(Server, str(server))
    after = _after(Server.begin(event), more)
    path = quotas.path(log, after.project, after.user)
    changes = gone.record(event, *more) if gone else first(Server, str(server), event, *more)
    return [
        *changes,
        *_claimed(log, path, None, after, For(server, operation)),
        *_placed(log, server, None, after, operation),
    ]


def claimed(
    log: Log,
    stream: Stream[Server],
    server: UUID,
    *events: ServerChange,
    operation: UUID | None = None,
    quota: QuotaPath | None = None,
) -> list[Change]:
    """The changes of events that ask for more, with what they claim. Raises QuotaExceeded.

    ``quota``: that of the server's project, where the decision has read it already.
    """
    after = _after(stream.state, events)
    path = quota or quotas.path(log, after.project, after.user)
    claims = _claimed(log, path, stream.state, after, For(server, operation))
    placed = _placed(log, server, stream.state, after, operation)
    return [*stream.record(*events), *claims, *placed]


def settled(
    log: Log,
    stream: Stream[Server],
    server: UUID,
    *events: ServerChange,
    operation: UUID | None = None,
) -> list[Change]:
    """The changes of events that tell what is, with what is held after them. Never refused."""
    after = _after(stream.state, events)
    quota = _settled(log, server, stream.state, after, operation)
    placed = _placed(log, server, stream.state, after, operation)
    left = _left(log, server, stream.state, after)
    return [*stream.record(*events), *quota, *placed, *left]


def _after(server: Server, events: Sequence[ServerChange]) -> Server:
    for event in events:
        server = server.after(event)
    return server


def _claimed(
    log: Log, path: QuotaPath, before: Server | None, after: Server, what: For
) -> list[Change]:
    growth = increase(before.claimed() if before else {}, after.claimed())
    if not growth:
        return []
    return quotas.recorded(log, claim(path, growth, what))


def _settled(
    log: Log, server: UUID, before: Server, after: Server, operation: UUID | None
) -> list[Change]:
    was, now = before.claimed(), after.claimed()
    if was == now:
        return []
    path = quotas.path(log, after.project, after.user)
    return quotas.recorded(log, settle(path, was, now, For(server=server, operation=operation)))


def _left(log: Log, server: UUID, before: Server, after: Server) -> list[Change]:
    """The changes by which a deleted server leaves its group."""
    gone = after.power == "gone" and before.power != "gone"
    return groups.left(log, server, before.spec.group) if gone else []


def _placed(
    log: Log, server: UUID, before: Server | None, after: Server, operation: UUID | None
) -> list[Change]:
    was, now = before.placed() if before else {}, after.placed()
    changes: list[Change] = []
    for name in {**was, **now}:
        held, holds = was.get(name, NONE), now.get(name, NONE)
        if held != holds:
            host = log.open(Host, name)
            events = host.state.settle(
                name, was=held, now=holds, server=server, operation=operation
            )
            changes += host.record(*events)
    return changes
