"""An autoscaler's recommendation: scaled live if the server's rules and the region's allow it."""

from __future__ import annotations

from datetime import datetime, timedelta
from uuid import UUID

from msgspec.structs import replace

from commands.command import Command, Decision, Log, Reply
from commands.scaling.scale_server import ScaleServer
from domain.scaling.recommendation import Recommendation, infeasible, recommend
from domain.server import Server
from domain.shared.errors import Refused
from domain.shared.size import Size


class Recommended(Reply, frozen=True, kw_only=True):
    """The answer. ``operation``: that of the scale, if it was accepted."""

    server: UUID
    recommendation: Recommendation
    operation: UUID | None = None


class Recommend(Command, frozen=True, kw_only=True):
    """Recommend a size for a server; it is scaled live or not at all. Times in UTC.

    Raises NotFound, NotAutoscaled.
    """

    server: UUID
    size: Size
    now: datetime
    operation: UUID
    deadline: datetime
    reason: str = ""

    def decide(self, log: Log) -> Decision:
        """Open the scale if it is accepted; otherwise record nothing and say why."""
        server = log.load(Server, str(self.server)).state
        answer = recommend(server, self.size, self.now)
        if answer.answer != "accepted":
            return Decision([], Recommended(server=self.server, recommendation=answer))
        cool_until = self.now + timedelta(seconds=_cool_down(server))
        scale = self._scale(answer.to, cool_until)
        found = scale.assessed(log)
        route = found.answer("live")
        if isinstance(route, Refused):
            answer = infeasible(server, answer, route, found.nearest())
            return Decision([], Recommended(server=self.server, recommendation=answer))
        changes, _ = scale.accepted(log, found.scale, route)
        return Decision(
            changes,
            Recommended(
                server=self.server,
                recommendation=replace(answer, until=cool_until),
                operation=self.operation,
            ),
        )

    def _scale(self, to: Size, cool_until: datetime) -> ScaleServer:
        return ScaleServer(
            server=self.server,
            to=to,
            operation=self.operation,
            deadline=self.deadline,
            reason=self.reason,
            cool_until=cool_until,
        )


def _cool_down(server: Server) -> int:
    return server.autoscaling.cool_down_seconds if server.autoscaling else 0
