"""Many servers by one request: each is answered for itself, or all of them or none."""

from __future__ import annotations

from typing import Any
from uuid import UUID, uuid4

from tests.adapters.http.native.test_problems import told
from tests.kit.hypervisor import LARGE
from tests.kit.region import FOREIGN, OWN, Answer, Region, size


def scales(region: Region, *servers: UUID, as_: str = "admin", **more: Any) -> Answer:
    wishes = [{"server": str(server), **size(LARGE)} for server in servers]
    headers = {"idempotency-key": more.pop("key")} if "key" in more else None
    body = {"scales": wishes, "reason": "the sale"} | more
    return region.post("/v1/scales", body, as_=as_, headers=headers)


def test_each_accepted_scale_of_a_bulk_is_an_operation(region: Region) -> None:
    servers = [region.adopted(), region.adopted()]
    answer = scales(region, *servers)
    assert answer.status_code == 200
    answered = answer.json()["scales"]
    assert [one["server"] for one in answered] == [str(server) for server in servers]
    with region.carried():
        for one in answered:
            assert one["problem"] is None
            assert region.ended(one["accepted"]["operation"])["size"] == size(LARGE)


def test_each_refused_scale_of_a_bulk_is_a_problem(region: Region) -> None:
    servers = [region.adopted(), region.adopted()]
    region.limits(cores=6)
    first, second = scales(region, *servers).json()["scales"]
    assert first["problem"] is None
    assert second["accepted"] is None
    assert second["problem"] == told(region.scale(servers[1], LARGE), 403, "quota-exceeded")


def test_an_all_or_nothing_bulk_names_the_refused_scale(region: Region) -> None:
    servers = [region.adopted(), region.adopted()]
    region.limits(cores=6)
    head = region.head
    document = told(scales(region, *servers, all_or_nothing=True), 409, "one-refused")
    assert (document["item"], document["server"]) == (1, str(servers[1]))
    assert document["refused"]["type"] == "urn:ullage:problem:quota-exceeded"
    assert (document["refused"]["status"], region.head) == (403, head)


def test_another_projects_servers_are_absent_in_a_bulk(region: Region) -> None:
    own, foreign, absent = region.adopted(), region.adopted(project=FOREIGN), uuid4()
    answered = scales(region, own, foreign, absent, as_="member").json()["scales"]
    assert answered[0]["accepted"]["to"] == size(LARGE)
    assert answered[1]["problem"] == {
        "type": "urn:ullage:problem:not-found",
        "title": "Not found",
        "status": 404,
        "detail": f"There is no server {foreign}.",
        "what": "server",
        "id": str(foreign),
    }
    assert answered[2]["problem"]["detail"] == f"There is no server {absent}."


def test_a_bulk_repeated_with_its_key_is_answered_the_same(region: Region) -> None:
    server = region.adopted()
    first, again = (scales(region, server, key="once") for _ in range(2))
    assert first.json() == again.json()
    assert first.headers["ullage-position"] == again.headers["ullage-position"]
    assert region.used(OWN)["cores"] == LARGE.vcpus


def test_a_bulk_has_at_most_200_scales(region: Region) -> None:
    servers = [uuid4() for _ in range(201)]
    assert scales(region, *servers).status_code == 400
    assert len(scales(region, *servers[:200]).json()["scales"]) == 200
    assert scales(region).status_code == 400
