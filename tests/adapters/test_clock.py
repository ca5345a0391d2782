"""PostgreSQL's clock is the region's; a machine whose clock differs does not write, and says so."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

import psycopg
import pytest

from adapters.clock import RegionClock
from tests.kit.hypervisor import LARGE
from tests.kit.region import NewRegion, Region, regions, until

YEAR = timedelta(days=400)
MINUTES = timedelta(minutes=10)


@pytest.fixture
def new_region(database: str) -> Iterator[NewRegion]:
    with regions(database) as new:
        yield new


class Machine:
    """The clock of a machine, as far ahead of the true time as it is told."""

    def __init__(self, ahead: timedelta = timedelta(0)) -> None:
        self.ahead = ahead

    def __call__(self) -> datetime:
        return datetime.now(UTC) + self.ahead


def dates(region: Region) -> list[datetime]:
    with psycopg.connect(region.dsn) as sql:
        return [at for (at,) in sql.execute("SELECT at FROM facts ORDER BY position")]


def readiness(region: Region) -> Any:
    return region.get("/readyz").json()


def is_now(at: datetime) -> bool:
    return abs(datetime.now(UTC) - at) < timedelta(minutes=5)


def test_it_goes_on_by_the_steady_clock_from_what_postgresql_said() -> None:
    began, steady = datetime(2026, 6, 1, tzinfo=UTC), [100.0]
    clock = RegionClock(30, local=lambda: began, elapsed=lambda: steady[0])
    clock.read(began + timedelta(seconds=20))
    steady[0] += 5
    assert clock.now() == began + timedelta(seconds=25)
    assert (clock.agrees, clock.seconds_ahead()) == (True, -20)


@pytest.mark.parametrize(
    ("seconds", "agrees"), [(30, True), (-30, True), (31, False), (-31, False)]
)
def test_it_agrees_up_to_its_bound(seconds: int, agrees: bool) -> None:
    began = datetime(2026, 6, 1, tzinfo=UTC)
    clock = RegionClock(30, local=lambda: began, elapsed=lambda: 0.0)
    clock.read(began + timedelta(seconds=seconds))
    assert clock.agrees is agrees


@pytest.mark.parametrize(("ahead", "how"), [(YEAR, "ahead of"), (-MINUTES, "behind")])
def test_who_begins_with_a_wrong_clock_does_not_lead_and_says_why(
    new_region: NewRegion, ahead: timedelta, how: str
) -> None:
    region = new_region(local=Machine(ahead)).start()
    until(lambda: readiness(region)["why"])
    said = readiness(region)
    assert (said["status"], said["role"]) == ("not ready", "following")
    assert (
        f"{abs(ahead).total_seconds():.0f} s {how} PostgreSQL's, and 30 s are allowed"
        in said["why"]
    )
    assert region.put("/v1/projects/demo/quota", {"limits": {"cores": 1}}).status_code == 503
    assert dates(region) == []


def test_another_process_leads_meanwhile(new_region: NewRegion) -> None:
    wrong = new_region(local=Machine(YEAR)).start()
    new_region(wrong.hosts).leading()
    until(lambda: readiness(wrong)["status"] == "ok")
    assert wrong.limits(cores=7).status_code == 200
    assert all(map(is_now, dates(wrong)))


def test_a_clock_that_jumps_dates_nothing_and_is_believed_again_when_it_is_right(
    new_region: NewRegion,
) -> None:
    machine = Machine()
    region = new_region(local=machine).leading()
    region.limits(cores=7)
    before = len(dates(region))
    machine.ahead = YEAR
    until(lambda: readiness(region)["status"] == "not ready")
    assert region.put("/v1/projects/demo/quota", {"limits": {"cores": 8}}).status_code == 503
    assert len(dates(region)) == before
    machine.ahead = timedelta(0)
    until(region.process.leads)
    region.limits(cores=9)
    assert all(map(is_now, dates(region)))


@pytest.mark.parametrize("ahead", [YEAR, -MINUTES])
def test_within_a_wide_bound_postgresqls_clock_dates_and_sets_deadlines(
    new_region: NewRegion, ahead: timedelta
) -> None:
    """A leader ten minutes behind failed every scale at once: its deadlines had passed."""
    wide = 2 * YEAR.total_seconds()
    region = new_region(local=Machine(ahead), clock_bound_seconds=wide).leading()
    server = region.adopted()
    with region.carried():
        assert region.ended(region.scaling(server, LARGE))["state"] == "succeeded"
    assert all(map(is_now, dates(region)))


def test_a_leader_behind_the_one_before_it_answers_as_of_now(new_region: NewRegion) -> None:
    wide = 2 * YEAR.total_seconds()
    first = new_region(clock_bound_seconds=wide).leading()
    first.limits(cores=7)
    first.stop()
    behind = new_region(local=Machine(-MINUTES), clock_bound_seconds=wide).leading()
    now = datetime.now(UTC).isoformat().replace("+00:00", "Z")
    answer = behind.get(f"/v1/projects/demo/limits?as_of={now}")
    assert answer.status_code == 200, answer.text
    assert answer.json()["resources"]["cores"]["limit"] == 7


def test_a_log_from_the_time_to_come_is_not_written_on(new_region: NewRegion) -> None:
    region = new_region().leading()
    region.limits(cores=7)
    region.stop()
    with psycopg.connect(region.dsn, autocommit=True) as sql:
        sql.execute("UPDATE facts SET at = at + interval '400 days'")
    later = new_region().start()
    until(lambda: readiness(later)["why"])
    assert "The last fact of the log is dated" in readiness(later)["why"]
    assert later.put("/v1/projects/demo/quota", {"limits": {"cores": 8}}).status_code == 503
