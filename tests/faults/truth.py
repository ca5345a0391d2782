"""What must hold whatever was killed: looked up in the log itself."""

from __future__ import annotations

from typing import Any
from uuid import UUID

import msgspec
import psycopg
from psycopg_pool import ConnectionPool

from adapters.connections import pool as open_pool
from adapters.eventlog import chain
from adapters.eventlog.store import EventLog
from domain.hosts.host import NONE, Host
from domain.quota import ProjectQuota
from domain.server import ScaleRequested
from domain.shared.events import Fact
from domain.shared.resources import Amounts, plus
from domain.shared.size import Size
from projections.catalogue import Catalogue
from projections.limits import Limits
from projections.servers import Servers


class Truth:
    """The whole log of a region, folded from nothing."""

    def __init__(self, dsn: str) -> None:
        self._dsn = dsn
        with open_pool(dsn) as pool:
            log = EventLog(dsn, pool)
            self.position, _, self.broken = chain.verify(log.recorder.chained())
            self.facts = _all(log)
            self.usage_rows = _usage(pool)
        self.servers, self.limits, self.catalogue = Servers(), Limits(), Catalogue()
        for fact in self.facts:
            self.servers.apply(fact)
            if fact.stream.partition(":")[0] in Limits.categories:
                self.limits.apply(fact)
            self.catalogue.apply(fact)

    def scales(self) -> list[UUID]:
        """The operations asked for, in order, each as often as it stands in the log."""
        return [f.event.operation for f in self.facts if isinstance(f.event, ScaleRequested)]

    def check(self) -> None:
        assert self.broken is None
        assert [f.position for f in self.facts] == list(range(1, len(self.facts) + 1))
        asked = self.scales()
        assert len(set(asked)) == len(asked)
        assert self._claimed() == {p: self.limits.quota(p).used for p in self.limits.projects()}
        assert self.usage_rows == {p: self.limits.quota(p).used for p in self.usage_rows}
        assert set(self.usage_rows) == {p for p in self.limits.projects() if self._uses(p)}
        assert self._placed() == {row.id: row.state.used for row in self.catalogue.all(Host)}

    def _uses(self, project: str) -> bool:
        return self.limits.quota(project) != ProjectQuota(limits=self.limits.quota(project).limits)

    def _claimed(self) -> dict[str, Amounts]:
        """What the servers themselves hold, added up by project."""
        claimed: dict[str, Amounts] = {project: {} for project in self.limits.projects()}
        for row in self.servers.all():
            project = row.state.project
            claimed[project] = plus(claimed[project], row.state.claimed())
        return claimed

    def _placed(self) -> dict[str, Size]:
        """What the servers themselves hold on their hosts."""
        placed = {row.id: NONE for row in self.catalogue.all(Host)}
        for row in self.servers.all():
            for host, size in row.state.placed().items():
                placed[host] = placed[host].plus(size)
        return placed


def _all(log: EventLog) -> list[Fact[Any]]:
    facts: list[Fact[Any]] = []
    while more := log.facts(len(facts), 10_000):
        facts += more
    return facts


def _usage(pool: ConnectionPool[psycopg.Connection]) -> dict[str, Amounts]:
    with pool.connection() as connection:
        rows = connection.execute("SELECT project, used FROM quota_usage").fetchall()
    return {project: msgspec.convert(used, Amounts) for project, used in rows}
