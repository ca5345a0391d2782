"""An autoscaler recommends a size: it is asked for if the server's rules and the region's allow it,
and answered in any case."""

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
    """``operation``: of the scale, if it was accepted."""

    server: UUID
    recommendation: Recommendation
    operation: UUID | None = None


class Recommend(Command, frozen=True, kw_only=True):
    """Only ever live, whatever others may consent to. Records nothing unless it is accepted.

    Raises NotFound, NotAutoscaled.
    """

    server: UUID
    size: Size
    now: datetime
    operation: UUID
    deadline: datetime
    reason: str = ""

    def decide(self, log: Log) -> Decision:
        server = log.load(Server, str(self.server)).state
        told = recommend(server, self.size, self.now)
        if told.answer != "accepted":
            return Decision([], Recommended(server=self.server, recommendation=told))
        cool_until = self.now + timedelta(seconds=_cool_down(server))
        scale = self._scale(told.to, cool_until)
        found = scale.assessed(log)
        route = found.answer("live")
        if isinstance(route, Refused):
            told = infeasible(server, told, route, found.nearest())
            return Decision([], Recommended(server=self.server, recommendation=told))
        changes, _ = scale.accepted(log, told.to, route)
        return Decision(
            changes,
            Recommended(
                server=self.server,
                recommendation=replace(told, until=cool_until),
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
