"""The leader's clock asks for what is due, once, whoever leads, and in spite of a broken one."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID, uuid4

import pytest

from adapters.schedules import Schedules
from commands.command import Command, Decision, Log, Reply, first
from commands.engine.request import NotLeader
from domain.schedules.schedule import Schedule
from domain.shared.size import Size
from tests.adapters.http.native.later import TOMORROW, opens_in, schedule
from tests.commands.kit.later import made
from tests.kit.hypervisor import LARGE, SMALL
from tests.kit.region import NewRegion, Region, size, until

ALWAYS: dict[str, Any] = {"starts": "00:00", "minutes": 1440}


class Stray(Command, frozen=True, kw_only=True):
    """It records a schedule whose id is none, so that asking for it goes wrong."""

    def decide(self, log: Log) -> Decision:
        return Decision(first(Schedule, "stray", made()), Reply())


def clock(region: Region, now: datetime) -> Schedules:
    process = region.process
    return Schedules(process.sequencer, process.readside, now=lambda: now, operation_seconds=300)


def show(region: Region, id_: str) -> dict[str, Any]:
    shown: dict[str, Any] = region.get(f"/v1/schedules/{id_}").json()
    return shown


def window(region: Region, **fields: Any) -> None:
    """Set the window "night", which opens in twelve hours."""
    answered = region.put("/v1/windows/night", opens_in(12) | fields)
    assert answered.status_code == 200, answered.text


def history(region: Region, server: UUID) -> list[dict[str, Any]]:
    items: list[dict[str, Any]] = region.get(f"/v1/history?server={server}").json()["items"]
    return items


def test_a_due_schedule_is_run(region: Region) -> None:
    server = region.adopted()
    id_ = schedule(region, server)
    clock(region, TOMORROW - timedelta(seconds=1)).run_due()
    assert show(region, id_)["state"] == "waiting"
    with region.carried():
        clock(region, TOMORROW).run_due()
        shown = show(region, id_)
        assert (shown["state"], shown["problem"]) == ("ran", None)
        ended = region.ended(shown["operation"])
    assert (ended["state"], ended["size"]) == ("succeeded", size(LARGE))


def test_the_history_tells_in_whose_name(region: Region) -> None:
    server = region.adopted()
    wish = {**size(LARGE), "at": TOMORROW.isoformat()}
    region.post(f"/v1/servers/{server}/schedules", wish, as_="member")
    clock(region, TOMORROW).run_due()
    entries = history(region, server)
    asked = next(entry for entry in entries if entry["kind"] == "server.scale-requested")
    (ran,) = [entry for entry in entries if entry["kind"] == "schedule.ran"]
    assert (asked["by"], ran["by"], ran["body"]["asked_by"]) == ("timer", "timer", "member")
    assert asked["because"] == ran["because"]
    assert ran["body"]["operation"] == asked["body"]["operation"]


def test_why_not_is_told(region: Region) -> None:
    server = region.adopted()
    id_ = schedule(region, server)
    region.limits(cores=3)
    clock(region, TOMORROW).run_due()
    shown = show(region, id_)
    assert (shown["state"], shown["operation"]) == ("refused", None)
    assert shown["problem"] == region.scale(server, LARGE).json()


def test_the_first_due_is_asked_for_first(region: Region) -> None:
    one, other = region.adopted(), region.adopted()
    later = (TOMORROW + timedelta(seconds=1)).isoformat()
    second, first_ = schedule(region, one, at=later), schedule(region, other)
    region.limits(cores=6)
    clock(region, TOMORROW + timedelta(seconds=2)).run_due()
    assert [show(region, id_)["state"] for id_ in (first_, second)] == ["ran", "refused"]


def test_a_schedule_is_not_run_while_its_server_is_busy(region: Region) -> None:
    server = region.adopted()
    id_ = schedule(region, server)
    operation = region.scaling(server, Size(3, 4096))
    head = region.head
    clock(region, TOMORROW).run_due()
    assert region.head == head
    with region.carried():
        region.ended(operation)
    clock(region, TOMORROW).run_due()
    assert show(region, id_)["state"] == "ran"


def test_busy_until_it_is_too_late_it_is_refused(region: Region) -> None:
    server = region.adopted()
    id_ = schedule(region, server)
    region.scaling(server, Size(3, 4096))
    clock(region, TOMORROW + timedelta(minutes=15)).run_due()
    assert show(region, id_)["problem"]["type"] == "urn:ullage:problem:scale-in-progress"


def test_a_deleted_servers_is_refused(region: Region) -> None:
    server = region.adopted()
    id_ = schedule(region, server)
    with region.carried():
        asked = region.ask("DELETE", f"/v1/servers/{server}")
        assert region.ended(asked.json()["operation"])["state"] == "succeeded"
    clock(region, TOMORROW).run_due()
    assert show(region, id_)["problem"]["type"] == "urn:ullage:problem:power-forbids"


def test_a_broken_schedule_does_not_hold_up_others(region: Region) -> None:
    region.process.sequencer.call(Stray(), by="bug", because=uuid4())
    id_ = schedule(region, region.adopted())
    clock(region, max(TOMORROW, made().to.when.due)).run_due()
    assert show(region, id_)["state"] == "ran"


def test_another_leader_goes_on_and_does_nothing_twice(new_region: NewRegion) -> None:
    leader = new_region().leading()
    ran, waits = (schedule(leader, leader.adopted()) for _ in range(2))
    leader.ask("PATCH", f"/v1/schedules/{waits}", {"at": _after(TOMORROW, hours=1)})
    clock(leader, TOMORROW).run_due()
    before = show(leader, ran)
    leader.stop()
    next_ = new_region(leader.hosts).leading()
    assert show(next_, ran) == before
    assert show(next_, waits)["state"] == "waiting"
    for _ in range(2):
        clock(next_, TOMORROW + timedelta(hours=1)).run_due()
    assert show(next_, ran) == before
    assert show(next_, waits)["state"] == "ran"
    operations = next_.get("/v1/operations").json()["items"]
    assert len(operations) == 2


def test_a_follower_runs_no_schedule(new_region: NewRegion) -> None:
    leader = new_region().leading()
    id_ = schedule(leader, leader.adopted())
    follower = new_region(leader.hosts).start()
    until(lambda: show(follower, id_).get("state") == "waiting")
    with pytest.raises(NotLeader):
        clock(follower, TOMORROW).run_due()


def test_a_schedule_is_run_in_its_window(region: Region) -> None:
    window(region, **ALWAYS)
    id_ = schedule(region, region.adopted(), at=None, window="night")
    clock(region, datetime.now(UTC) + timedelta(seconds=1)).run_due()
    assert show(region, id_)["state"] == "ran"


def test_a_window_that_is_changed_moves_what_waits_for_it(region: Region) -> None:
    window(region)
    id_ = schedule(region, region.adopted(), at=None, window="night")
    before = show(region, id_)
    sooner = opens_in(6)
    window(region, **sooner)
    clock(region, datetime.now(UTC)).run_due()
    after = show(region, id_)
    assert (before["version"], after["version"]) == (1, 2)
    opens = datetime.fromisoformat(after["until"]) - timedelta(minutes=sooner["minutes"])
    assert opens.strftime("%H:%M") == sooner["starts"]
    clock(region, datetime.now(UTC)).run_due()
    assert show(region, id_)["version"] == 2


def test_a_window_that_is_deleted_is_waited_for_no_longer(region: Region) -> None:
    window(region)
    id_ = schedule(region, region.adopted(SMALL), at=None, window="night")
    region.ask("DELETE", "/v1/windows/night")
    clock(region, datetime.now(UTC)).run_due()
    shown = show(region, id_)
    assert (shown["state"], shown["problem"]["what"]) == ("refused", "window")


def _after(time: datetime, **more: float) -> str:
    return (time + timedelta(**more)).isoformat()


def test_waiting_schedules_are_found_after_a_rebuild(region: Region) -> None:
    ran, waits = (schedule(region, region.adopted()) for _ in range(2))
    region.ask("PATCH", f"/v1/schedules/{waits}", {"at": _after(TOMORROW, hours=1)})
    clock(region, TOMORROW).run_due()
    before = {id_: show(region, id_) for id_ in (ran, waits)}
    assert region.post("/v1/projections/catalogue/rebuild").status_code == 202
    until(lambda: not region.get("/v1/projections").json()["rebuild"]["running"])
    assert {id_: show(region, id_) for id_ in (ran, waits)} == before
    assert region.process.readside.models.catalogue.get(Schedule, ran) is None
    waiting = region.process.readside.models.catalogue.all(Schedule)
    assert [row.id for row in waiting] == [waits]
