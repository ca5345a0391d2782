"""Usage is what each server took, for as long as it took it, between two moments."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

import psycopg
import pytest
from msgspec.structs import replace

from adapters.connections import pool
from adapters.eventlog.store import EventLog
from adapters.readside import tables
from adapters.readside.models import Models
from adapters.readside.rows import UnsavedRows
from domain.server import BuildRequested, Built, Deleted, FlavorTerms, ScaleRequested
from domain.shared.events import Event
from domain.shared.request_spec import FlavorCopy, RequestSpec
from projections import usage
from projections.usage import ProjectUsage, ServerUsage
from tests.adapters.eventlog.batches import batch
from tests.kit.examples import (
    ADOPTED,
    DEADLINE,
    ENVELOPE,
    GUEST,
    HOST,
    LARGE,
    NEXT_OPERATION,
    NOON,
    OPERATION,
    OTHER_SERVER,
    PROJECT,
    SERVER,
    SMALL,
    confirmed,
    requested,
)

SMALL_FLAVOR = FlavorCopy(id="s", name="small", vcpus=2, memory_mib=4096, disk_gib=10)
LARGE_FLAVOR = FlavorCopy(
    id="l", name="large", vcpus=4, memory_mib=8192, disk_gib=20, ephemeral_gib=5
)
BUILT = (
    BuildRequested(
        operation=NEXT_OPERATION,
        project=PROJECT,
        name="db-1",
        host=HOST,
        size=SMALL,
        ceiling=None,
        spec=RequestSpec(size=SMALL, flavor=SMALL_FLAVOR),
        template="<domain/>",
        deadline=DEADLINE,
    ),
    Built(operation=NEXT_OPERATION, size=SMALL, power="running", guest=GUEST, envelope=ENVELOPE),
)
RESIZED = ScaleRequested(
    operation=OPERATION,
    host=HOST,
    was=SMALL,
    to=LARGE,
    deadline=DEADLINE,
    resize=FlavorTerms(flavor=LARGE_FLAVOR, size=LARGE, ceiling=None),
)


class Told:
    """What has happened at which hour, and the tables that follow from it."""

    def __init__(self, database: str, log: EventLog) -> None:
        self._database, self._log = database, log
        self._versions: dict[UUID, int] = {}
        self._position = 0

    def happened(self, hour: float, server: UUID, *events: Event) -> None:
        for event in events:
            self._position += 1
            self._versions[server] = version = self._versions.get(server, 0) + 1
            one = batch(self._position, (f"server:{server}", version, event))
            facts = [replace(fact, at=_at(hour)) for fact in one.facts]
            self._log.append(replace(one, at=_at(hour), facts=facts))

    def select(self, sql: Any, since: float, until: float, **other: Any) -> list[dict[str, Any]]:
        values = {
            "since": _at(since),
            "until": _at(until),
            "project": None,
            "after": None,
            "after_project": None,
            "limit": 100,
        }
        with psycopg.connect(self._database, autocommit=True) as connection:
            self._save(connection)
            fields = (ServerUsage if sql is usage.SERVERS else ProjectUsage).__struct_fields__
            found = connection.execute(sql, values | other).fetchall()
        return [dict(zip(fields, row, strict=True)) for row in found]

    def _save(self, connection: psycopg.Connection) -> None:
        models, rows = Models(), UnsavedRows()
        models.apply(self._log.facts(0, 1000))
        rows.take(models)
        tables.save(connection, rows, models.position)


def _at(hour: float) -> datetime:
    return NOON + timedelta(hours=hour)


def of(rows: list[dict[str, Any]], *names: str) -> list[tuple[Any, ...]]:
    return [tuple(row[name] for name in names) for row in rows]


HOURS = ("hours", "vcpu_hours", "memory_mib_hours", "disk_gib_hours")


@pytest.fixture
def told(database: str) -> Any:
    with pool(database) as connections:
        log = EventLog(database, connections)
        assert log.acquire() == 0
        yield Told(database, log)
        log.release()


def test_a_server_counts_with_the_size_that_it_has_at_each_time(told: Told) -> None:
    told.happened(0, SERVER, ADOPTED)
    told.happened(2, SERVER, requested(LARGE))
    told.happened(3, SERVER, confirmed(LARGE))
    told.happened(7, SERVER, Deleted())
    (row,) = told.select(usage.SERVERS, 0, 10)
    assert of([row], *HOURS) == [(7.0, 3 * 2 + 4 * 4, 3 * 4096 + 4 * 8192, 0)]
    assert (row["vcpus"], row["memory_mib"], row["flavor"]) == (4, 8192, None)
    assert (row["created"], row["launched"], row["ended"]) == (_at(0), _at(0), _at(7))


@pytest.mark.parametrize(
    ("since", "until", "vcpu_hours"),
    [(-5, 0, None), (-5, 1, 2), (1, 2, 2), (2.5, 4, 1 + 4), (6, 9, 4), (7, 9, None), (8, 9, None)],
)
def test_usage_counts_only_between_the_two_times(
    told: Told, since: float, until: float, vcpu_hours: float | None
) -> None:
    told.happened(0, SERVER, ADOPTED, requested(LARGE))
    told.happened(3, SERVER, confirmed(LARGE))
    told.happened(7, SERVER, Deleted())
    found = of(told.select(usage.SERVERS, since, until), "vcpu_hours")
    assert found == ([] if vcpu_hours is None else [(vcpu_hours,)])


def test_a_built_server_counts_from_when_it_first_ran(told: Told) -> None:
    told.happened(0, SERVER, BUILT[0])
    told.happened(1, SERVER, BUILT[1])
    (row,) = told.select(usage.SERVERS, 0, 5)
    assert of([row], *HOURS) == [(4.0, 8, 4 * 4096, 40)]
    assert (row["name"], row["flavor"]["id"], row["disk_gib"]) == ("db-1", "s", 10)
    assert (row["created"], row["launched"], row["ended"]) == (_at(0), _at(1), None)


def test_a_flavor_counts_from_when_the_resize_to_it_was_done(told: Told) -> None:
    told.happened(0, SERVER, *BUILT)
    told.happened(1, SERVER, RESIZED)
    told.happened(2, SERVER, confirmed(LARGE))
    (row,) = told.select(usage.SERVERS, 0, 4)
    assert of([row], *HOURS) == [(4.0, 4 + 8, 2 * 4096 + 2 * 8192, 20 + 50)]
    assert (row["flavor"]["id"], row["disk_gib"]) == ("l", 25)
    (before,) = told.select(usage.SERVERS, 0, 1.5)
    assert before["flavor"]["id"] == "s"


def test_a_server_adopted_again_counts_for_both_of_its_lives(told: Told) -> None:
    told.happened(0, SERVER, *BUILT)
    told.happened(1, SERVER, Deleted())
    told.happened(3, SERVER, ADOPTED)
    (row,) = told.select(usage.SERVERS, 0, 5)
    assert of([row], *HOURS) == [(3.0, 6, 3 * 4096, 10)]
    assert row["flavor"] is None


def test_projects_are_the_sums_of_their_servers(told: Told) -> None:
    told.happened(0, SERVER, ADOPTED)
    told.happened(1, OTHER_SERVER, replace(ADOPTED, project="other"))
    told.happened(1, UUID(int=0xD), *BUILT)
    found = told.select(usage.PROJECTS, 0, 3)
    names = ("project", "servers", "hours", "vcpu_hours")
    assert of(found, *names) == [(PROJECT, 2, 5.0, 10.0), ("other", 1, 2.0, 4.0)]
    assert of(told.select(usage.PROJECTS, 0, 3, project="other"), "project") == [("other",)]
    assert of(told.select(usage.PROJECTS, 0, 3, after_project=PROJECT), "project") == [("other",)]
    assert of(told.select(usage.PROJECTS, 0, 3, limit=1), "project") == [(PROJECT,)]
    after = told.select(usage.SERVERS, 0, 3, after=SERVER)
    assert of(after, "id") == [(OTHER_SERVER,), (UUID(int=0xD),)]
