"""A scale, and the hosts it concerns, as a decision sees them: in the log."""

from __future__ import annotations

from uuid import UUID

from commands.command import A, Log, Stream
from commands.ledger import quotas
from commands.ledger.region_policy import policy
from domain.hosts.view import HostsView
from domain.scaling.assess import Resize, Scale
from domain.server import Server
from domain.shared.size import Size


def hosts_of(log: Log, server: UUID) -> HostsView:
    """The hosts as they concern one server."""

    def look(kind: type[A], id: str) -> A | None:
        stream = log.find(kind, id)
        return stream.state if stream else None

    return HostsView(look, server)


def scale_of(
    log: Log, stream: Stream[Server], server: UUID, to: Size, resize: Resize | None = None
) -> Scale:
    """All that bears on bringing the server to ``to``."""
    return Scale(
        server=stream.state,
        to=to,
        quota=quotas.path(log, stream.state.project, stream.state.user),
        hosts=hosts_of(log, server),
        rules=policy(log),
        version=stream.version,
        resize=resize,
    )
