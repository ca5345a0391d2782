"""A region and what is expected of it, side by side: every step is compared, fact by fact."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any, Literal, TypeVar
from uuid import UUID

from hypothesis.stateful import RuleBasedStateMachine, invariant

from commands.command import Command
from commands.engine.store import Answer
from commands.placement.enlist_host import EnlistHost
from commands.placement.read_host import ReadHost
from commands.placement.set_host_terms import SetHostTerms
from domain.hosts.host import Host, Terms
from domain.hosts.server_group import ServerGroup
from domain.quota import ProjectQuota, QuotaClaimed, SharedClaimed
from domain.server import Server, StepKind
from domain.shared.errors import Refused
from domain.shared.events import Fact
from domain.shared.resources import Amounts, plus
from domain.shared.size import Size
from tests.commands.model import expecting
from tests.commands.model.accounts import MISSING, Account, Accounts, Job, Machine
from tests.commands.model.catalogue import Catalogue, created
from tests.commands.model.desk import Desk
from tests.commands.model.ledger import Ledger
from tests.commands.model.limits import COUNTED
from tests.commands.model.world import Guest, Room, World

PROJECTS, USERS = ("blue", "red"), ("ann", "bob")
NODES = (*PROJECTS, "top", "root")
HOSTS = {
    "h1": Machine(Room(8, 16_384)),
    "h2": Machine(Room(8, 12_288)),
    "h3": Machine(Room(5, 20_480), cpu_ratio=1.5),
    "h4": Machine(Room(32, 65_536), pool="other"),
}
MOST_SERVERS = 6

T = TypeVar("T")


@dataclass
class Letter:
    """What a relay has to tell of one step: on its way, perhaps told already, perhaps more than
    once. ``facts``: of its server, when an observation was made; ``touches``: of it by others."""

    server: UUID
    says: Literal["seen", "failed", "no room", "absent", "observed"]
    truth: Guest | None
    command: Command
    job: UUID | None = None
    step: int = 0
    ask: StepKind | None = None
    facts: int = 0
    touches: int = 0


class Region(RuleBasedStateMachine):
    """What all rules share. ``world`` is what really is, ``books`` what must be in the books."""

    def begin(self) -> None:
        self.desk, self.ledger = Desk(), Ledger()
        self.world, self.books = World(), Accounts()
        self.letters: list[Letter] = []
        self.latest: list[Fact[Any]] = []
        self.over: dict[str, Room] = {}
        self._ids = 0
        self.catalogue = Catalogue()
        self.ask(*created())
        for name, host in HOSTS.items():
            self.books.hosts[name] = Machine(**vars(host))
            self.ask(EnlistHost(host=name, used=Size(0, 0)))
            self.ask(ReadHost(host=name, capacity=host.room.size, traits=(), hypervisor="KVM"))
            self.ask(SetHostTerms(host=name, terms=terms(host)))

    def new_id(self) -> UUID:
        self._ids += 1
        return UUID(int=self._ids)

    # Asking, and reading what was written

    def ask(self, *commands: Command) -> list[Answer | Refused]:
        before, known = len(self.desk.facts), self._known()
        outcomes = self.desk.ask(*commands)
        self.latest = self.desk.facts[before:]
        for fact in self.latest:
            self.ledger.read(fact)
            for server in known:
                self._covered(server)
        return outcomes

    def expect(self, due: type[Refused] | None, command: Command) -> bool:
        """Ask; it must be refused so, or accepted. Whether it was accepted."""
        (outcome,) = self.ask(command)
        assert type(outcome) is (due or Answer), f"{outcome!r}, where {due} was due"
        assert due is None or self.latest == []
        return due is None

    # Picking

    def alive(self) -> list[UUID]:
        return [server for server, one in self.books.servers.items() if one.alive]

    def idle(self) -> list[UUID]:
        """Where nothing stands against another change."""
        return [server for server in self.alive() if not expecting.busy(self.books.servers[server])]

    def working(self, wanted: Callable[[Job], bool] = lambda _: True) -> list[UUID]:
        jobs = ((server, one.job) for server, one in self.books.servers.items())
        return [server for server, job in jobs if job and wanted(job)]

    # What holds after every step

    @invariant()
    def nothing_less_is_claimed_than_is_real(self) -> None:
        self.world.touched = {server for server in self.world.touched if not self._real(server)}
        for server in self._known():
            self._covered(server)

    @invariant()
    def the_books_say_what_was_told(self) -> None:
        for server, one in self.books.servers.items():
            stream = self.desk.find(Server, str(server))
            assert stream is not None
            assert _account(stream.state) == _expected(one)
            assert one.job or server in self.world.touched or self._real(server)

    @invariant()
    def usage_is_what_the_servers_hold(self) -> None:
        for node in NODES:
            quota = self.desk.open(ProjectQuota, node)
            assert _all(quota.used) == self.books.used(node)
            assert _all(quota.below) == self.books.below(node)
            assert quota.parent == self.books.limits.parents.get(node)
            for user in USERS:
                assert _all(quota.user(user).used) == self.books.used(node, user)
        for name in self.books.hosts:
            host = self.desk.find(Host, name)
            assert host
            assert host.state.limit == self.books.hosts[name].limit.size
            assert host.state.used == self.books.held(name).size

    @invariant()
    def groups_have_who_is_there(self) -> None:
        for id_ in self.books.groups:
            group = self.desk.find(ServerGroup, str(id_))
            assert group
            there = [
                server
                for server, one in self.books.servers.items()
                if one.group == id_ and one.alive
            ]
            assert sorted(group.state.servers()) == sorted(there)

    def within_its_limits(self) -> None:
        """What was claimed just now leaves no limit behind that is in force: read off the facts."""
        limits = self.books.limits
        for fact in self.latest:
            match fact.event:
                case QuotaClaimed(project=of, user=user, amounts=more) as event:
                    under(limits.own.get(of, {}), event.used, more)
                    under(limits.users.get((of, user), {}), event.used_by_user, more)
                    under(limits.shared.get(of, {}), self.books.total(of), more)
                case SharedClaimed(project=of, amounts=more) as event:
                    total = plus(self.desk.open(ProjectQuota, of).used, event.below)
                    under(limits.shared.get(of, {}), total, more)
                case _:
                    pass

    def decided_within_its_room(self) -> None:
        """No decision may hold more of a host than may be promised of it, beyond what it was above
        that already by what others did."""
        for name in self.books.hosts:
            left, before = self.books.left(name), self.over.get(name, Room(0, 0))
            assert max(0, -left.cpus) <= before.cpus
            assert max(0, -left.mib) <= before.mib

    @invariant()
    def what_is_above_is_noted(self) -> None:
        for name in self.books.hosts:
            left = self.books.left(name)
            self.over[name] = Room(max(0, -left.cpus), max(0, -left.mib))

    def _known(self) -> list[UUID]:
        """Servers of which nobody else has changed anything that was not told yet."""
        return [
            server
            for server in self.world.guests
            if server not in self.world.touched and self._alive(server)
        ]

    def _alive(self, server: UUID) -> bool:
        return server in self.books.servers and self.books.servers[server].alive

    def _covered(self, server: UUID) -> None:
        guest, one = self.world.guests[server], self.books.servers[server]
        counts = guest.power != "stopped"
        assert self.ledger.covers(server, one.project, guest, counts=counts), (guest, one)

    def _real(self, server: UUID) -> bool:
        """Whether what is, is what the books were told last."""
        one, truth = self.books.servers[server], self.world.guests.get(server, MISSING)
        return truth == (one.told or one.guest) or not one.alive


def under(limits: Amounts, used: Amounts, more: Amounts) -> None:
    """Of what there was claimed more of."""
    for name in more:
        assert limits.get(name, -1) == -1 or used[name] <= limits[name]


def _all(amounts: Amounts) -> Amounts:
    return dict.fromkeys(COUNTED, 0) | amounts


def terms(host: Machine) -> Terms:
    return Terms(
        pool=host.pool,
        zone=host.zone,
        cpu_allocation_ratio=host.cpu_ratio,
        ram_allocation_ratio=1.0,
        reserved_host_memory_mb=0,
        enabled=host.enabled,
    )


def one_of(among: Iterable[T], pick: int) -> T:
    """The same pick is the same choice as long as there is as much to choose from."""
    choices = list(among)
    return choices[pick % len(choices)]


def _account(server: Server) -> dict[str, Any]:
    job, drift = server.operation, server.drift
    return {
        "place": (server.host, server.size, server.power, server.counted),
        "ceiling": server.ceiling,
        "flavor": server.spec.flavor and server.spec.flavor.id,
        "was": server.resized_from and server.resized_from.size,
        "requested": server.requested,
        "job": job and (job.id, job.kind, job.to, job.to_host, job.tried, job.undecided),
        "told": drift and (drift.seen and (drift.seen.host, drift.seen.size, drift.seen.power)),
        "drifted": drift is not None,
    }


def _expected(one: Account) -> dict[str, Any]:
    job, told = one.job, one.elsewhere
    return {
        "place": (one.host, one.room.size, one.power, one.counted),
        "ceiling": one.ceiling and one.ceiling.size,
        "flavor": one.flavor,
        "was": one.was and one.was.room.size,
        "requested": (job.to if job else one.reached).size,
        "job": job and (job.id, job.kind, job.to.size, job.to_host, job.tried, job.undecided),
        "told": told and (told.host, told.room.size, told.power),
        "drifted": told is not None or one.told == MISSING,
    }
