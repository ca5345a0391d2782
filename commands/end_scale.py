"""The ways in which an operation ends, and what each leaves claimed."""

from __future__ import annotations

from abc import abstractmethod
from uuid import UUID

from commands.command import Change, Command, Decision, Log, Reply, Stream
from domain.envelope import Envelope
from domain.quota import ProjectQuota
from domain.resources import held
from domain.server import ScaleOutcome, Server
from domain.size import GuestView, Size


class EndScale(Command, frozen=True, kw_only=True):
    """An operation that has ended already stays as it ended. Raises NotFound."""

    server: UUID
    operation: UUID

    @abstractmethod
    def outcome(self, server: Server) -> ScaleOutcome:
        """How the open operation ends."""

    def decide(self, log: Log) -> Decision:
        stream = log.load(Server, str(self.server))
        if not stream.state.works_on(self.operation):
            return Decision([], Reply())
        outcome = self.outcome(stream.state)
        settled = self._settle(log, stream, outcome.size)
        return Decision([*stream.record(outcome), *settled], Reply())

    def _settle(self, log: Log, stream: Stream[Server], real: Size) -> list[Change]:
        quota = log.open(ProjectQuota, stream.state.project)
        events = quota.state.settle(
            stream.state.project,
            claimed=stream.state.claimed(),
            real=held(real),
            server=self.server,
            operation=self.operation,
        )
        return quota.record(*events)


class ConfirmScale(EndScale, frozen=True, kw_only=True):
    """The server was read back: done as asked, partly, or not at all, by the size it has."""

    size: Size
    guest: GuestView
    envelope: Envelope
    shortfall: str = ""

    def outcome(self, server: Server) -> ScaleOutcome:
        return server.confirm(self.size, self.guest, self.envelope, self.shortfall)


class FailScale(EndScale, frozen=True, kw_only=True):
    """Nothing was changed: it was refused, or never sent."""

    reason: str

    def outcome(self, server: Server) -> ScaleOutcome:
        return server.fail(self.reason)
