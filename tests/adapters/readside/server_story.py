"""Random commands about servers and hosts, and reports of every kind about what was asked."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from random import Random
from uuid import UUID

from msgspec.structs import replace

from commands.command import Command
from commands.drift.adopt_drift import AdoptDrift
from commands.drift.observe_server import ObserveServer
from commands.drift.reapply import Reapply
from commands.operations.cancel_operation import CancelOperation
from commands.operations.end_operation import ReportAbsent, ReportFailed, ReportSeen
from commands.operations.give_up_operation import GiveUpOperation
from commands.operations.resolve_operation import ResolveOperation
from commands.scaling.flag_server import FlagServer
from commands.scaling.resize_server import ConfirmResize, ResizeServer, RevertResize
from commands.scaling.scale_server import ScaleServer
from commands.servers.adopt_server import AdoptServer
from commands.servers.build_server import BuildServer
from commands.servers.delete_server import DeleteServer
from commands.servers.power_server import PowerServer
from domain.server import Power, Seen, Step, StepKind, ending
from domain.shared.size import GuestView, Size
from projections.servers import ServerRow
from tests.kit.hypervisor import ENVELOPE

HOSTS = ("host-1", "host-2", "host-3")
PROJECTS = ("demo", "other", "third")
USERS = ("", "ann", "bob é")
SOON = datetime.now(UTC) + timedelta(hours=1)
_VCPUS, _MEMORY = (1, 2, 4, 8), (1024, 4096, 8192)
_POWERS: tuple[Power, ...] = ("running", "running", "running", "stopped", "paused")
_STEPS: tuple[StepKind, ...] = ("read-back", "read-back", "reconfigure", "migrate", "restart")
# The first one is there from the beginning, and stays.
FLAVORS = IMAGES = ("sure", "a", "c:d")

RowOf = Callable[[UUID], ServerRow | None]


# What begins an operation.
_ASKING = (
    ScaleServer,
    BuildServer,
    PowerServer,
    DeleteServer,
    Reapply,
    ResizeServer,
    RevertResize,
)


class Asked(Step, frozen=True, kw_only=True):
    """A step of an operation that is under way, or was."""

    to: Size


class ServerStory:
    """Most of it sensible; which commands are refused is part of the story."""

    def __init__(self, seed: int, row_of: RowOf) -> None:
        self._random = Random(seed)
        self._row_of = row_of
        self._ids = 0
        self.servers: list[UUID] = []
        self.asked: list[Asked] = []
        self.groups: list[UUID] = []

    def command(self) -> Command:
        if not self.servers:
            return self._adopt()
        if not self.asked:
            return self._scale()
        kinds = (self._flag, self._cancel, self._delete, self._power, self._drift, self._resize)
        begun = (self._adopt, self._build, self._build, self._scale, self._scale, self._scale)
        ends = (self._seen, self._seen, self._seen, self._seen, self._failed, self._unknown)
        return self._random.choice((*kinds, *begun, *ends, *ends))()

    def refused(self, command: Command) -> None:
        """What was asked for last is not under way."""
        if isinstance(command, _ASKING):
            self.asked.pop()

    def id(self) -> UUID:
        self._ids += 1
        return UUID(int=(self._random.getrandbits(64) << 64) + self._ids)

    def _size(self) -> Size:
        return Size(self._random.choice(_VCPUS), self._random.choice(_MEMORY))

    def server(self) -> UUID:
        """Mostly one of those of which something may be asked."""
        rows = [self._row_of(server) for server in self.servers]
        idle = [r.id for r in rows if r and r.state.power != "gone" and not r.state.operation]
        return self._random.choice(idle if idle and self._random.random() < 0.8 else self.servers)

    # What is asked

    def _operation(self, server: UUID, ask: StepKind, to: Size) -> UUID:
        self.asked.append(Asked(server=server, operation=self.id(), ask=ask, to=to))
        return self.asked[-1].operation

    def _adopt(self) -> Command:
        again = self._random.random() < 0.1 and self.servers  # one that may have been deleted
        server = self.server() if again else self.id()
        self.servers.append(server)
        return AdoptServer(
            server=server,
            project=self._random.choice(PROJECTS),
            name="vm",
            host=self._random.choice(HOSTS),
            size=self._size(),
            envelope=ENVELOPE,
            guest=GuestView(vcpus=1),
            ceiling=Size(64, 65536),
            power=self._random.choice(("running", "running", "stopped")),
            user=self._random.choice(USERS),
        )

    def _build(self) -> Command:
        self.servers.append(self.id())
        server = self.servers[-1]
        return BuildServer(
            server=server,
            project=self._random.choice(PROJECTS),
            name="built",
            flavor=self._random.choice(FLAVORS),
            image=self._random.choice(IMAGES),
            operation=self._operation(server, "build", Size(4, 512)),
            deadline=SOON,
            hints={"k": '"é"'},
            user=self._random.choice(USERS),
            group=self._random.choice((None, None, *self.groups[-3:])),
        )

    def _scale(self) -> Command:
        server, to = self.server(), self._size()
        return ScaleServer(
            server=server,
            to=to,
            operation=self._operation(server, self._random.choice(_STEPS), to),
            deadline=SOON,
            consent=self._random.choice(("live", "migrate", "migrate", "restart")),
            reason=self._random.choice(("", "more load")),
        )

    def _resize(self) -> Command:
        row = self._row_of(server := self.server())
        if row and row.state.resized_from and self._random.random() < 0.5:
            return ConfirmResize(server=server)
        if row and row.state.resized_from:
            operation = self._operation(server, "restart", row.state.resized_from.size)
            return RevertResize(server=server, operation=operation, deadline=SOON)
        return ResizeServer(
            server=server,
            flavor=FLAVORS[0],
            operation=self._operation(server, "restart", Size(4, 512)),
            deadline=SOON,
        )

    def _power(self) -> Command:
        server, start = self.server(), self._random.random() < 0.5
        return PowerServer(
            server=server,
            to="running" if start else "stopped",
            operation=self._operation(server, "start" if start else "stop", self._size()),
            deadline=SOON,
        )

    def _delete(self) -> Command:
        server = self.server()
        operation = self._operation(server, "delete", Size(1, 1024))
        return DeleteServer(server=server, operation=operation, deadline=SOON)

    def _flag(self) -> Command:
        return FlagServer(server=self.server(), scalable=self._random.random() < 0.9)

    def _cancel(self) -> Command:
        one = self.asked[-1]
        return CancelOperation(server=one.server, operation=one.operation)

    # What is told of it

    def _lately(self) -> Asked:
        """Mostly the step that is carried now, else an earlier one."""
        one = self._random.choice(self.asked[-6:])
        row = self._row_of(one.server)
        if self._random.random() < 0.2 or not row or not row.state.works_on(one.operation):
            return one
        step = ending.open_operation(row.state)
        return replace(one, ask=step.ask, to_host=step.to_host, to=step.to)

    def _seen_as(self, to: Size, host: str, power: Power) -> Seen:
        return Seen(
            host=self._random.choice((host, host, host, self._random.choice(HOSTS))),
            size=self._random.choice((to, to, self._size())),
            power=power,
            guest=GuestView() if power == "stopped" else GuestView(vcpus=to.vcpus),
            envelope=ENVELOPE,
        )

    def _seen(self) -> Command:
        one = self._lately()
        row = self._row_of(one.server)
        host = one.to_host or (row.state.host if row else HOSTS[0])
        wanted: Power = "stopped" if one.ask == "stop" else "running"
        seen = self._seen_as(one.to, host, self._random.choice((wanted, wanted, *_POWERS)))
        return ReportSeen(
            step=one.bare(),
            seen=seen,
            shortfall="in part",
        )

    def _failed(self) -> Command:
        one = self._lately()
        if self._random.random() < 0.3 or one.ask == "delete":
            return ReportAbsent(step=one.bare())
        return ReportFailed(
            step=one.bare(),
            reason="no room",
            no_capacity=self._random.random() < 0.7,
        )

    def _unknown(self) -> Command:
        one = self._lately()
        if self._random.random() < 0.5:
            return GiveUpOperation(server=one.server, operation=one.operation, reason="silence")
        return ResolveOperation(server=one.server, operation=one.operation, deadline=SOON)

    def _drift(self) -> Command:
        server = self.server()
        row = self._row_of(server)
        version = row.version if row else 0
        match self._random.randrange(5):
            case 0:
                return AdoptDrift(server=server, force=self._random.random() < 0.7)
            case 1:
                operation = self._operation(server, "read-back", self._size())
                return Reapply(server=server, operation=operation, deadline=SOON)
            case 2:
                return ObserveServer(server=server, version=version, seen=None)
            case _:
                host, has = (row.state.host, row.state.size) if row else (HOSTS[0], self._size())
                seen = self._seen_as(has, host, self._random.choice(_POWERS))
                return ObserveServer(server=server, version=version, seen=seen)
