"""However a hypervisor answers, operation and claim end as the server really is."""

from __future__ import annotations

from uuid import UUID

import pytest

from adapters.hypervisors.driver import Reconfigured
from adapters.hypervisors.failures import DriverRefused
from domain.shared.size import Size
from tests.kit.hypervisor import (
    LARGE,
    SMALL,
    Behaviour,
    Call,
    Hang,
    ScriptedHost,
    busy,
    crash,
    lose_answer,
    lose_request,
    memory_only,
    refuse,
    unreachable,
)
from tests.kit.region import NewRegion, Region, size, until

AS_BEFORE = {"instances": 1, "cores": 2, "ram": 4096}
GROWN = {"instances": 1, "cores": 4, "ram": 8192}


def refuse_at_length(_host: ScriptedHost, _call: Call) -> Reconfigured:
    raise DriverRefused('空き"\n' * 4000)


def _kinds(region: Region, server: UUID) -> list[str]:
    entries = region.get(f"/v1/history?server={server}").json()["items"]
    return [entry["kind"] for entry in reversed(entries)][4:]  # behind its adoption


def failed(server: UUID, operation: str, reason: str) -> dict[str, str]:
    """What a relay tells of a live scale that was refused."""
    named = {"server": str(server), "operation": operation, "ask": "reconfigure"}
    return {"outcome": "failed", "reason": reason, **named}


def test_a_scale_done_as_asked_is_confirmed(region: Region) -> None:
    server = region.adopted()
    with region.carried():
        ended = region.ended(region.scaling(server, LARGE))
    assert (ended["state"], ended["size"], ended["reason"]) == ("succeeded", size(LARGE), None)
    assert region.used() == GROWN
    assert region.get(f"/v1/servers/{server}").json()["size"] == size(LARGE)


def test_a_refused_scale_gives_its_quota_back(region: Region) -> None:
    server = region.adopted()
    region.host.tell(server, refuse)
    operation = region.scaling(server, LARGE)
    assert region.used() == GROWN
    with region.carried():
        ended = region.ended(operation)
    assert (ended["state"], ended["size"]) == ("failed", size(SMALL))
    assert ended["reason"] == "the guest does not let go of its memory"
    assert region.used() == AS_BEFORE
    assert len(region.host.calls) == 1


def test_a_partly_done_scale_is_claimed_as_it_really_is(region: Region) -> None:
    server = region.adopted()
    region.host.tell(server, memory_only)
    with region.carried():
        ended = region.ended(region.scaling(server, LARGE))
    assert (ended["state"], ended["size"]) == ("partly", size(Size(2, 8192)))
    assert ended["reason"] == "the guest kept its vCPUs"
    assert region.used() == {"instances": 1, "cores": 2, "ram": 8192}


@pytest.mark.parametrize("lost", [lose_answer, lose_request, crash])
def test_a_lost_answer_is_asked_for_again_and_done_once(region: Region, lost: Behaviour) -> None:
    server = region.adopted()
    region.host.tell(server, lost, lost)
    with region.carried():
        ended = region.ended(region.scaling(server, LARGE))
    assert ended["state"] == "succeeded"
    assert len(region.host.calls) == 3
    assert len({call.operation for call in region.host.calls}) == 1
    assert len(region.host.effects) == 1
    assert region.used() == GROWN
    assert _kinds(region, server).count("server.scale-confirmed") == 1


@pytest.mark.parametrize("away", [busy, unreachable])
def test_a_call_that_was_not_sent_is_repeated(region: Region, away: Behaviour) -> None:
    server = region.adopted()
    region.host.tell(server, away)
    with region.carried():
        ended = region.ended(region.scaling(server, LARGE))
    assert ended["state"] == "succeeded"
    assert len(region.host.calls) == 2


def test_a_report_that_comes_twice_counts_once(region: Region) -> None:
    server = region.adopted()
    operation = region.scaling(server, LARGE)
    told = failed(server, operation, "full")
    for _ in range(3):
        reported = region.post("/v1/outcomes", {"outcomes": [told, told]}, as_="service")
        assert reported.status_code == 204
    assert region.ended(operation)["state"] == "failed"
    assert _kinds(region, server) == [
        "server.scale-requested",
        "quota.claimed",
        "host.capacity-claimed",
        "server.scale-failed",
        "quota.released",
        "host.capacity-released",
    ]


