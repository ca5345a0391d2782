"""What a Nova that was measured does wrong, asked in the same way: here it comes out right.

Nova counts a resize only once it is done, so that ten of them pass where there is room for four;
it lets boots beyond the quota in and leaves servers in ERROR behind, which count; and it refuses
boots that have a right to be.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from functools import partial
from uuid import UUID

import pytest

from tests.adapters.http.compute.kit.serving import (
    LARGE,
    SMALL,
    act,
    ask,
    becomes,
    boot,
    booted,
    furnished,
    gone,
)
from tests.kit.hypervisor import refuse
from tests.kit.region import Answer, NewRegion, Region, together

Calls = Iterable[Callable[[], Answer]]
Asked = Callable[[Calls], list[Answer]]


def one_by_one(calls: Calls) -> list[Answer]:
    return [call() for call in calls]


ways = pytest.mark.parametrize("asked", [one_by_one, together], ids=["one by one", "together"])


@pytest.fixture(name="region")
def _region(region: Region) -> Iterator[Region]:
    with furnished(region).carried():
        region.limits(instances=-1, cores=-1, ram=-1)
        yield region


def statuses(answers: list[Answer]) -> Counter[int]:
    return Counter(one.status_code for one in answers)


def in_error(region: Region) -> list[str]:
    listed = ask(region, "GET", "/servers?status=ERROR").json()["servers"]
    return [one["id"] for one in listed]


@ways
def test_ten_resizes_into_room_for_four_are_exactly_four(region: Region, asked: Asked) -> None:
    servers = [booted(region) for _ in range(10)]
    region.limits(instances=-1, cores=14, ram=-1)
    answers = asked(partial(act, region, one, resize={"flavorRef": LARGE}) for one in servers)
    assert statuses(answers) == {202: 4, 403: 6}
    assert region.used()["cores"] == 14
    for server, answer in zip(servers, answers, strict=True):
        if answer.is_success:
            becomes(region, server, "VERIFY_RESIZE")
            assert act(region, server, confirmResize=None).status_code == 204
    assert region.used()["cores"] == 14
    refused = next(s for s, one in zip(servers, answers, strict=True) if not one.is_success)
    assert act(region, refused, resize={"flavorRef": LARGE}).status_code == 403


@ways
def test_twelve_boots_on_ten_are_exactly_ten_again_and_again(region: Region, asked: Asked) -> None:
    region.limits(instances=10, cores=-1, ram=-1)
    for _ in range(3):
        answers = asked([partial(boot, region)] * 12)
        assert statuses(answers) == {202: 10, 403: 2}
        assert region.used()["instances"] == 10
        servers = [one.json()["server"]["id"] for one in answers if one.is_success]
        for server in servers:
            becomes(region, server, "ACTIVE")
        assert in_error(region) == []
        for server in servers:
            assert ask(region, "DELETE", f"/servers/{server}").status_code == 204
        for server in servers:
            gone(region, server)
        assert region.used()["instances"] == 0


def test_boots_beyond_the_quota_are_refused_at_once_and_leave_nothing(region: Region) -> None:
    region.limits(instances=10, cores=-1, ram=-1)
    answers = together([partial(boot, region)] * 30)
    assert statuses(answers) == {202: 10, 403: 20}
    assert in_error(region) == []
    assert len(ask(region, "GET", "/servers").json()["servers"]) == 10


def test_a_downsize_is_reverted_whatever_the_quota_says_meanwhile(region: Region) -> None:
    server = booted(region, flavorRef=LARGE)
    assert act(region, server, resize={"flavorRef": SMALL}).status_code == 202
    becomes(region, server, "VERIFY_RESIZE")
    assert region.used()["cores"] == 2
    region.put("/v1/projects/demo/quota", {"limits": {"cores": 0}, "force": True})
    assert act(region, server, revertResize=None).status_code == 202
    assert becomes(region, server, "ACTIVE")["flavor"]["vcpus"] == 2


def test_a_failed_build_does_not_count(new_region: NewRegion) -> None:
    region = furnished(new_region().leading())
    region.limits(instances=1, cores=-1, ram=-1)
    server = boot(region).json()["server"]["id"]
    assert boot(region).status_code == 403
    region.host.tell(UUID(server), refuse)
    with region.carried():
        assert becomes(region, server, "ERROR")["fault"]["code"] == 500
        assert region.used()["instances"] == 0
        booted(region)
        assert in_error(region) == [server]
        assert ask(region, "DELETE", f"/servers/{server}").status_code == 204
        assert ask(region, "GET", f"/servers/{server}").status_code == 404
