"""What an operator does about it when somebody else has changed a server."""

from __future__ import annotations

from typing import Any
from uuid import UUID

import pytest

from domain.shared.size import Size
from tests.kit.hypervisor import LARGE, SMALL, ScriptedHost, refuse
from tests.kit.region import HOST, NewRegion, Region, size, until
from tests.kit.watching import drift, facts, kinds, observed, watched

OTHER_HOST = "host-2"


@pytest.fixture
def drifted(region: Region) -> UUID:
    """SMALL in the books and LARGE on its host."""
    server = region.adopted()
    with watched(region):
        region.host.somebody_resizes(server, LARGE)
        until(lambda: drift(region))
    return server


def _observe(region: Region, **told: Any) -> int:
    return region.post("/v1/observations", told, as_="service").status_code


def test_only_who_may_see_the_server_sees_its_drift(region: Region, drifted: UUID) -> None:
    assert [one["server"] for one in drift(region)] == [str(drifted)]
    assert len(region.get("/v1/drift", as_="reader").json()) == 1
    assert region.get("/v1/drift", as_="foreign-reader").json() == []
    path = f"/v1/servers/{drifted}/drift"
    for what in ("adopt", "reapply"):
        assert region.post(f"{path}/{what}", {}, as_="member").status_code == 403


def test_a_drifted_server_is_not_scaled(region: Region, drifted: UUID) -> None:
    refused = region.scale(drifted, Size(3, 4096))
    assert (refused.status_code, refused.json()["type"]) == (409, "urn:ullage:problem:drift-open")


def test_drift_is_adopted_within_the_quota(region: Region, drifted: UUID) -> None:
    taken = region.post(f"/v1/servers/{drifted}/drift/adopt", {"reason": "was needed"}).json()
    assert (taken["size"], taken["host"], taken["exceeded"]) == (size(LARGE), HOST, {})
    assert region.get(f"/v1/servers/{drifted}").json()["size"] == size(LARGE)
    assert region.used() == {"instances": 1, "cores": LARGE.vcpus, "ram": LARGE.memory_mib}
    assert drift(region) == []


def test_drift_above_the_quota_is_adopted_by_force_only(
    region: Region,
) -> None:
    server = region.adopted()
    region.limits(cores=3, ram=6144)
    with watched(region):
        region.host.somebody_resizes(server, LARGE)
        until(lambda: drift(region))
    # It is there, so it counts, adopted or not; and nothing else is given meanwhile.
    assert region.used()["cores"] == LARGE.vcpus
    path = f"/v1/servers/{server}/drift/adopt"
    refused = region.post(path, {}).json()
    assert refused["type"] == "urn:ullage:problem:quota-exceeded"
    assert {one["resource"] for one in refused["shortages"]} == {"cores", "ram"}
    assert len(drift(region)) == 1
    taken = region.post(path, {"force": True}).json()
    assert taken["exceeded"] == {"cores": 1, "ram": 2048}
    assert facts(region, server)[-1]["body"]["exceeded"] == {"cores": 1, "ram": 2048}
    assert drift(region) == []


def test_a_shrunk_server_is_adopted_whatever_the_quota(region: Region) -> None:
    server = region.adopted(LARGE)
    body = {"limits": {"cores": 1, "ram": 1024}, "force": True}
    assert region.put("/v1/projects/demo/quota", body).status_code == 200
    with watched(region):
        region.host.somebody_resizes(server, SMALL)
        until(lambda: drift(region))
    assert region.used()["cores"] == LARGE.vcpus
    assert region.post(f"/v1/servers/{server}/drift/adopt", {}).status_code == 200
    assert region.used()["cores"] == SMALL.vcpus


def test_a_missing_server_is_adopted_as_deleted(region: Region) -> None:
    server = region.adopted()
    with watched(region):
        region.host.somebody_deletes(server)
        until(lambda: drift(region))
        assert region.post(f"/v1/servers/{server}/drift/reapply", {}).status_code == 409
        assert region.post(f"/v1/servers/{server}/drift/adopt", {}).status_code == 200
    assert kinds(region, server)[-1] == "server.deleted"
    assert set(region.used().values()) == {0}


