"""Started, stopped, deleted; what a stopped server counts, and that it takes any size."""

from __future__ import annotations

from typing import Any
from uuid import UUID

import pytest

from domain.shared.envelope import Envelope
from domain.shared.size import Size
from tests.adapters.http.native.test_problems import told
from tests.kit.building import rooms
from tests.kit.hypervisor import LARGE, SMALL, no_room, refuse
from tests.kit.region import HOST, OWN, Region, size

ONE = {"instances": 1, "cores": 2, "ram": 4096}
ONE_STOPPED = {"instances": 1, "cores": 0, "ram": 0}
NOTHING = {"instances": 0, "cores": 0, "ram": 0}


def _ask(region: Region, server: UUID, what: str) -> str:
    """The id of the operation that was accepted."""
    path = f"/v1/servers/{server}"
    answer = region.ask("DELETE", path) if what == "delete" else region.post(f"{path}/{what}", {})
    assert answer.status_code == 202, answer.text
    assert answer.headers["location"] == f"/v1/operations/{answer.json()['operation']}"
    return str(answer.json()["operation"])


def _done(region: Region, server: UUID, what: str) -> dict[str, Any]:
    ended = region.ended(_ask(region, server, what))
    assert ended["kind"] == what
    return ended


def _power(region: Region, server: UUID) -> str:
    return str(region.get(f"/v1/servers/{server}").json()["power"])


def _when_running(region: Region) -> None:
    assert region.put("/v1/region/policy", {"stopped_servers": "when-running"}).is_success


def _stopped_and_not_counted(region: Region) -> UUID:
    _when_running(region)
    server = region.adopted()
    with region.carried():
        _done(region, server, "stop")
    assert region.used() == ONE_STOPPED
    return server


def test_a_server_is_stopped_and_started(region: Region) -> None:
    server = region.adopted()
    with region.carried():
        assert _done(region, server, "stop")["state"] == "succeeded"
        assert (_power(region, server), region.host.powers[server]) == ("stopped", "stopped")
        assert _done(region, server, "start")["state"] == "succeeded"
    assert (_power(region, server), region.host.powers[server]) == ("running", "running")
    assert region.get(f"/v1/servers/{server}").json()["guest"]["vcpus"] == 2


@pytest.mark.parametrize(("what", "power"), [("start", "running"), ("stop", "stopped")])
def test_starting_a_running_or_stopping_a_stopped_server_is_refused(
    region: Region, what: str, power: Any
) -> None:
    server = region.adopted(power=power)
    answer = region.post(f"/v1/servers/{server}/{what}", {})
    assert told(answer, 409, "power-forbids")["power"] == power


@pytest.mark.parametrize("what", ["start", "stop", "delete"])
def test_a_start_during_an_operation_is_refused(region: Region, what: str) -> None:
    server = region.adopted(power="stopped" if what == "start" else "running")
    operation = _ask(region, server, what)
    assert told(region.scale(server, LARGE), 409, "scale-in-progress")["operation"] == operation


@pytest.mark.parametrize("what", ["start", "stop", "delete"])
def test_a_stop_that_the_host_refuses_changes_nothing(region: Region, what: str) -> None:
    before = "stopped" if what == "start" else "running"
    server = region.adopted(power="stopped" if what == "start" else "running")
    region.host.tell(server, refuse)
    with region.carried():
        ended = _done(region, server, what)
    assert (ended["state"], ended["reason"]) == (
        "failed",
        "the guest does not let go of its memory",
    )
    assert (_power(region, server), region.used()) == (before, ONE)


# What a stopped server counts


def test_by_default_a_stopped_server_counts_as_it_did(region: Region) -> None:
    server = region.adopted()
    with region.carried():
        _done(region, server, "stop")
    assert region.used() == ONE


def test_a_stopped_server_gives_back_where_only_running_ones_count(
    region: Region,
) -> None:
    _when_running(region)
    server = region.adopted()
    operation = _ask(region, server, "stop")
    assert region.used() == ONE
    with region.carried():
        region.ended(operation)
        assert region.used() == ONE_STOPPED
        started = _ask(region, server, "start")
        assert region.used() == ONE
        assert region.ended(started)["state"] == "succeeded"
    assert region.used() == ONE


