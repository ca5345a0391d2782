"""The clock of whoever leads runs what is due, without anybody asking."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from tests.adapters.http.native.later import opens_in, schedule
from tests.adapters.schedules.test_running import show, window
from tests.kit.region import NewRegion, Region, until


def soon() -> str:
    return (datetime.now(UTC) + timedelta(seconds=1)).isoformat()


def test_a_schedule_runs_by_itself_at_its_time(region: Region) -> None:
    id_ = schedule(region, region.adopted(), at=soon())
    with region.carried():
        until(lambda: show(region, id_)["state"] == "ran")
        assert region.ended(show(region, id_)["operation"])["state"] == "succeeded"


def test_whoever_leads_then_runs_it_once(new_region: NewRegion) -> None:
    first = new_region().leading()
    id_ = schedule(first, first.adopted(), at=soon())
    second = new_region(first.hosts).start()
    first.stop()
    until(second.process.leads)
    until(lambda: show(second, id_)["state"] == "ran")
    assert len(second.get("/v1/operations").json()["items"]) == 1


def test_a_window_that_moves_takes_with_it_what_waits(region: Region) -> None:
    window(region)
    id_ = schedule(region, region.adopted(), at=None, window="night")
    sooner = opens_in(6)
    window(region, **sooner)
    until(lambda: show(region, id_)["version"] == 2)
    assert datetime.fromisoformat(show(region, id_)["due"]).strftime("%H:%M") == sooner["starts"]