def test_a_late_report_does_not_undo_the_end(region: Region) -> None:
    server = region.adopted()
    with region.carried():
        operation = region.scaling(server, LARGE)
        assert region.ended(operation)["state"] == "succeeded"
    late = failed(server, operation, "late")
    assert region.post("/v1/outcomes", {"outcomes": [late]}, as_="service").status_code == 204
    assert region.ended(operation)["state"] == "succeeded"
    assert region.used() == GROWN


def test_a_report_about_what_is_not_there_does_not_hold_up_the_others(region: Region) -> None:
    server = region.adopted()
    operation = region.scaling(server, LARGE)
    unknown = failed(UUID(int=7), str(UUID(int=7)), "?")
    told = failed(server, operation, "full")
    reported = region.post("/v1/outcomes", {"outcomes": [unknown, told]}, as_="service")
    assert reported.status_code == 204
    assert region.ended(operation)["state"] == "failed"


def test_shrinking_gives_back_when_it_is_confirmed(region: Region) -> None:
    server = region.adopted(LARGE)
    hang = Hang()
    region.host.tell(server, hang)
    with region.carried():
        operation = region.scaling(server, SMALL)
        assert hang.began.wait(20)
        assert region.used() == GROWN
        hang.release()
        assert region.ended(operation)["state"] == "succeeded"
    assert region.used() == AS_BEFORE


def test_a_very_long_and_foreign_reason_is_still_reported(region: Region) -> None:
    region.limits(instances=-1, cores=-1, ram=-1)
    servers = [region.adopted() for _ in range(30)]
    for server in servers:
        region.host.tell(server, refuse_at_length)
    operations = [region.scaling(server, LARGE) for server in servers]
    with region.carried():
        ended = [region.ended(operation) for operation in operations]
    assert {one["state"] for one in ended} == {"failed"}
    assert all(len(one["reason"].encode()) <= 1000 for one in ended)


def test_an_operation_of_unknown_outcome_keeps_the_larger_claim_until_it_is_resolved(
    new_region: NewRegion,
) -> None:
    region = new_region(operation_seconds=1.5).leading()
    server = region.adopted()
    hang = Hang(then=lose_answer)
    region.host.tell(server, hang)
    with region.carried():
        operation = region.scaling(server, LARGE)
        path = f"/v1/operations/{operation}"
        ended = region.ended(operation)
        assert ended["state"] == "unknown"
        assert "deadline" in ended["reason"]
        assert region.used() == GROWN
        again = region.scale(server, SMALL)
        assert again.json()["type"] == "urn:ullage:problem:outcome-undecided"
        region.host.down = True  # or it would be read back before anybody can ask for it
        hang.release()
        until(lambda: region.host.sizes[server] == LARGE)
        resolved = region.post(f"/v1/operations/{operation}/resolve")
        assert (resolved.status_code, resolved.json()["operation"]) == (202, operation)
        region.host.down = False
        until(lambda: region.get(path).json()["state"] not in {"open", "unknown"})
        settled = region.get(path).json()
    assert (settled["state"], settled["size"]) == ("succeeded", size(LARGE))
    assert region.used() == GROWN


def test_an_unknown_outcome_that_was_not_done_is_resolved_to_the_old_size(
    new_region: NewRegion,
) -> None:
    region = new_region(operation_seconds=1.5).leading()
    server = region.adopted()
    hang = Hang(then=lose_request)
    region.host.tell(server, hang)
    with region.carried():
        operation = region.scaling(server, LARGE)
        assert region.ended(operation)["state"] == "unknown"
        hang.release()
        region.post(f"/v1/operations/{operation}/resolve")
        settled = region.ended(operation)
    assert (settled["state"], settled["size"]) == ("failed", size(SMALL))
    assert region.used() == AS_BEFORE


@pytest.mark.parametrize("down", ["busy", "unreachable"])
def test_an_operation_never_sent_fails_at_its_deadline(new_region: NewRegion, down: str) -> None:
    region = new_region(operation_seconds=1.5).leading()
    server = region.adopted()
    region.host.down = down == "unreachable"
    region.host.tell(server, *[busy] * 50)
    operation = region.scaling(server, LARGE)
    with region.carried():
        ended = region.ended(operation)
    assert ended["state"] == "failed"
    assert "could not be asked before the deadline" in ended["reason"]
    assert region.used() == AS_BEFORE
    assert region.host.effects == []


def test_an_operation_without_any_relay_ends_by_its_deadline(new_region: NewRegion) -> None:
    region = new_region(operation_seconds=0.5).leading()
    operations = [region.scaling(region.adopted(), LARGE) for _ in range(4)]
    assert [region.ended(operation)["state"] for operation in operations] == ["failed"] * 4
    assert region.used() == {"instances": 4, "cores": 8, "ram": 16384}
