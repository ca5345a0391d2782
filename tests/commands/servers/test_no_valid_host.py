"""A build for which there is no host says how many were ruled out by what, and names none."""

from __future__ import annotations

import pytest
from msgspec.structs import replace

from commands.servers.build_server import BuildServer
from domain.shared.errors import NoValidHost
from domain.shared.ruled_out import RuledOut, RuleOutReason
from tests.commands.kit.grouping import BUILD_IN_IT, group, member
from tests.commands.kit.region import Region
from tests.commands.kit.standing import (
    BUILD,
    SECOND,
    THIRD,
    Past,
    flavor,
    host,
    image,
    refusal,
)
from tests.domain.hosts.hosts import EXACTLY
from tests.kit.examples import HOST, SMALL, TINY

CATALOGUE: Past = (*flavor(), *image())
HELD = replace(EXACTLY, enabled=False)
AWAY = replace(EXACTLY, zone="east")

CASES: dict[RuleOutReason, tuple[Past, BuildServer, str]] = {
    "zone": (host(HOST), replace(BUILD, zone="az-9"), "az-9"),
    "trait": (host(HOST), replace(BUILD, traits=("FAST",)), "FAST"),
    "policy": ((*host(HOST), *group(), *member(0x20, HOST)), BUILD_IN_IT, "anti-affinity"),
    "maintenance": (host(HOST, terms=HELD), BUILD, ""),
    "unread": (host(HOST, None), BUILD, ""),
    "room": (host(HOST, TINY), BUILD, ""),
}


def no_valid_host(region: Region, build: BuildServer) -> NoValidHost:
    found = refusal(region, build)
    assert isinstance(found, NoValidHost)
    assert "host-" not in str(vars(found))
    return found


@pytest.mark.parametrize(("reason", "case"), CASES.items(), ids=CASES)
def test_each_reason_is_told(
    region: Region, reason: RuleOutReason, case: tuple[Past, BuildServer, str]
) -> None:
    past, build, asked = case
    region.given(*CATALOGUE, *past)
    found = no_valid_host(region, build)
    assert found.ruled_out == (RuledOut(reason=reason, hosts=1, asked=asked),)
    assert (found.asked, found.would_fit, found.in_place) == (SMALL, None, False)


def test_each_host_counts_for_its_first_reason(region: Region) -> None:
    region.given(*CATALOGUE, *host(HOST, terms=AWAY), *host(SECOND, terms=HELD), *host(THIRD, TINY))
    found = no_valid_host(region, replace(BUILD, zone="nova"))
    assert str(found) == (
        "No valid host for 2 vCPUs / 4096 MiB: of 3 hosts, 1 is in another zone than 'nova', "
        "1 is disabled for maintenance and 1 has too little room."
    )


def test_a_pool_without_hosts_is_named(region: Region) -> None:
    region.given(*CATALOGUE, *host(HOST))
    found = no_valid_host(region, replace(BUILD, pool="gpu"))
    assert (found.ruled_out, found.pool) == ((), "gpu")
    assert str(found) == "No valid host for 2 vCPUs / 4096 MiB: pool 'gpu' has no hosts."
