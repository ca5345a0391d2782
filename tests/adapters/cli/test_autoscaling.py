"""An autoscaler's rules and its word, on the command line."""

from __future__ import annotations

from uuid import UUID

import pytest

from tests.adapters.cli.conftest import Ullage
from tests.adapters.http.native.later import autoscaled
from tests.kit.region import Region

LEAST = ("--least-vcpus", "2", "--least-memory", "4GiB")
MOST = ("--most-vcpus", "4", "--most-memory", "8GiB")
TO = ("--vcpus", "4", "--memory", "8GiB")


@pytest.fixture(name="server")
def _server(shared_region: Region) -> str:
    return str(shared_region.adopted())


def test_autoscaling_rules_are_set_kept_and_lifted(asking: Ullage, server: str) -> None:
    assert "No recommendations" in asking("autoscaling", "show", server).out
    made = asking("autoscaling", "set", server, *LEAST, *MOST, "--cool-down", "60")
    assert made.code == 0
    assert "4 vCPUs / 8192 MiB" in made.out
    assert "60 seconds" in made.out
    kept = asking("autoscaling", "set", server, "--most-vcpus", "8", "--json").document
    assert kept["autoscaling"] == {
        "least": {"vcpus": 2, "memory_mib": 4096},
        "most": {"vcpus": 8, "memory_mib": 8192},
        "dead_band_percent": 10,
        "cool_down_seconds": 60,
    }
    assert asking("autoscaling", "set", server, "--dead-band", "5", "--if-match", "1").code == 3
    lifted = asking("autoscaling", "unset", server, "--json", as_="member").document
    assert lifted["autoscaling"] is None


def test_new_autoscaling_rules_need_both_bounds(asking: Ullage, server: str) -> None:
    refused = asking("autoscaling", "set", server, *LEAST, "--most-vcpus", "4")
    assert (refused.code, "--most-memory" in refused.err) == (2, True)


def test_a_recommendation_exits_by_its_answer(
    asking: Ullage, shared_region: Region, server: str
) -> None:
    assert asking("recommend", server, *TO).code == 2
    autoscaled(shared_region, UUID(server))
    same = asking("recommend", server, "--vcpus", "2", "--memory", "4GiB")
    assert (same.code, same.out.splitlines()[0]) == (0, "Unchanged: 2 vCPUs / 4096 MiB")
    done = asking("recommend", server, "--vcpus", "64", "--memory", "64GiB")
    assert (done.code, done.out.splitlines()[0]) == (0, "Accepted: 4 vCPUs / 8192 MiB")
    assert "Bounded" in done.out
    later = asking("recommend", server, *TO, "--json")
    assert (later.code, later.document["answer"]) == (5, "deferred")


def test_an_infeasible_recommendation_exits_as_the_scale_would(
    ullage: Ullage, region: Region
) -> None:
    server = autoscaled(region, region.adopted())
    region.limits(cores=3)
    refused = ullage("recommend", server, *TO)
    assert refused.code == 2
    assert refused.out.splitlines()[0] == "Infeasible: 4 vCPUs / 8192 MiB"
    assert "3 vCPUs / 8192 MiB" in refused.out
