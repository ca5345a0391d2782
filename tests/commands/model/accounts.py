"""What the books must say, worked out a second time from what was asked and what was told."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Literal, NamedTuple
from uuid import UUID

from domain.server import Consent, Mode, OperationKind, Power, StepKind
from tests.commands.model.limits import COUNTED, Limits, exceeds
from tests.commands.model.world import NO_ROOM, Guest, Room, largest

Policy = Literal["affinity", "anti-affinity"]
MISSING: Literal["missing"] = "missing"


@dataclass
class Machine:
    """A host's capacity, and what may be promised of it."""

    room: Room
    cpu_ratio: float = 1.0
    pool: str = "default"
    zone: str = "nova"
    enabled: bool = True

    @property
    def limit(self) -> Room:
        return Room(int(self.room.cpus * self.cpu_ratio), self.room.mib)


class Kind(NamedTuple):
    """What a flavor makes of a server: how far it may be scaled, and which flags say no."""

    flavor: str | None
    room: Room
    ceiling: Room | None
    fixed: frozenset[str]
    closed: frozenset[str]


@dataclass
class Job:
    """``step`` goes up each time that another thing is asked of a hypervisor. ``sent``: a relay may
    have asked it. ``again``: an attempt before may have done something."""

    id: UUID
    kind: OperationKind
    to: Room
    mode: Mode = "live"
    consent: Consent = "live"
    to_host: str | None = None
    tried: tuple[str, ...] = ()
    counted_before: bool = True
    step: int = 0
    sent: bool = False
    again: bool = False
    late: bool = False
    undecided: bool = False
    flying: bool = False
    resize: Kind | None = None
    reverts: bool = False

    @property
    def reading(self) -> bool:
        return self.late and not self.undecided

    @property
    def ask(self) -> StepKind:
        if self.kind != "scale":
            return self.kind
        if self.to_host:
            return "migrate"
        return "restart" if self.mode == "restart" else "reconfigure"

    def next_step(self, to_host: str | None) -> None:
        self.to_host = to_host
        self.step += 1
        self.sent = self.again = self.flying = False


@dataclass
class Account:
    """One server. ``reached``: the size that was asked for last, and reached. ``told``: somebody
    else's doing, as far as it was told. ``closed``: which flags say no; ``fixed``: dimensions.
    ``was``: before a resize that nobody has confirmed."""

    project: str
    host: str
    room: Room
    power: Power
    ceiling: Room | None
    reached: Room
    counted: bool = True
    closed: set[str] = field(default_factory=set)
    fixed: set[str] = field(default_factory=set)
    built: bool = False
    zone: str = ""
    pool: str = ""
    job: Job | None = None
    told: Guest | Literal["missing"] | None = None
    user: str = ""
    group: UUID | None = None
    flavor: str | None = None
    image: str | None = None
    was: Kind | None = None

    @property
    def kind(self) -> Kind:
        return Kind(self.flavor, self.room, self.ceiling, frozenset(self.fixed), self._flags)

    @property
    def _flags(self) -> frozenset[str]:
        return frozenset(self.closed & {self.flavor or ""})

    def become(self, kind: Kind) -> None:
        """Another flavor, with all that follows from it."""
        self.closed = (self.closed - self._flags) | kind.closed
        self.flavor, self.ceiling, self.fixed = kind.flavor, kind.ceiling, set(kind.fixed)

    @property
    def alive(self) -> bool:
        return self.power != "gone"

    @property
    def guest(self) -> Guest:
        """As it stands in the books."""
        return Guest(self.host, self.room, self.power)

    @property
    def elsewhere(self) -> Guest | None:
        """What was told of it, if it is somewhere."""
        return None if self.told == MISSING else self.told

    def claim(self) -> dict[str, int]:
        if not self.alive:
            return {"instances": 0, "cores": 0, "ram": 0}
        runs = self.elsewhere is not None and self.elsewhere.power != "stopped"
        cpus, mib = self._most() if self.counted or runs else NO_ROOM
        return {"instances": 1, "cores": cpus, "ram": mib}

    def places(self) -> dict[str, Room]:
        if not self.alive:
            return {}
        places = {self.host: self._most()}
        if self.job and self.job.to_host:
            places = {self.host: self._now(), self.job.to_host: self._most()}
        if self.elsewhere and self.elsewhere.host not in places:
            places[self.elsewhere.host] = self.elsewhere.room
        return places

    def _now(self) -> Room:
        return largest(self.room, self.elsewhere.room) if self.elsewhere else self.room

    def _most(self) -> Room:
        rooms = [self._now(), self.job.to if self.job else NO_ROOM]
        return largest(*rooms, self.was.room if self.was else NO_ROOM)


