"""The reports of relays, and what they mean for an open operation."""

from __future__ import annotations

from abc import abstractmethod
from collections.abc import Sequence

from commands.command import Command, Decision, Log, Reply
from commands.ledger import books
from commands.ledger.region_policy import counts, policy
from commands.ledger.scales import hosts_of
from domain.scaling.route import elsewhere
from domain.server import ScaleRetried, Seen, Server, ServerChange, Step, ending
from domain.shared.errors import NotFound


class EndOperation(Command, frozen=True, kw_only=True):
    """A report about the ``step`` that a relay carried. Reports about finished steps are ignored.

    ``hosts``: those of the relay, None: all; a server elsewhere is not there for it.

    Raises NotFound.
    """

    step: Step
    hosts: frozenset[str] | None = None

    @abstractmethod
    def outcome(self, log: Log, server: Server) -> Sequence[ServerChange]:
        """The events that the report means for the open operation."""

    def decide(self, log: Log) -> Decision:
        """Record the outcome, and what project and hosts hold after it."""
        stream = log.load(Server, str(self.step.server))
        self._must_be_here(stream.state)
        if not self._is_about(stream.state):
            return Decision([], Reply())
        events = self.outcome(log, stream.state)
        changes = books.settled(
            log, stream, self.step.server, *events, operation=self.step.operation
        )
        return Decision(changes, Reply())

    def _must_be_here(self, server: Server) -> None:
        """Raises NotFound."""
        if self.hosts is not None and server.host not in self.hosts:
            raise NotFound(what="server", id=str(self.step.server))

    def _is_about(self, server: Server) -> bool:
        if not server.works_on(self.step.operation):
            return False
        now = ending.open_operation(server)
        if self.step.ask == "read-back":
            return now.late
        here = self.step.host in {None, server.host}
        return here and self.step.ask == now.ask and self.step.to_host == now.to_host


class ReportSeen(EndOperation, frozen=True, kw_only=True):
    """The server was read back: done as asked, partly, or not at all. ``shortfall``: why not."""

    seen: Seen
    shortfall: str = ""

    def _must_be_there(self, server: Server) -> None:
        """Where it was, where it was sent, or on another of the relay's hosts. Raises NotFound."""
        sent = ending.open_operation(server).to_host
        if self.hosts is not None and self.seen.host not in self.hosts | {server.host, sent}:
            raise NotFound(what="host", id=self.seen.host)

    def outcome(self, log: Log, server: Server) -> Sequence[ServerChange]:
        """The end that follows from what the server has now. Raises NotFound."""
        self._must_be_there(server)
        return ending.read_back(
            server, self.step.ask, self.seen, self.shortfall, counted=counts(log, self.seen.power)
        )


class ReportAbsent(EndOperation, frozen=True, kw_only=True):
    """The server's host does not know it."""

    reason: str = ""

    def outcome(self, log: Log, server: Server) -> Sequence[ServerChange]:
        """Deleted if that was asked, else failed."""
        return [ending.absent(server, self.reason, counted=counts(log, server.power))]


class ReportFailed(EndOperation, frozen=True, kw_only=True):
    """Nothing was changed.

    ``no_capacity``: for lack of room, so that another host may do. ``refused``: the hypervisor said
    no; otherwise it could not even be asked.
    """

    reason: str
    no_capacity: bool = False
    refused: bool = False

    def outcome(self, log: Log, server: Server) -> Sequence[ServerChange]:
        """Another attempt by way of another host, if there is one and it is allowed; else
        failed."""
        again = self._again(log, server) if self.no_capacity else None
        return [again or self._failed(server, counted=counts(log, server.power))]

    def _failed(self, server: Server, *, counted: bool) -> ServerChange:
        # Room comes and goes without the server's doing: that was no word on its size.
        said_no = self.refused and not self.no_capacity
        return ending.failed(server, self.reason, counted=counted, refused=said_no)

    def _again(self, log: Log, server: Server) -> ScaleRetried | None:
        """The next attempt, within the consent given and the region's number of retries."""
        operation = ending.open_operation(server)
        tried = (*operation.tried, operation.to_host or server.host)
        allowed = policy(log).scale_retries
        if operation.consent != "migrate" or len(tried) > allowed or operation.late:
            return None
        if operation.mode == "stopped":  # only what runs can be migrated live
            return None
        to_host = elsewhere(server, operation.to, hosts_of(log, self.step.server), without=tried)
        if to_host is None:
            return None
        return ScaleRetried(
            operation=operation.id,
            host=server.host,
            to_host=to_host,
            to=operation.to,
            deadline=operation.deadline,
            tried=tried,
            reason=self.reason,
        )