def test_a_server_that_somebody_migrated_is_adopted_where_it_runs(new_region: NewRegion) -> None:
    region = new_region({HOST: ScriptedHost(), OTHER_HOST: ScriptedHost()}).leading()
    here, there = region.hosts.values()
    server = region.adopted()
    with watched(region):
        here.somebody_moves(server, there)
        until(
            lambda: [one["seen"] and one["seen"]["host"] for one in drift(region)] == [OTHER_HOST]
        )
        assert region.post(f"/v1/servers/{server}/drift/adopt", {}).json()["host"] == OTHER_HOST
        there.somebody_resizes(server, LARGE)  # it is watched there now
        until(lambda: drift(region))
    assert region.get(f"/v1/servers/{server}").json()["host"] == OTHER_HOST
    assert region.get(f"/v1/hosts/{HOST}").json()["used"] == {"vcpus": 0, "memory_mib": 0}


def test_a_reapplied_server_has_no_drift(region: Region, drifted: UUID) -> None:
    with watched(region), region.carried():
        accepted = region.post(f"/v1/servers/{drifted}/drift/reapply", {"reason": "not agreed"})
        assert accepted.status_code == 202
        assert region.ended(accepted.json()["operation"])["state"] == "succeeded"
    assert region.host.sizes[drifted] == SMALL
    assert region.used() == {"instances": 1, "cores": SMALL.vcpus, "ram": SMALL.memory_mib}
    assert drift(region) == []
    assert len(observed(region)) == 1


def test_a_server_that_cannot_be_reapplied_still_drifts(region: Region, drifted: UUID) -> None:
    region.host.tell(drifted, refuse)
    with region.carried():
        accepted = region.post(f"/v1/servers/{drifted}/drift/reapply", {})
        assert region.ended(accepted.json()["operation"])["state"] == "failed"
    assert [one["recorded"] for one in drift(region)] == [size(SMALL)]
    assert region.used()["cores"] == LARGE.vcpus


def test_there_is_nothing_to_adopt_where_nothing_differs(region: Region) -> None:
    server = region.adopted()
    for what in ("adopt", "reapply"):
        refused = region.post(f"/v1/servers/{server}/drift/{what}", {})
        assert refused.json()["type"] == "urn:ullage:problem:nothing-drifted"


def test_an_observation_of_the_past_or_of_an_unknown_server_changes_nothing(
    region: Region, drifted: UUID
) -> None:
    head, version = region.head, drift(region)[0]["version"]
    nobody = "2b0f6a4e-8f1e-4f55-9a51-6a9f3f0c9b11"
    for server, at in ((drifted, version - 1), (drifted, version + 1), (nobody, 1)):
        told = {"server": str(server), "version": at, "seen": None}
        assert _observe(region, servers=[told, told]) == 204
    host = {"host": "nowhere", "capacity": size(LARGE), "traits": [], "hypervisor": "x"}
    assert _observe(region, hosts=[host]) == 204
    assert region.head == head
    told = {"server": str(drifted), "version": version, "seen": None}
    assert _observe(region, servers=[told, told]) == 204
    assert [one["body"]["drift"] for one in observed(region)][1:] == [{"seen": None}]


@pytest.mark.parametrize(
    "told",
    [
        {"servers": [{"server": "x", "version": 1, "seen": None}]},
        {"servers": [], "more": 1},
        {"hosts": [{"host": HOST, "capacity": size(SMALL), "traits": [], "hypervisor": "\x00"}]},
        {"servers": [{"server": str(UUID(int=1)), "version": 1, "seen": None}] * 21},
    ],
)
def test_invalid_observations_are_refused(region: Region, told: Any) -> None:
    assert _observe(region, **told) == 400
    assert region.post("/v1/observations", {}, as_="admin").status_code == 403
