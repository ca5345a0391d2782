"""Set or lift the rules by which recommendations for a server are followed."""

from __future__ import annotations

from uuid import UUID

from commands.command import Command, Decision, Log, Reply
from commands.ledger.catalogue import as_expected
from domain.scaling.recommendation import checked
from domain.server import Autoscaling, Server, lifecycle
from domain.shared.errors import PowerForbids


class AutoscalingRecorded(Reply, frozen=True, kw_only=True):
    """The rules now; ``version`` is the server's."""

    server: UUID
    autoscaling: Autoscaling | None
    version: int


class SetAutoscaling(Command, frozen=True, kw_only=True):
    """Set the rules; None: no recommendations are taken.

    ``expected``: the server's version that the caller decided on. Raises NotFound, PowerForbids,
    StaleVersion, AutoscalingInvalid.
    """

    server: UUID
    autoscaling: Autoscaling | None
    expected: int | None = None
    reason: str = ""

    def decide(self, log: Log) -> Decision:
        """Record the rules; nothing where they are so already."""
        stream = log.load(Server, str(self.server))
        as_expected(stream.version, self.expected)
        if stream.state.power == "gone":
            raise PowerForbids(power=stream.state.power)
        rules = checked(self.autoscaling) if self.autoscaling else None
        if rules == stream.state.autoscaling:
            return Decision([], self._reply(stream.version))
        event = lifecycle.autoscaled(stream.state, rules, self.reason)
        return Decision(stream.record(event), self._reply(stream.version + 1))

    def _reply(self, version: int) -> AutoscalingRecorded:
        return AutoscalingRecorded(
            server=self.server, autoscaling=self.autoscaling, version=version
        )
