"""Server groups as Nova's clients make, list and delete them."""

from __future__ import annotations

from typing import Any

import pytest

from tests.adapters.http.compute.kit.asking import GROUPS, Asking, refused
from tests.kit.building import built, rooms
from tests.kit.region import OWN, NewRegion, Region, until

_NOBODYS = "6b03df05-e161-436a-a3a9-9cb4601c1867"


@pytest.fixture(name="asking")
def _asking(shared: Region) -> Asking:
    shared.limits(server_groups=-1)
    return Asking(shared, "2.64", as_="member")


def create(asking: Asking, **group: Any) -> tuple[int, Any]:
    answer = asking("POST", GROUPS, {"server_group": {"name": "a", **group}})
    return (200, answer.json()["server_group"]) if answer.is_success else refused(answer)


@pytest.mark.parametrize("most", [3, "3"])
def test_a_groups_rule_is_a_number_or_digits(asking: Asking, most: Any) -> None:
    rules = {"max_server_per_host": most}
    _, group = create(asking, policy="anti-affinity", rules=rules)
    assert (group["policy"], group["rules"]) == ("anti-affinity", {"max_server_per_host": 3})
    assert (group["project_id"], group["user_id"]) == (OWN, "member")
    assert asking.shown(f"{GROUPS}/{group['id']}") == group


@pytest.mark.parametrize(
    ("at", "group"),
    [
        ("2.1", {"policies": []}),
        ("2.1", {"policies": ["affinity", "anti-affinity"]}),
        ("2.1", {"policy": "affinity"}),
        ("2.14", {"policies": ["soft-affinity"]}),
        ("2.63", {"policies": ["legacy"]}),
        ("2.63", {"policies": ["affinity"], "rules": {}}),
        ("2.64", {"policies": ["affinity"]}),
        ("2.64", {"policy": "anti-affinity", "rules": {"max_server_per_host": 0}}),
        ("2.64", {"policy": "anti-affinity", "rules": {"max_server_per_host": "x"}}),
        ("2.64", {"policy": "anti-affinity", "rules": {"max_server_per_host": 2**31}}),
        ("2.64", {"policy": "anti-affinity", "rules": {"other": 1}}),
        ("2.64", {"policy": "affinity", "name": " a"}),
        ("2.64", {"policy": "affinity", "name": "a" * 256}),
        ("2.64", {"policy": "affinity", "other": 1}),
    ],
)
def test_an_invalid_group_is_refused(shared: Region, at: str, group: Any) -> None:
    assert create(Asking(shared, at, as_="member"), **group)[0] == 400


def test_group_rules_are_for_anti_affinity(asking: Asking) -> None:
    words = "Only anti-affinity policy supports rules."
    assert create(asking, policy="affinity", rules={"max_server_per_host": 2}) == (400, words)
    assert create(asking, policy="affinity", rules={})[1]["rules"] == {}


def test_too_many_groups_are_refused_and_one_less_is_not(asking: Asking, shared: Region) -> None:
    has = shared.used()["server_groups"]
    shared.limits(server_groups=has + 1)
    _, last = create(asking, policy="affinity")
    over = (403, "Quota exceeded, too many server groups.")
    assert create(asking, policy="affinity") == over
    assert Asking(shared, as_="reader").shown("/limits")["absolute"]["totalServerGroupsUsed"] == (
        has + 1
    )
    assert asking("DELETE", f"{GROUPS}/{last['id']}").status_code == 204
    assert create(asking, policy="affinity")[0] == 200


def test_a_users_own_limit_is_named_as_such(asking: Asking, shared: Region) -> None:
    path = f"/v1/projects/{OWN}/users/member/quota"
    shared.put(path, {"limits": {"server_groups": 0}, "force": True})
    words = "Quota exceeded, too many server groups. (the limit is that of user member)"
    assert create(asking, policy="affinity") == (403, words)
    shared.ask("DELETE", path)


def test_a_group_is_gone_once_deleted(asking: Asking) -> None:
    _, group = create(asking, policy="affinity")
    path = f"{GROUPS}/{group['id']}"
    deleted = asking("DELETE", path)
    assert (deleted.status_code, deleted.content) == (204, b"")
    words = f"Instance group {group['id']} could not be found."
    assert refused(asking("DELETE", path)) == (404, words)
    assert refused(asking("GET", path)) == (404, words)


@pytest.mark.parametrize("name", ["nope", "a", _NOBODYS, _NOBODYS.upper()])
def test_a_group_is_not_found_by_its_name(asking: Asking, name: str) -> None:
    """The command line asks for a name as if it were one, and lists when it is not."""
    words = f"Instance group {name} could not be found."
    assert refused(asking("GET", f"{GROUPS}/{name}")) == (404, words)


def test_another_projects_groups_are_as_if_they_were_not_there(shared: Region) -> None:
    path = f"{GROUPS}/{Asking(shared, as_='foreign-member').group()}"
    for method in ("GET", "DELETE"):
        assert Asking(shared, as_="member")(method, path).status_code == 404
    for as_ in ("admin", "auditor", "foreign-reader"):
        assert Asking(shared, as_=as_)("GET", path).status_code == 200
    words = "Policy doesn't allow os_compute_api:os-server-groups:delete to be performed."
    assert refused(Asking(shared, as_="foreign-reader")("DELETE", path)) == (403, words)
    assert Asking(shared)("DELETE", path).status_code == 204


def test_group_lists_are_of_the_own_project_in_pages(new_region: NewRegion) -> None:
    region = new_region().leading()
    own, foreign = Asking(region, as_="member"), Asking(region, as_="foreign-member")
    ids = sorted(own.group(name) for name in "abc")
    others = foreign.group("d")

    def listed(asking: Asking, query: str = "") -> list[str]:
        return [one["id"] for one in asking.shown(f"{GROUPS}{query}")]

    assert listed(own) == listed(own, "?all_projects=true") == ids
    assert listed(Asking(region), "?all_projects") == sorted([*ids, others])
    assert listed(own, "?limit=2") == ids[:2]
    assert listed(own, "?limit=2&offset=2") == ids[2:]
    assert listed(own, "?limit=0") == ids
    assert own("GET", f"{GROUPS}?limit=-1").status_code == 400
    assert Asking(region, "2.75", as_="member")("GET", f"{GROUPS}?foo=1").status_code == 400


def test_a_token_without_a_project_creates_no_group(shared: Region) -> None:
    words = "A server group is of a project: ask with a token of one."
    assert create(Asking(shared, "2.64"), policy="affinity") == (400, words)


def test_group_members_are_existing_servers(region: Region) -> None:
    rooms(region)
    asking = Asking(region, as_="member")
    group = asking.group()
    with region.carried():
        server = built(region, group=group)
        assert asking.shown(f"{GROUPS}/{group}")["members"] == [str(server)]
        assert region.ask("DELETE", f"/v1/servers/{server}").is_success
        until(lambda: asking.shown(f"{GROUPS}/{group}")["members"] == [])


def test_a_reader_creates_no_group(shared: Region) -> None:
    words = "Policy doesn't allow os_compute_api:os-server-groups:create to be performed."
    for as_ in ("reader", "auditor"):
        answer = create(Asking(shared, "2.64", as_=as_), policy="affinity")
        assert answer == (403, words)
