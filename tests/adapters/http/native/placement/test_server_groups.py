"""Server groups: made within the quota, joined and left, and absent for other projects."""

from __future__ import annotations

from typing import Any
from uuid import uuid4

import pytest

from tests.kit.building import build, built, rooms
from tests.kit.region import FOREIGN, OWN, Answer, NewRegion, Region

GROUPS = "/v1/server-groups"


def make(region: Region, *, as_: str = "admin", **fields: Any) -> Answer:
    body = {"name": "web", "policy": "anti-affinity", **fields}
    if as_ == "admin":
        body = {"project": OWN, **body}
    return region.post(GROUPS, body, as_=as_)


def made(region: Region, **fields: Any) -> str:
    answered = make(region, **fields)
    assert answered.status_code == 201, answered.text
    return str(answered.json()["id"])


def test_a_group_is_made_shown_and_counted(region: Region) -> None:
    answered = make(region, as_="member", max_server_per_host=2)
    group = answered.json()
    assert answered.headers["location"] == f"{GROUPS}/{group['id']}"
    assert group == {
        "id": group["id"],
        "project": OWN,
        "user": "member",
        "name": "web",
        "policy": "anti-affinity",
        "max_server_per_host": 2,
        "members": [],
        "version": 1,
    }
    shown = region.get(answered.headers["location"], as_="reader")
    assert (shown.json(), shown.headers["etag"]) == (group, '"1"')
    assert region.used()["server_groups"] == 1


def test_groups_obey_the_quota(region: Region) -> None:
    region.limits(server_groups=1)
    group = made(region)
    (short,) = make(region).json()["shortages"]
    assert (short["resource"], short["left"]) == ("server_groups", 0)
    assert region.ask("DELETE", f"{GROUPS}/{group}?reason=over").status_code == 204
    assert region.get(f"{GROUPS}/{group}").status_code == 404
    assert make(region).status_code == 201


@pytest.mark.parametrize(
    "fields",
    [
        {"policy": "apart"},
        {"policy": "affinity", "max_server_per_host": 2},
        {"max_server_per_host": 0},
        {"max_server_per_host": "2"},
        {"name": ""},
        {"rules": {}},
        {"project": None},
    ],
)
def test_an_invalid_group_is_refused(shared: Region, fields: dict[str, Any]) -> None:
    head = shared.head
    assert make(shared, **fields).status_code == 400
    assert shared.head == head


def test_servers_join_and_leave_a_group(region: Region) -> None:
    group, server = made(region), region.adopted()
    path = f"{GROUPS}/{group}/members/{server}"
    joined = region.put(f"{path}?reason=apart", as_="member")
    assert (joined.json()["members"], joined.headers["etag"]) == ([str(server)], '"2"')
    assert region.put(path).json()["version"] == 2
    assert region.get(f"/v1/servers/{server}").json()["group"] == group
    other = made(region)
    refused = region.put(f"{GROUPS}/{other}/members/{server}")
    assert refused.json()["type"] == "urn:ullage:problem:in-another-group"
    neighbour = region.adopted()
    refused = region.put(f"{GROUPS}/{group}/members/{neighbour}")
    assert refused.json()["type"] == "urn:ullage:problem:policy-violated"
    left = region.ask("DELETE", path)
    assert (left.status_code, left.json()["members"]) == (200, [])
    assert region.ask("DELETE", path).status_code == 404
    assert region.get(f"/v1/servers/{server}").json()["group"] is None


def test_members_stand_in_the_order_in_which_they_came_in_every_process(
    region: Region, new_region: NewRegion
) -> None:
    group = made(region, policy="soft-affinity")
    servers = sorted((str(region.adopted()) for _ in range(5)), reverse=True)
    for server in servers:
        assert region.put(f"{GROUPS}/{group}/members/{server}").status_code == 200
    assert region.get(f"{GROUPS}/{group}").json()["members"] == servers
    # Another process begins with what stands in the tables.
    region.get(f"/v1/history?after={region.head}")
    follower = new_region().start()
    assert follower.get(f"{GROUPS}/{group}?after={region.head}").json()["members"] == servers


def test_the_servers_of_a_deleted_group_are_in_none(region: Region) -> None:
    group, server = made(region), region.adopted()
    region.put(f"{GROUPS}/{group}/members/{server}")
    stale = region.ask("DELETE", f"{GROUPS}/{group}", headers={"if-match": '"1"'})
    assert stale.status_code == 412
    assert region.ask("DELETE", f"{GROUPS}/{group}").status_code == 204
    assert region.get(f"/v1/servers/{server}").json()["group"] is None


def test_a_server_is_built_into_a_group(region: Region) -> None:
    rooms(region)
    group = made(region)
    with region.carried():
        server = built(region, group=group)
    assert region.get(f"{GROUPS}/{group}").json()["members"] == [str(server)]
    refused = build(region, group=group)
    assert refused.json()["type"] == "urn:ullage:problem:no-valid-host"


def test_members_have_a_quota_of_their_own(region: Region) -> None:
    region.limits(server_group_members=0)
    group, server = made(region), region.adopted()
    (short,) = region.put(f"{GROUPS}/{group}/members/{server}").json()["shortages"]
    assert (short["resource"], short["scope"]) == ("server_group_members", "group")


def test_another_projects_group_is_absent(region: Region) -> None:
    rooms(region)
    foreign, absent = made(region, project=FOREIGN), str(uuid4())
    server = region.adopted()
    for group in (foreign, absent):
        path = f"{GROUPS}/{group}"
        answers = [
            region.get(path, as_="member"),
            region.ask("DELETE", path, as_="member"),
            region.put(f"{path}/members/{server}", as_="member"),
            region.ask("DELETE", f"{path}/members/{server}", as_="member"),
            build(region, as_="member", group=group),
            build(region, group=group),
        ]
        assert {answer.status_code for answer in answers} == {404}
    assert region.get(f"{GROUPS}?project={FOREIGN}", as_="member").json()["items"] == []
    own = made(region)
    stranger = region.adopted(project=FOREIGN)
    for as_ in ("member", "admin"):
        answered = region.put(f"{GROUPS}/{own}/members/{stranger}", as_=as_)
        assert answered.status_code == 404
    assert make(region, as_="member", project=FOREIGN).status_code == 404


def test_groups_come_in_pages_each_once(region: Region) -> None:
    own = sorted(made(region) for _ in range(3))
    foreign = made(region, project=FOREIGN)
    seen, path = [], f"{GROUPS}?limit=2"
    while path:
        answered = region.get(path, as_="member")
        seen += [one["id"] for one in answered.json()["items"]]
        path = answered.headers.get("link", "").partition(">")[0].lstrip("<")
    assert seen == own
    listed = region.get(GROUPS, as_="auditor").json()["items"]
    assert {one["id"] for one in listed} == {*own, foreign}
    of_one = region.get(f"{GROUPS}?project={FOREIGN}").json()["items"]
    assert [one["id"] for one in of_one] == [foreign]
    assert region.get(f"{GROUPS}?cursor=x").status_code == 400


def test_the_same_key_makes_one_group(region: Region) -> None:
    body = {"name": "web", "policy": "affinity", "project": OWN}
    answers = [region.post(GROUPS, body, headers={"idempotency-key": "k"}).json() for _ in range(2)]
    assert answers[0] == answers[1]
    path = f"{GROUPS}/{answers[0]['id']}"
    gone = [region.ask("DELETE", path, headers={"idempotency-key": "d"}) for _ in range(2)]
    assert [(one.status_code, one.headers["ullage-position"]) for one in gone] == [
        (204, str(region.head))
    ] * 2