def test_a_start_obeys_the_quota_where_only_running_servers_count(region: Region) -> None:
    server = _stopped_and_not_counted(region)
    region.limits(cores=2)
    other = region.adopted()
    told(region.post(f"/v1/servers/{server}/start", {}), 403, "quota-exceeded")
    with region.carried():
        _done(region, other, "stop")
        assert _done(region, server, "start")["state"] == "succeeded"


def test_a_failed_start_gives_back_where_only_running_servers_count(region: Region) -> None:
    server = _stopped_and_not_counted(region)
    region.host.tell(server, no_room)
    with region.carried():
        assert _done(region, server, "start")["state"] == "failed"
    assert region.used() == ONE_STOPPED


def test_a_stopped_server_grows_without_a_claim_where_only_running_ones_count(
    region: Region,
) -> None:
    server = _stopped_and_not_counted(region)
    region.limits(cores=1, ram=1)
    with region.carried():
        assert region.ended(region.scaling(server, LARGE))["state"] == "succeeded"
    assert region.used() == ONE_STOPPED
    told(region.post(f"/v1/servers/{server}/start", {}), 403, "quota-exceeded")


# Stopped servers take any size within their ceiling


def test_a_stopped_server_is_scaled_up_and_down_whatever_its_envelope(region: Region) -> None:
    region.host.envelope = Envelope(
        floor=SMALL, ceiling=SMALL, memory_by="dimm", memory_step_mib=1024, memory_slots_left=0
    )
    server = region.adopted(power="stopped")
    with region.carried():
        for to in (Size(8, 9000), Size(1, 700)):
            plan = region.get(
                f"/v1/servers/{server}/plan?vcpus={to.vcpus}&memory_mib={to.memory_mib}"
            )
            assert plan.json()["mode"] == "stopped"
            ended = region.ended(region.scaling(server, to))
            assert (ended["state"], ended["mode"], ended["size"]) == (
                "succeeded",
                "stopped",
                size(to),
            )
            assert region.host.sizes[server] == to
    assert (_power(region, server), region.host.powers[server]) == ("stopped", "stopped")
    assert region.used() == {"instances": 1, "cores": 1, "ram": 700}


def test_a_stopped_server_is_not_scaled_above_its_ceiling(region: Region) -> None:
    server = region.adopted(power="stopped", ceiling=4)
    told(region.scale(server, Size(5, 4096)), 422, "above-ceiling")


# Deleted


def test_a_deleted_server_gives_back_once_and_is_not_there_any_more(region: Region) -> None:
    rooms(region)
    server, other = region.adopted(), region.adopted()
    operation = _ask(region, server, "delete")
    assert region.used()["instances"] == 2
    with region.carried():
        ended = region.ended(operation)
    assert (ended["state"], list(region.host.sizes)) == ("succeeded", [other])
    assert region.used() == ONE
    assert region.get(f"/v1/hosts/{HOST}").json()["used"] == size(SMALL)
    for answer in (
        region.get(f"/v1/servers/{server}"),
        region.ask("DELETE", f"/v1/servers/{server}"),
        region.scale(server, LARGE),
        region.get(f"/v1/servers/{server}/request-spec"),
    ):
        assert told(answer, 404, "not-found")["id"] == str(server)
    listed = region.get(f"/v1/servers?after={ended['position']}").json()["items"]
    assert [one["id"] for one in listed] == [str(other)]
    kinds = [one["kind"] for one in region.get(f"/v1/history?server={server}").json()["items"]]
    assert (kinds.count("quota.released"), kinds.count("host.capacity-released")) == (1, 1)


def test_deleting_a_server_that_its_host_does_not_know_succeeds(region: Region) -> None:
    server = region.adopted()
    region.host.forget(server)
    with region.carried():
        assert _done(region, server, "delete")["state"] == "succeeded"
    assert region.used() == NOTHING


def test_a_deleted_server_can_be_adopted_again(region: Region) -> None:
    server = region.adopted()
    with region.carried():
        _done(region, server, "delete")
    region.host.sizes[server] = SMALL
    body = {"host": HOST, "server": str(server), "project": OWN}
    assert region.post("/v1/adoptions", body).status_code == 201
    assert (region.used(), _power(region, server)) == (ONE, "running")


def test_the_same_key_deletes_once(region: Region) -> None:
    server = region.adopted()
    key = {"idempotency-key": "d-1"}
    first = region.ask("DELETE", f"/v1/servers/{server}", headers=key)
    head = region.head
    again = region.ask("DELETE", f"/v1/servers/{server}", headers=key)
    assert (again.content, region.head) == (first.content, head)
