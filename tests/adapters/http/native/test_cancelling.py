"""What was not sent yet can be cancelled; what may have been sent cannot; and it always ends."""

from __future__ import annotations

from collections.abc import Iterator

import psycopg
import pytest

from domain.shared.size import Size
from projections.outbox.lanes import WITHHOLD
from tests.adapters.http.native.test_problems import told
from tests.kit.building import build, rooms
from tests.kit.hypervisor import LARGE, SMALL, Hang, ScriptedHost, busy, lose_answer
from tests.kit.region import HOST, Answer, NewRegion, Region, size, until

AS_BEFORE = {"instances": 1, "cores": 2, "ram": 4096}
GROWN = {"instances": 1, "cores": 4, "ram": 8192}
NOTHING = {"instances": 0, "cores": 0, "ram": 0}


@pytest.fixture
def sql(database: str) -> Iterator[psycopg.Connection]:
    with psycopg.connect(database, autocommit=True) as connection:
        yield connection


def _cancel(region: Region, operation: str, **how: object) -> Answer:
    return region.post(f"/v1/operations/{operation}/cancel", {"reason": "typo"}, **how)


def test_an_operation_that_was_not_sent_is_cancelled_and_gives_back(region: Region) -> None:
    server = region.adopted()
    operation = region.scaling(server, LARGE)
    assert region.used() == GROWN
    assert _cancel(region, operation, as_="member").status_code == 200
    ended = region.ended(operation)
    assert (ended["state"], ended["reason"]) == ("cancelled", "typo")
    assert region.used() == AS_BEFORE
    with region.carried():
        again = region.ended(region.scaling(server, LARGE))
    assert again["state"] == "succeeded"
    assert [str(call.operation) for call in region.host.calls] == [again["id"]]


def test_a_cancelled_build_leaves_no_server(region: Region) -> None:
    rooms(region)
    asked = build(region).json()
    assert _cancel(region, asked["operation"]).status_code == 200
    assert region.used() == NOTHING
    assert region.get(f"/v1/hosts/{HOST}").json()["used"] == {"vcpus": 0, "memory_mib": 0}
    assert region.get(f"/v1/servers/{asked['server']}").status_code == 404


@pytest.mark.parametrize("what", ["start", "stop", "delete"])
def test_operations_of_other_kinds_are_cancelled(region: Region, what: str) -> None:
    server = region.adopted(power="stopped" if what == "start" else "running")
    before = region.get(f"/v1/servers/{server}").json()
    path = f"/v1/servers/{server}"
    asked = region.ask("DELETE", path) if what == "delete" else region.post(f"{path}/{what}", {})
    assert _cancel(region, asked.json()["operation"]).status_code == 200
    after = region.get(path).json()
    moved = {"version": None, "updated": None}
    assert {**before, **moved} == {**after, **moved}
    assert region.used() == AS_BEFORE


def test_an_operation_that_was_sent_is_not_cancelled(region: Region) -> None:
    server = region.adopted()
    hang = Hang()
    region.host.tell(server, hang)
    operation = region.scaling(server, LARGE)
    with region.carried():
        assert hang.began.wait(20)
        document = told(_cancel(region, operation), 409, "nothing-to-cancel")
        assert document["operation"] == operation
        hang.release()
        assert region.ended(operation)["state"] == "succeeded"


def test_a_finished_operation_is_not_cancelled(region: Region) -> None:
    with region.carried():
        operation = region.scaling(region.adopted(), LARGE)
        region.ended(operation)
    head = region.head
    told(_cancel(region, operation), 409, "nothing-to-cancel")
    assert region.head == head


def test_an_operation_that_is_read_back_is_not_cancelled(new_region: NewRegion) -> None:
    """It was sent before, and nobody knows what came of it."""
    region = new_region(operation_seconds=1.5).leading()
    server = region.adopted()
    hang = Hang(then=lose_answer)
    region.host.tell(server, hang)
    operation = region.scaling(server, LARGE)
    with region.carried():
        assert region.ended(operation)["state"] == "unknown"
        told(_cancel(region, operation), 409, "nothing-to-cancel")
        hang.release()
    region.post(f"/v1/operations/{operation}/resolve")
    told(_cancel(region, operation), 409, "nothing-to-cancel")
    assert region.used() == GROWN
    with region.carried():
        assert region.ended(operation)["size"] == size(LARGE)


def test_a_cancelled_scale_that_has_migrated_fails_on_its_new_host(new_region: NewRegion) -> None:
    """It was asked for, and something of it was done."""
    hosts = {HOST: ScriptedHost(Size(16, 4096 + 512)), "host-2": ScriptedHost()}
    region = new_region(hosts).leading()
    rooms(region)
    server = region.adopted()
    hosts["host-2"].tell(server, *[busy] * 200)
    operation = region.scaling(server, LARGE, consent="migrate")
    with region.carried():
        until(lambda: region.get(f"/v1/servers/{server}").json()["host"] == "host-2")
        until(lambda: _cancel(region, operation).status_code == 200)
    ended = region.ended(operation)
    assert (ended["state"], ended["size"]) == ("failed", size(SMALL))
    assert ended["reason"] == "cancelled after the migration: typo"
    assert region.used() == AS_BEFORE
    assert hosts["host-2"].sizes == {server: SMALL}


def test_the_same_key_cancels_once(region: Region) -> None:
    operation = region.scaling(region.adopted(), LARGE)
    key = {"idempotency-key": "c-1"}
    first = _cancel(region, operation, headers=key)
    head = region.head
    again = _cancel(region, operation, headers=key)
    assert (again.status_code, again.content) == (first.status_code, first.content)
    assert region.head == head


def test_an_operation_withheld_by_a_dead_leader_ends_by_its_deadline(
    new_region: NewRegion, sql: psycopg.Connection
) -> None:
    first = new_region(operation_seconds=3).leading()
    operation = first.scaling(first.adopted(), LARGE)
    assert sql.execute(WITHHOLD, {"operation": operation}).rowcount == 1
    first.stop()
    second = new_region(first.hosts, operation_seconds=3).leading()
    with second.carried():
        ended = second.ended(operation)
    assert ended["state"] == "failed"
    assert "could not be asked" in ended["reason"]
    assert second.host.calls == []
    assert second.used() == AS_BEFORE


def test_an_operation_withheld_by_a_dead_leader_is_cancelled_when_asked_again(
    region: Region, sql: psycopg.Connection
) -> None:
    operation = region.scaling(region.adopted(SMALL), LARGE)
    assert sql.execute(WITHHOLD, {"operation": operation}).rowcount == 1
    assert _cancel(region, operation).status_code == 200
    assert region.ended(operation)["state"] == "cancelled"
