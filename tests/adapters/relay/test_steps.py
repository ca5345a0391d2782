"""An operation of several steps: each is done once, and a late word about one changes no other."""

from __future__ import annotations

from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest
from msgspec.structs import replace

from adapters.relay.lanes import Lanes
from domain.shared.size import Size
from projections.outbox.lanes import Message
from tests.kit.building import as_seen, rooms
from tests.kit.hypervisor import LARGE, SMALL, Call, Hang, ScriptedHost, lose_answer, no_room
from tests.kit.region import HOST, QUICK, NewRegion, Region, size

SECOND = "host-2"
LEASE = timedelta(seconds=0.5)


@pytest.fixture
def region(new_region: NewRegion) -> Region:
    """Two hosts, of which the first has no room for a server that grows."""
    hosts = {HOST: ScriptedHost(Size(16, 4096 + 512)), SECOND: ScriptedHost(Size(64, 65536))}
    region = new_region(hosts).leading()
    rooms(region)
    return region


@pytest.fixture
def server(region: Region) -> UUID:
    return region.adopted()


def _taken(region: Region, host: str = HOST) -> Message:
    """Taken by a relay that dies with it."""
    dead = Lanes(region.dsn, relay="dead", hosts=[host], lease=LEASE)
    assert dead.hold(most=8) == [host]
    (ask,) = dead.take(host, busy=[], limit=8, margin=timedelta(0))
    dead.close()
    return ask


def _migrations(region: Region) -> list[Call]:
    done = [call for host in region.hosts.values() for call in host.effects]
    return [call for call in done if call.ask == "migrate"]


def _told(server: UUID, operation: str, **of: Any) -> dict[str, Any]:
    return {"server": str(server), "operation": operation, "reason": "late", **of}


def _report(region: Region, told: dict[str, Any]) -> None:
    answered = region.post("/v1/outcomes", {"outcomes": [told]}, as_="service")
    assert answered.status_code == 204, answered.text


@pytest.mark.parametrize("done", [False, True])
def test_a_migration_whose_relay_died_is_taken_over_and_made_once(
    region: Region, server: UUID, done: bool
) -> None:
    operation = region.scaling(server, LARGE, consent="migrate")
    ask = _taken(region)
    assert (ask.ask, ask.to_host) == ("migrate", SECOND)
    if done:  # it had made it, and told nobody
        target = region.hosts[SECOND]
        region.host.migrate(server, target, operation=ask.operation, within=1)
    with region.carried("heir", pace=replace(QUICK, lease=0.5)):
        ended = region.ended(operation)
    assert (ended["state"], ended["size"]) == ("succeeded", size(LARGE))
    assert len(_migrations(region)) == 1
    assert (region.host.sizes, region.hosts[SECOND].sizes) == ({}, {server: LARGE})


def test_a_migration_whose_answer_was_lost_is_made_once(region: Region, server: UUID) -> None:
    region.host.tell(server, lose_answer)
    with region.carried():
        ended = region.ended(region.scaling(server, LARGE, consent="migrate"))
    assert (ended["state"], len(_migrations(region))) == ("succeeded", 1)
    assert region.hosts[SECOND].sizes == {server: LARGE}


def test_the_scale_behind_a_migration_is_carried_by_whoever_is_there(
    region: Region, server: UUID
) -> None:
    """The relay dies between the two steps."""
    operation = region.scaling(server, LARGE, consent="migrate")
    hang = Hang(then=no_room)
    region.hosts[SECOND].tell(server, hang)
    with region.carried("first", pace=replace(QUICK, lease=0.5)) as first:
        assert hang.began.wait(20)
        first.stop()
        with region.carried("heir", pace=replace(QUICK, lease=0.5)):
            assert region.ended(operation)["state"] == "succeeded"
        hang.release()
    assert len(_migrations(region)) == 1


def _at_the_second_step(region: Region, server: UUID, hang: Hang) -> str:
    region.hosts[SECOND].tell(server, hang)
    return region.scaling(server, LARGE, consent="migrate")


