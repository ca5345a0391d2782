"""Every write leaves a line of who did what to which, and so does everything that was forbidden."""

from __future__ import annotations

from typing import Any

import pytest

from tests.adapters.http.kit.logged import Line, logged, shown_id
from tests.kit.region import Answer, Region

QUOTA = "/v1/projects/demo/quota"


def audited(region: Region, *asked: Any, **how: Any) -> tuple[Answer, Line]:
    """What was answered, and its line."""
    with logged(1) as lines:
        answer = region.ask(*asked, **how)
    (line,) = lines
    return answer, line


def test_a_write_is_told_with_its_position(shared: Region) -> None:
    answer, line = audited(shared, "PUT", QUOTA, {"limits": {"cores": 9}})
    assert line.pop("ms") > 0
    assert line == {
        "event": "done",
        "log_level": "info",
        "request_id": shown_id(answer),
        "actor": "admin",
        "role": "admin",
        "project": None,
        "method": "PUT",
        "route": "/v1/projects/{project}/quota",
        "action": "set_quota",
        "on": {"project": "demo"},
        "status": 200,
        "refused": False,
        "position": int(answer.headers["ullage-position"]),
    }


def test_a_write_by_way_of_the_compute_api_is_told_with_its_position(shared: Region) -> None:
    group = {"server_group": {"name": "g", "policies": ["affinity"]}}
    answer, line = audited(shared, "POST", "/compute/v2.1/os-server-groups", group, as_="member")
    assert (line["event"], line["actor"], line["role"]) == ("done", "member", "member")
    assert line["position"] == int(answer.headers["ullage-position"])


@pytest.mark.parametrize(
    ("method", "path", "as_", "status"),
    [
        ("PUT", QUOTA, "admin", 400),
        ("PUT", QUOTA, "member", 403),
        ("PUT", QUOTA, None, 401),
        ("PUT", "/v1/nothing", "admin", 404),
        ("GET", "/v1/hosts", "reader", 403),
        ("GET", "/v1/hosts", None, 401),
    ],
)
def test_what_was_refused_is_told_as_refused(
    shared: Region, method: str, path: str, as_: str | None, status: int
) -> None:
    answer, line = audited(shared, method, path, as_=as_)
    assert (answer.status_code, line["status"], line["actor"]) == (status, status, as_)
    assert (line["event"], line["refused"], line["position"]) == ("refused", True, None)


def test_a_read_that_is_answered_is_not_audited(shared: Region) -> None:
    with logged(3) as lines:
        shared.get("/v1/servers")
        shared.get("/v1/nothing")
        shared.get("/v1/hosts")
    assert {line["event"] for line in lines} == {"request"}
