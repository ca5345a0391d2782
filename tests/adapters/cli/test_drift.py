"""``ullage drift`` says what somebody else did, and does something about it."""

from __future__ import annotations

from uuid import UUID

import pytest

from tests.adapters.cli.conftest import Ullage
from tests.kit.hypervisor import LARGE, SMALL
from tests.kit.region import Region, until
from tests.kit.watching import drift, watched


@pytest.fixture
def drifted(region: Region) -> UUID:
    server = region.adopted()
    with watched(region):
        region.host.somebody_resizes(server, LARGE)
        until(lambda: drift(region))
    return server


def test_a_region_without_drift_says_so(ullage: Ullage) -> None:
    assert ullage("drift", "list").out == "No drift: every server is as it is recorded.\n"
    assert ullage("drift", "list", "--json").document == []


def test_drifted_servers_are_listed(region: Region, ullage: Ullage, drifted: UUID) -> None:
    words = " ".join(ullage("drift", "list").out.split())
    assert str(drifted)[:8] in words
    assert "2 vCPUs" in words
    assert "4 vCPUs" in words
    assert ullage("drift", "list", "--json").document == drift(region)


def test_drift_is_adopted(ullage: Ullage, drifted: UUID) -> None:
    ended = ullage("drift", "adopt", str(drifted), "--reason", "was needed")
    assert (ended.code, ended.out) == (0, "Recorded: 4 vCPUs / 8192 MiB on host-1.\n")
    assert ullage("drift", "adopt", str(drifted)).code == 3


def test_drift_adopted_by_force_says_by_how_much_the_quota_is_exceeded(
    region: Region, ullage: Ullage, drifted: UUID
) -> None:
    body = {"limits": {"cores": 3}, "force": True}
    assert region.put("/v1/projects/demo/quota", body).status_code == 200
    refused = ullage("drift", "adopt", str(drifted))
    assert refused.code == 2
    assert "cores" in refused.err
    forced = ullage("drift", "adopt", str(drifted), "--force")
    assert "Its project is above its quota of cores by 1." in forced.out


def test_adopting_a_missing_server_deletes_it(region: Region, ullage: Ullage) -> None:
    server = region.adopted()
    with watched(region):
        region.host.somebody_deletes(server)
        until(lambda: drift(region))
    assert "not there" in ullage("drift", "list").out
    assert ullage("drift", "adopt", str(server)).out == "Gone.\n"


def test_drift_is_reapplied(region: Region, ullage: Ullage, drifted: UUID) -> None:
    with region.carried():
        ended = ullage("drift", "reapply", str(drifted), "--wait")
    assert ended.code == 0
    assert "Done." in ended.out
    assert region.host.sizes[drifted] == SMALL