@pytest.mark.parametrize(
    "late",
    [
        {"outcome": "failed", "ask": "migrate", "to_host": SECOND, "host": HOST},
        {"outcome": "failed", "ask": "migrate", "to_host": SECOND},
        {"outcome": "absent", "ask": "migrate", "to_host": SECOND, "host": HOST},
        {"outcome": "failed", "ask": "reconfigure", "host": HOST},
        {"outcome": "absent", "ask": "reconfigure", "host": HOST},
        {"outcome": "failed", "ask": "reconfigure", "host": HOST, "no_capacity": True},
        {"outcome": "failed", "ask": "restart", "host": SECOND},
        {"outcome": "absent", "ask": "delete", "host": SECOND},
    ],
)
def test_a_late_word_about_an_earlier_step_changes_nothing(
    region: Region, server: UUID, late: dict[str, Any]
) -> None:
    hang = Hang()
    operation = _at_the_second_step(region, server, hang)
    with region.carried():
        assert hang.began.wait(20)
        head = region.head
        _report(region, _told(server, operation, **late))
        assert region.head == head
        hang.release()
        assert region.ended(operation)["state"] == "succeeded"
    assert region.used() == {"instances": 1, "cores": 4, "ram": 8192}


def test_a_reading_of_an_earlier_step_changes_nothing(region: Region, server: UUID) -> None:
    before = as_seen(region.host.inspect(server))
    hang = Hang()
    operation = _at_the_second_step(region, server, hang)
    with region.carried():
        assert hang.began.wait(20)
        head = region.head
        for step in ({"ask": "migrate", "to_host": SECOND}, {"ask": "reconfigure"}):
            told = {**_told(server, operation, **step), "host": HOST}
            del told["reason"]
            _report(region, {**told, "outcome": "read-back", "seen": before, "shortfall": ""})
        assert region.head == head
        hang.release()
        assert region.ended(operation)["state"] == "succeeded"


def test_a_relay_of_an_earlier_step_cannot_put_the_next_one_back(
    region: Region, server: UUID
) -> None:
    """Else a step that is being carried could pass for one that was never sent."""
    operation = region.scaling(server, LARGE, consent="migrate")
    stale = _taken(region)
    moved = {
        "outcome": "read-back",
        "server": str(server),
        "operation": operation,
        "ask": "migrate",
        "host": HOST,
        "to_host": SECOND,
        "seen": as_seen(region.host.inspect(server), SECOND),
        "shortfall": "",
    }
    _report(region, moved)
    other = Lanes(region.dsn, relay="other", hosts=[SECOND], lease=timedelta(seconds=30))
    assert other.hold(most=8) == [SECOND]
    (next_,) = other.take(SECOND, busy=[], limit=8, margin=timedelta(0))
    assert (next_.ask, next_.attempts, stale.attempts) == ("reconfigure", 1, 1)
    dead = Lanes(region.dsn, relay="dead", hosts=[HOST], lease=LEASE)
    dead.put_back(stale, sent=False)
    cancelled = region.post(f"/v1/operations/{operation}/cancel", {})
    assert cancelled.json()["type"] == "urn:ullage:problem:nothing-to-cancel"
    other.put_back(next_, sent=True, in_place=True)
    (again,) = other.take(SECOND, busy=[], limit=8, margin=timedelta(0))
    assert again.sent_before
    for lanes in (dead, other):
        lanes.close()


def test_steps_are_carried_in_the_lanes_of_their_hosts(region: Region, server: UUID) -> None:
    hang = Hang()
    operation = _at_the_second_step(region, server, hang)
    with region.carried():
        assert hang.began.wait(20)
        waiting = {one["host"]: one["waiting"] for one in region.get("/v1/lanes").json()}
        assert waiting == {HOST: 0, SECOND: 1}
        hang.release()
        region.ended(operation)
    assert [call.ask for call in region.hosts[SECOND].calls] == ["reconfigure"]
    assert region.hosts[SECOND].sizes[server] == LARGE != SMALL