@dataclass
class Group:
    """Its members stand apart, or together."""

    project: str
    user: str
    policy: Policy

    def claim(self) -> dict[str, int]:
        return {"server_groups": 1}


@dataclass
class Accounts:
    """All servers, hosts and limits of a small region."""

    servers: dict[UUID, Account] = field(default_factory=dict)
    hosts: dict[str, Machine] = field(default_factory=dict)
    groups: dict[UUID, Group] = field(default_factory=dict)
    limits: Limits = field(default_factory=Limits)
    scaling: bool = True
    stopped_count: bool = True
    retries: int = 2

    def used(self, project: str, user: str | None = None) -> dict[str, int]:
        """By its servers and groups; ``user``: by those that are this user's."""
        holders: list[Account | Group] = [*self.servers.values(), *self.groups.values()]
        claims = [
            one.claim() for one in holders if one.project == project and user in {None, one.user}
        ]
        return {name: sum(claim.get(name, 0) for claim in claims) for name in COUNTED}

    def below(self, node: str) -> dict[str, int]:
        uses = [self.used(one) for one in self.limits.below(node)]
        return {name: sum(one[name] for one in uses) for name in COUNTED}

    def total(self, node: str) -> dict[str, int]:
        own, below = self.used(node), self.below(node)
        return {name: own[name] + below[name] for name in COUNTED}

    def held(self, host: str) -> Room:
        rooms = [one.places().get(host, NO_ROOM) for one in self.servers.values()]
        return Room(sum(room.cpus for room in rooms), sum(room.mib for room in rooms))

    def left(self, host: str) -> Room:
        """Below zero where more is held than may be promised."""
        limit, held = self.hosts[host].limit, self.held(host)
        return Room(limit.cpus - held.cpus, limit.mib - held.mib)

    def counts(self, power: Power) -> bool:
        return self.stopped_count or power != "stopped"

    def over(self, project: str, more: dict[str, int], user: str = "") -> bool:
        """Whether any resource that is named would be above any limit: that of the user, of the
        project, or of what it shares with others further up."""
        limits = self.limits
        return (
            exceeds(limits.own.get(project, {}), self.used(project), more)
            or exceeds(limits.users.get((project, user), {}), self.used(project, user), more)
            or any(
                exceeds(limits.shared.get(node, {}), self.total(node), more)
                for node in limits.path(project)
            )
        )

    def members(self, group: UUID | None, besides: Account | None) -> list[Account]:
        """Who is gone is none any more."""
        if group is None or group not in self.groups:
            return []
        return [
            one
            for one in self.servers.values()
            if one.group == group and one.alive and one is not besides
        ]

    def lets(self, group: UUID | None, host: str, besides: Account | None = None) -> bool:
        """Whether one more of the group may be there: apart from all others, or with every one of
        them for sure."""
        if group is None or group not in self.groups:
            return True
        places = {place for one in self.members(group, besides) for place in one.places()}
        apart = self.groups[group].policy == "anti-affinity"
        return host not in places if apart else places <= {host}

    def host_for(
        self,
        room: Room,
        *,
        pool: str,
        asked_pool: str,
        zone: str,
        without: tuple[str, ...] = (),
        group: UUID | None = None,
        besides: Account | None = None,
    ) -> str | None:
        """Where its group lets it; of those hosts the one with the most memory left after it, the
        first by name."""
        fitting = [
            (-self.left(name).mib, name)
            for name, host in self.hosts.items()
            if host.enabled
            and name not in without
            and self.lets(group, name, besides)
            and host.pool == pool
            and asked_pool in {"", host.pool}
            and zone in {"", host.zone}
            and self.left(name).cpus >= room.cpus
            and self.left(name).mib >= room.mib
        ]
        return min(fitting)[1] if fitting else None

    def other_host(self, one: Account, room: Room, without: tuple[str, ...] = ()) -> str | None:
        return self.host_for(
            largest(room, one.room),
            pool=self.hosts[one.host].pool,
            asked_pool=one.pool,
            zone=one.zone,
            without=(one.host, *without),
            group=one.group,
            besides=one,
        )
