"""A relay tells of its own hosts; what it says of another's changes nothing."""

from __future__ import annotations

from typing import Any
from uuid import UUID

import pytest

from domain.shared.size import Size
from tests.kit.building import as_seen, rooms
from tests.kit.hypervisor import LARGE, ScriptedHost
from tests.kit.region import HOST, Answer, NewRegion, Region, size

SECOND = "host-2"


@pytest.fixture
def named(new_region: NewRegion) -> Region:
    """Whose relay ``service`` has the second host only."""
    hosts = {one: ScriptedHost(Size(64, 65536)) for one in (HOST, SECOND)}
    return new_region(hosts, relays={"service": [SECOND], "other": [HOST]}).leading()


def _observed(region: Region, **told: Any) -> Answer:
    return region.post("/v1/observations", told, as_="service")


def _seen(region: Region, server: UUID, **but: Any) -> dict[str, Any]:
    return as_seen(region.host.inspect(server)) | but


def test_what_another_relays_host_has_is_not_its_to_say(named: Region) -> None:
    head = named.head
    told = {"capacity": size(LARGE), "traits": [], "hypervisor": ""}
    both = [{"host": host, **told} for host in (SECOND, HOST)]
    refused = _observed(named, hosts=both)
    assert (refused.status_code, refused.json()["type"]) == (
        403,
        "urn:ullage:problem:not-permitted",
    )
    assert HOST in refused.json()["detail"]
    assert named.head == head
    assert _observed(named, hosts=both[:1]).status_code == 204
    assert named.head == head + 1


def test_a_server_on_another_relays_host_is_not_there_for_it(named: Region) -> None:
    server = named.adopted()
    named.host.somebody_resizes(server, LARGE)
    head, version = named.head, named.get(f"/v1/servers/{server}").json()["version"]
    for seen, status in (
        (None, 204),
        (_seen(named, server, host=SECOND), 204),
        (_seen(named, server), 403),
    ):
        told = {"server": str(server), "version": version, "seen": seen}
        assert _observed(named, servers=[told]).status_code == status
        assert named.head == head


def test_its_own_relay_ends_it_where_it_is_and_nowhere_else(new_region: NewRegion) -> None:
    region = new_region(relays={"service": [HOST]}).leading()
    server = region.adopted()
    operation = region.scaling(server, Size(3, 4096))
    told = {"server": str(server), "operation": operation, "ask": "reconfigure"}
    head = region.head
    for host, grows in ((SECOND, False), (HOST, True)):
        seen = {"outcome": "read-back", "shortfall": "", "seen": _seen(region, server, host=host)}
        answer = region.post("/v1/outcomes", {"outcomes": [told | seen]}, as_="service")
        assert (answer.status_code, region.head > head) == (204, grows)


@pytest.mark.parametrize("outcome", ["absent", "failed", "read-back"])
def test_an_operation_on_another_relays_host_is_not_its_to_end(named: Region, outcome: str) -> None:
    server = named.adopted()
    operation = named.scaling(server, Size(3, 4096))
    head = named.head
    became: dict[str, Any] = {"reason": "so it says"}
    if outcome == "read-back":
        became = {"shortfall": "", "seen": _seen(named, server, host=SECOND)}
    told = {"server": str(server), "operation": operation, "ask": "reconfigure"}
    told["outcome"] = outcome
    answer = named.post("/v1/outcomes", {"outcomes": [told | became]}, as_="service")
    assert (answer.status_code, named.head) == (204, head)


def test_a_relay_that_is_not_named_has_no_host(new_region: NewRegion) -> None:
    region = new_region(relays={"another": [HOST]}).leading()
    told = {"host": HOST, "capacity": size(LARGE), "traits": [], "hypervisor": ""}
    assert _observed(region, hosts=[told]).status_code == 403


def test_where_none_is_named_there_is_one_relay_of_all_hosts(new_region: NewRegion) -> None:
    region = new_region().leading()
    head = region.head
    rooms(region)
    assert region.head > head
