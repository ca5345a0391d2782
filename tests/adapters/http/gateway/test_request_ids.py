"""Every answer names its request, under which the log knows what it did."""

from __future__ import annotations

from uuid import UUID

import pytest

from tests.kit.region import NewRegion, Region


@pytest.mark.parametrize(
    ("path", "as_", "status"),
    [
        ("/v1/servers", "admin", 200),
        ("/healthz", None, 200),
        ("/v1/servers", None, 401),
        ("/v1/hosts", "reader", 403),
        ("/v1/nothing", "admin", 404),
    ],
)
def test_an_answer_has_the_id_of_its_request_and_no_two_have_the_same(
    shared: Region, path: str, as_: str | None, status: int
) -> None:
    ids = set()
    for _ in range(3):
        answer = shared.get(path, as_=as_)
        assert answer.status_code == status
        (id_,) = answer.headers.get_list("x-request-id")
        ids.add(UUID(id_))
    assert len(ids) == 3


def test_the_facts_of_a_write_name_the_request_that_caused_them(shared: Region) -> None:
    answer = shared.put("/v1/projects/demo/quota", {"limits": {"cores": 9}})
    (entry,) = shared.get("/v1/history?kind=quota.changed&limit=1").json()["items"]
    assert entry["because"] == answer.headers["x-request-id"]


def test_a_write_that_is_handed_on_has_one_id_that_of_the_leader(new_region: NewRegion) -> None:
    leading = new_region().leading()
    following = new_region(leading.hosts).start()
    answer = following.put("/v1/projects/demo/quota", {"limits": {"cores": 9}})
    (id_,) = answer.headers.get_list("x-request-id")
    (entry,) = leading.get("/v1/history?kind=quota.changed&limit=1").json()["items"]
    assert entry["because"] == id_
