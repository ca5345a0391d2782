"""Many clients at the same time: a quota holds to the last core, whoever asks and however."""

from __future__ import annotations

from collections import Counter
from uuid import UUID

import pytest

from domain.shared.size import Size
from tests.kit.hypervisor import LARGE, SMALL, refuse
from tests.kit.region import OWN, Region, together

pytestmark = pytest.mark.takes(5)

CLIENTS, ROOM = 200, 37


@pytest.fixture
def servers(region: Region) -> list[UUID]:
    """A server of one core for every client, and room for so many cores more."""
    region.limits(instances=-1, cores=-1, ram=-1)
    made = [region.adopted(Size(1, 1024)) for _ in range(CLIENTS)]
    region.limits(cores=CLIENTS + ROOM)
    return made


def test_of_200_clients_with_room_for_37_exactly_37_are_accepted(
    region: Region, servers: list[UUID]
) -> None:
    grown = Size(2, 1024)
    answers = together([lambda s=server: region.scale(s, grown) for server in servers])  # type: ignore[misc]
    assert Counter(answer.status_code for answer in answers) == {202: ROOM, 403: CLIENTS - ROOM}
    refused = [answer.json() for answer in answers if answer.status_code == 403]
    assert {one["type"] for one in refused} == {"urn:ullage:problem:quota-exceeded"}
    assert region.used()["cores"] == CLIENTS + ROOM


def test_usage_never_passes_the_limit_at_any_position_of_the_log(
    region: Region, servers: list[UUID]
) -> None:
    sizes = (Size(2, 1024), Size(5, 2048), Size(11, 1024))
    asked = [(server, sizes[n % 3]) for n, server in enumerate(servers)]
    together([lambda s=server, to=to: region.scale(s, to) for server, to in asked])  # type: ignore[misc]
    with region.process._pools.own.connection() as connection:
        used = connection.execute(
            "SELECT (body::json -> 'used' ->> 'cores')::int FROM facts "
            "WHERE kind = 'quota.claimed' ORDER BY position"
        ).fetchall()
    assert max(used)[0] == region.used()["cores"] <= CLIENTS + ROOM
    open_ = region.get(f"/v1/operations?project={OWN}&state=open&limit=1000").json()["items"]
    growth = sum(one["to"]["vcpus"] - one["was"]["vcpus"] for one in open_)
    assert region.used()["cores"] == CLIENTS + growth


def test_a_scale_that_the_host_refuses_leaves_its_room_to_others(region: Region) -> None:
    region.limits(instances=-1, cores=-1, ram=-1)
    servers = [region.adopted() for _ in range(20)]
    region.limits(cores=40 + 2 * 5)
    for server in servers[::2]:
        region.host.tell(server, *[refuse] * 50)
    good, pending = set(servers[1::2]), dict.fromkeys(servers)
    grown: set[UUID] = set()
    with region.carried():
        for _ in range(3):
            answers = {server: region.scale(server, LARGE) for server in pending}
            accepted = {s: a.json()["operation"] for s, a in answers.items() if a.is_success}
            for server, operation in accepted.items():
                if region.ended(operation)["state"] == "succeeded":
                    grown.add(server)
            pending = dict.fromkeys(server for server in pending if server not in accepted)
    assert grown <= good
    assert region.used()["cores"] == 40 + 2 * len(grown)
    assert sum(one.vcpus for one in region.host.sizes.values()) == region.used()["cores"]


def test_one_server_asked_by_many_has_one_operation(region: Region) -> None:
    server = region.adopted(SMALL)
    answers = together([lambda: region.scale(server, LARGE)] * 40)
    assert Counter(answer.status_code for answer in answers) == {202: 1, 409: 39}
    (accepted,) = [answer.json()["operation"] for answer in answers if answer.is_success]
    refused = {answer.json()["operation"] for answer in answers if answer.status_code == 409}
    assert refused == {accepted}
