"""Walks the log's chain, and recomputes from nothing what is said to follow from the log."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, LiteralString

import msgspec
import psycopg

from adapters.connections import UNLIMITED, connect
from adapters.eventlog import chain
from adapters.eventlog.mapper import FactMapper, StoredFact
from adapters.eventlog.noted import NotedCheck, NotedHead
from adapters.eventlog.rows import chained
from domain.hosts.host import NONE, Host
from domain.hosts.server_group import ServerGroup
from domain.quota import ProjectQuota
from domain.quota.quota_class import QuotaClass
from domain.schedules.schedule import Schedule
from domain.server import Server
from domain.shared.resources import NOTHING, Amounts, plus
from domain.shared.size import Size
from projections import catalogue, quota_tables

_SEEN: LiteralString = """
SELECT greatest(
    (SELECT coalesce(max(position), 0) FROM projections),
    (SELECT coalesce(max(position), 0) FROM history),
    (SELECT coalesce(max(position), 0) FROM idempotency_keys)
)
"""


class Break(msgspec.Struct, frozen=True, kw_only=True):
    """The first position at which the log is not what was written."""

    position: int
    why: str


class Difference(msgspec.Struct, frozen=True, kw_only=True):
    """``log`` is what follows from the log, ``found`` what is there instead; of a project, or of a
    host."""

    name: str
    what: str
    log: Amounts | None
    found: Amounts | None


class Report(msgspec.Struct, frozen=True, kw_only=True):
    """``position``: of the last fact that holds. Behind a break nothing is recomputed."""

    sound: bool
    position: int
    last_hash: str
    broken: Break | None
    projects: int
    servers: int
    differences: list[Difference]


def audit(dsn: str, noted: NotedHead | None = None) -> Report:
    """All as of one moment, so that writers may go on. ``noted``: an end of the log that it must
    have had. Raises psycopg.Error."""
    recount, check = Recount(), NotedCheck(noted)
    with connect(dsn, patience=UNLIMITED) as connection, connection.transaction():
        connection.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY")
        facts = check.watched(chained(connection))
        position, digest, broken = chain.verify(recount.entered(facts))
        broken = broken or check.broken or _cut_off(connection, position)
        differences = [] if broken else list(_compare(recount, connection))
    return Report(
        sound=not (broken or differences),
        position=position,
        last_hash=digest.hex(),
        broken=Break(position=broken.position, why=broken.why) if broken else None,
        projects=len(recount.quotas),
        servers=len(recount.servers),
        differences=differences,
    )


def _cut_off(connection: psycopg.Connection, position: int) -> chain.Broken | None:
    """Nothing is chained to the last fact; but others have seen it, and were told its position."""
    row = connection.execute(_SEEN).fetchone()
    if row is None or row[0] <= position:
        return None
    return chain.Broken(position + 1, f"the log ends here, and was once seen up to {row[0]}")


class Recount:
    """The fold of all facts, made by the domain alone."""

    def __init__(self) -> None:
        self._states: dict[str, dict[str, Any]] = {category: {} for category in _KINDS}
        self._mapper = FactMapper()

    def entered(
        self, facts: Iterator[tuple[StoredFact, bytes]]
    ) -> Iterator[tuple[StoredFact, bytes]]:
        """Each fact is entered when the next is asked for: by then it was found to hold."""
        for stored, digest in facts:
            yield stored, digest
            self._enter(str(stored.originator_id), self._mapper.event(stored.topic, stored.state))

    def claimed(self) -> dict[str, Amounts]:
        """What the servers of each project hold."""
        sums: dict[str, Amounts] = {}
        for one in self._claiming():
            sums[one.project] = plus(sums.get(one.project, NOTHING), one.claimed())
        return sums

    def claimed_by_user(self) -> dict[str, Amounts]:
        """The same, of each user in each project that is known."""
        sums: dict[str, Amounts] = {}
        for one in self._claiming():
            if one.user:
                name = f"{one.project}/{one.user}"
                sums[name] = plus(sums.get(name, {}), one.claimed())
        return sums

    def _claiming(self) -> Iterator[Server | ServerGroup | Schedule]:
        yield from self.servers.values()
        yield from self.groups.values()
        yield from self._states[Schedule.category].values()

    def below(self) -> dict[str, Amounts]:
        """What all below each project use."""
        sums: dict[str, Amounts] = {}
        for quota in self.quotas.values():
            above = quota.parent
            while above is not None:
                sums[above] = plus(sums.get(above, {}), quota.used)
                above = self.quotas[above].parent if above in self.quotas else None
        return sums

    def placed(self) -> dict[str, Amounts]:
        """What the servers on each host hold."""
        sums: dict[str, Size] = {}
        for server in self.servers.values():
            for host, size in server.placed().items():
                sums[host] = sums.get(host, NONE).plus(size)
        return {host: msgspec.structs.asdict(size) for host, size in sums.items()}

    @property
    def quotas(self) -> dict[str, ProjectQuota]:
        return self._states[ProjectQuota.category]

    @property
    def classes(self) -> dict[str, QuotaClass]:
        return self._states[QuotaClass.category]

    @property
    def servers(self) -> dict[str, Server]:
        return self._states[Server.category]

    @property
    def groups(self) -> dict[str, ServerGroup]:
        return self._states[ServerGroup.category]

    @property
    def hosts(self) -> dict[str, Host]:
        return self._states[Host.category]

    def _enter(self, stream: str, event: Any) -> None:
        category, _, name = stream.partition(":")
        states = self._states[category]
        before = states.get(name)
        states[name] = before.after(event) if before else _KINDS[category].begin(event)


_THERE: Amounts = {"stands": 1}

_KINDS: dict[str, Any] = {
    Server.category: Server,
    ProjectQuota.category: ProjectQuota,
    QuotaClass.category: QuotaClass,
    **catalogue.KINDS,
}


def _compare(recount: Recount, connection: psycopg.Connection) -> Iterator[Difference]:
    used = {name: quota.used for name, quota in recount.quotas.items()}
    own = {name: quota.limits for name, quota in recount.quotas.items()}
    classes = {name: one.limits for name, one in recount.classes.items()}
    tables = (
        ("usage table", used, quota_tables.LOAD_USAGE),
        ("limits table", own, quota_tables.LOAD_LIMITS),
        ("quota class table", classes, quota_tables.LOAD_CLASSES),
    )
    for what, log, sql in tables:
        found = {name: amounts for name, _, amounts in connection.execute(sql)}
        yield from _differences(what, log, found)
    yield from _differences("sum of what it has", used, recount.claimed())
    yield from _differences("sum of the user's", _used_by_user(recount), recount.claimed_by_user())
    below = {name: quota.below for name, quota in recount.quotas.items()}
    yield from _differences("sum of all below it", below, recount.below())
    yield from _parts(recount, connection)
    held = {name: msgspec.structs.asdict(host.used) for name, host in recount.hosts.items()}
    yield from _differences("sum of the servers on it", held, recount.placed())


def _used_by_user(recount: Recount) -> dict[str, Amounts]:
    return {
        f"{project}/{user}": one.used
        for project, quota in recount.quotas.items()
        for user, one in quota.users.items()
    }


def _parts(recount: Recount, connection: psycopg.Connection) -> Iterator[Difference]:
    """The tables of what is about users, or shared, and of which project stands below which."""
    used, limits = dict[str, Amounts](), dict[str, Amounts]()
    for project, quota in recount.quotas.items():
        used[f"{quota_tables.BELOW} {project}"] = quota.below
        limits[f"{quota_tables.SHARED_LIMITS} {project}"] = quota.shared
        for user, one in quota.users.items():
            used[f"{quota_tables.USER_USED} {project}/{user}"] = one.used
            limits[f"{quota_tables.USER_LIMITS} {project}/{user}"] = one.limits
    found = {
        f"{part} {project}{'/' if name else ''}{name}": amounts
        for project, part, name, _, amounts in connection.execute(quota_tables.LOAD_PARTS)
    }
    set_ = (quota_tables.SHARED_LIMITS, quota_tables.USER_LIMITS)
    of_limits = {name: amounts for name, amounts in found.items() if name.startswith(set_)}
    of_usage = {name: found[name] for name in found.keys() - of_limits.keys()}
    yield from _differences("table of parts", used, of_usage)
    yield from _differences("table of limits", limits, of_limits)
    parents = {
        f"{name} below {one.parent}": _THERE for name, one in recount.quotas.items() if one.parent
    }
    in_table = {
        f"{name} below {parent}": _THERE
        for name, _, parent in connection.execute(quota_tables.LOAD_PARENTS)
        if parent
    }
    yield from _differences("table of parents", parents, in_table)


def _differences(
    what: str, log: dict[str, Amounts], found: dict[str, Amounts]
) -> Iterator[Difference]:
    """What has no row has nothing in it."""
    for name in sorted(log.keys() | found.keys()):
        one, other = log.get(name), found.get(name)
        if _meant(what, one) != _meant(what, other):
            yield Difference(name=name, what=what, log=one, found=other)


def _meant(what: str, amounts: Amounts | None) -> Amounts:
    """Of a limit 0 is another thing than none at all; of usage it is the same."""
    keep = what in ("limits table", "quota class table", "table of limits")
    return {name: amount for name, amount in (amounts or {}).items() if keep or amount}
