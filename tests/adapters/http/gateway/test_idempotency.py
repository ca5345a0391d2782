"""A request with an Idempotency-Key is done once, and answered the same however often it comes."""

from __future__ import annotations

from uuid import UUID

import pytest

from tests.kit.hypervisor import LARGE, SMALL
from tests.kit.region import HOST, OWN, Answer, NewRegion, Region, size, together

KEY = {"idempotency-key": "k-1"}


def same(answers: list[Answer]) -> bool:
    return len({(answer.status_code, answer.content) for answer in answers}) == 1


def test_the_same_key_gets_the_same_answer_byte_for_byte(region: Region) -> None:
    server = region.adopted()
    first = region.scale(server, LARGE, headers=KEY)
    head = region.head
    again = [region.scale(server, LARGE, headers=KEY) for _ in range(3)]
    assert first.status_code == 202
    assert same([first, *again])
    assert {answer.headers["location"] for answer in again} == {first.headers["location"]}
    assert {a.headers["ullage-position"] for a in again} == {first.headers["ullage-position"]}
    assert region.head == head


def test_the_same_key_gets_the_same_answer_after_the_operation_has_ended(region: Region) -> None:
    server = region.adopted()
    first = region.scale(server, LARGE, headers=KEY)
    with region.carried():
        assert region.ended(first.json()["operation"])["state"] == "succeeded"
    assert same([first, region.scale(server, LARGE, headers=KEY)])


def test_the_same_key_with_another_body_is_refused(region: Region) -> None:
    server = region.adopted()
    region.scale(server, LARGE, headers=KEY)
    head = region.head
    answer = region.scale(server, SMALL, headers=KEY)
    assert (answer.status_code, answer.json()["type"]) == (422, "urn:ullage:problem:key-reused")
    assert region.head == head


def test_the_same_key_and_body_for_another_server_are_refused(region: Region) -> None:
    server, other = region.adopted(), region.adopted()
    region.scale(server, LARGE, headers=KEY)
    assert region.scale(other, LARGE, headers=KEY).status_code == 422


def test_two_callers_may_use_one_key(region: Region) -> None:
    server, other = region.adopted(), region.adopted()
    assert region.scale(server, LARGE, headers=KEY, as_="admin").status_code == 202
    assert region.scale(other, LARGE, headers=KEY, as_="member").status_code == 202


def test_a_refusal_is_not_remembered(region: Region) -> None:
    server = region.adopted()
    region.limits(cores=2)
    assert region.scale(server, LARGE, headers=KEY).status_code == 403
    region.limits(cores=4)
    assert region.scale(server, LARGE, headers=KEY).status_code == 202


def test_fifty_at_the_same_time_have_one_effect_and_one_answer(region: Region) -> None:
    server = region.adopted()
    head = region.head
    answers = together([lambda: region.scale(server, LARGE, headers=KEY)] * 50)
    assert answers[0].status_code == 202
    assert same(answers)
    assert region.head == head + 3  # the request and what it claims of quota and host
    assert region.used()["cores"] == LARGE.vcpus


def test_a_restarted_process_gives_the_same_answer(new_region: NewRegion) -> None:
    region = new_region().leading()
    server = region.adopted()
    first = region.scale(server, LARGE, headers=KEY)
    region.stop()
    after = new_region(region.hosts).leading()
    head = after.head
    assert same([first, after.scale(server, LARGE, headers=KEY)])
    assert after.scale(server, SMALL, headers=KEY).status_code == 422
    assert after.head == head


def test_a_repeated_quota_change_is_answered_the_same(region: Region) -> None:
    body = {"limits": {"cores": 7}}
    first = region.put(f"/v1/projects/{OWN}/quota", body, headers=KEY)
    region.limits(cores=9)
    head = region.head
    assert same([first, region.put(f"/v1/projects/{OWN}/quota", body, headers=KEY)])
    assert region.head == head


def _adopt(region: Region, server: UUID) -> Answer:
    body = {"host": HOST, "server": str(server), "project": OWN, "ceiling": size(LARGE)}
    return region.post("/v1/adoptions", body, headers=KEY)


@pytest.mark.parametrize("since", ["nothing", "scaled", "host down", "gone"])
def test_a_repeated_adoption_is_answered_the_same_whatever_became_of_the_server(
    region: Region, since: str
) -> None:
    server = region.host.make()
    first = _adopt(region, server)
    assert first.status_code == 201
    if since == "scaled":
        region.scaling(server, LARGE)
    region.host.down = since == "host down"
    if since == "gone":
        region.host.sizes.pop(server)
    assert same([first, _adopt(region, server)])


def test_a_repeated_adoption_at_position_1_is_answered_the_same(
    new_region: NewRegion,
) -> None:
    region = new_region(quota={}).leading()
    assert region.head == 3  # the quota class, its host, and the pool that it is in
    body = {"host": HOST, "server": str(region.host.make()), "project": OWN}
    first = region.post("/v1/adoptions", body, headers=KEY)
    region.limits(cores=9)
    assert same([first, region.post("/v1/adoptions", body, headers=KEY)])


def test_a_repeated_request_that_waits_is_told_of_an_end_before_a_restart(
    new_region: NewRegion,
) -> None:
    region = new_region().leading()
    server = region.adopted()
    with region.carried():
        region.ended(region.scale(server, LARGE, headers=KEY).json()["operation"])
    region.stop()
    after = new_region(region.hosts).leading()
    again = after.scale(server, LARGE, headers=KEY | {"prefer": "wait=60"})
    assert (again.status_code, again.json()["state"]) == (200, "succeeded")
