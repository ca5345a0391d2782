"""Let an existing server join a server group, or leave it."""

from __future__ import annotations

from uuid import UUID

from commands.command import Change, Command, Decision, Log, Stream
from commands.ledger import groups
from commands.ledger.catalogue import find, present
from commands.ledger.scales import hosts_of
from commands.ledger.server_groups import recorded
from domain.hosts.server_group import InAnotherGroup, PolicyViolated, ServerGroup
from domain.server import GroupChanged, Server
from domain.shared.errors import NotFound


class JoinServerGroup(Command, frozen=True, kw_only=True):
    """Add a server to a group, if it runs where the group's policy allows, within the quota of
    members.

    A server that is a member already stays one. Raises NotFound (group, server), InAnotherGroup,
    PolicyViolated, QuotaExceeded.
    """

    group: UUID
    server: UUID
    reason: str = ""

    def decide(self, log: Log) -> Decision:
        """Record it in the group and in the server."""
        stream = present(log, ServerGroup, str(self.group))
        server = _server(log, self.server, stream.state.project)
        if self.server in stream.state.servers():
            return Decision([], recorded(self.group, stream.state, stream.version))
        self._must_be_free(log, server.state)
        self._must_suit(log, server.state)
        changes = [*groups.joined(log, self.group, self.server, server.state.user, self.reason)]
        moved = GroupChanged(was=server.state.spec.group, group=self.group, reason=self.reason)
        return _decided(self.group, stream, changes, server.record(moved))

    def _must_be_free(self, log: Log, server: Server) -> None:
        if (other := server.spec.group) and find(log, ServerGroup, str(other)):
            raise InAnotherGroup(group=other)

    def _must_suit(self, log: Log, server: Server) -> None:
        others = hosts_of(log, self.server).neighbours(self.group)
        if others and not all(others.allow(host) for host in server.placed()):
            raise PolicyViolated(policy=others.policy)


class LeaveServerGroup(Command, frozen=True, kw_only=True):
    """Remove a server from a group. Raises NotFound (the group; the server, if it is no member)."""

    group: UUID
    server: UUID
    reason: str = ""

    def decide(self, log: Log) -> Decision:
        """Record it in the group and in the server."""
        stream = present(log, ServerGroup, str(self.group))
        if self.server not in stream.state.servers():
            raise NotFound(what="member", id=str(self.server))
        server = _server(log, self.server, stream.state.project)
        changes = groups.left(log, self.server, self.group, self.reason)
        moved = GroupChanged(was=self.group, group=None, reason=self.reason)
        return _decided(self.group, stream, changes, server.record(moved))


def _server(log: Log, server: UUID, project: str) -> Stream[Server]:
    """A server that exists and is of the group's own project. Raises NotFound."""
    stream = log.load(Server, str(server))
    if stream.state.power == "gone" or stream.state.project != project:
        raise NotFound(what="server", id=str(server))
    return stream


def _decided(
    group: UUID, stream: Stream[ServerGroup], changes: list[Change], moved: list[Change]
) -> Decision:
    state = stream.state
    for change in changes:
        state = state.after(change.event)  # type: ignore[arg-type] # they are the group's own
    return Decision([*changes, *moved], recorded(group, state, stream.version + len(changes)))
