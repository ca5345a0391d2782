"""Limits of one user in a project, and giving limits back to the defaults."""

from __future__ import annotations

from tests.kit.building import build, built, rooms
from tests.kit.hypervisor import LARGE
from tests.kit.region import FOREIGN, OWN, Region

PROJECT = f"/v1/projects/{OWN}"
OF_MEMBER = f"{PROJECT}/users/member"


def test_a_user_without_its_own_has_those_of_the_project(region: Region) -> None:
    region.limits(cores=7)
    shown = region.get(f"{OF_MEMBER}/quota")
    assert (shown.json()["user"], shown.json()["project"]) == ("member", OWN)
    assert shown.json()["limits"]["cores"] == 7
    assert shown.json()["own"] == {}
    assert shown.headers["etag"] == '"1"'


def test_a_user_never_has_more_than_the_project(region: Region) -> None:
    region.limits(cores=7)
    assert region.put(f"{OF_MEMBER}/quota", {"limits": {"cores": 5}}).status_code == 200
    refused = region.put(f"{OF_MEMBER}/quota", {"limits": {"cores": 8}})
    assert (refused.status_code, refused.json()["type"]) == (
        400,
        "urn:ullage:problem:above-project",
    )
    region.limits(cores=3)
    shown = region.get(f"{OF_MEMBER}/quota").json()
    assert (shown["limits"]["cores"], shown["own"]["cores"]) == (3, 5)


def test_what_a_user_builds_counts_against_its_own_limits(region: Region) -> None:
    rooms(region)
    region.put(f"{OF_MEMBER}/quota", {"limits": {"instances": 1}})
    assert build(region, as_="member").status_code == 202
    limits = region.get(f"{OF_MEMBER}/limits", as_="reader").json()
    assert limits["user"] == "member"
    assert limits["resources"]["instances"] == {
        "limit": 1,
        "used": 1,
        "left": 0,
        "own": True,
        "reserved": 1,
    }
    (short,) = build(region, as_="member").json()["shortages"]
    assert (short["resource"], short["scope"], short["node"]) == ("instances", "user", "member")
    assert build(region, as_="admin").status_code == 202
    assert region.used()["instances"] == 2


def test_quota_held_for_an_open_operation_is_reserved(region: Region) -> None:
    server = region.adopted()
    region.scaling(server, LARGE)
    cores = region.get(f"{PROJECT}/limits").json()["resources"]["cores"]
    assert (cores["used"], cores["reserved"]) == (4, 2)


def test_limits_are_reset_to_the_defaults(region: Region) -> None:
    region.limits(cores=7)
    region.put(f"{OF_MEMBER}/quota", {"limits": {"cores": 5, "ram": 9}})
    reset = region.ask("DELETE", f"{OF_MEMBER}/quota?reason=over")
    assert (reset.status_code, reset.json()["limits"]) == (200, {})
    assert region.get(f"{OF_MEMBER}/quota").json()["limits"]["cores"] == 7
    region.put(f"{OF_MEMBER}/quota", {"limits": {"cores": 5}})
    assert region.ask("DELETE", f"{PROJECT}/quota").headers["etag"] == '"6"'
    assert region.get(f"{OF_MEMBER}/quota").json()["own"] == {}
    assert region.get(f"{PROJECT}/quota").json()["own"] == {}
    entry = region.get("/v1/history?kind=quota.user-changed").json()["items"][-2]
    assert (entry["was"], entry["why"]) == ({"cores": 5, "ram": 9}, "over")


def test_resetting_changed_limits_is_refused(region: Region) -> None:
    region.limits(cores=7)
    stale = {"if-match": '"0"'}
    for path in (f"{PROJECT}/quota", f"{OF_MEMBER}/quota"):
        assert region.ask("DELETE", path, headers=stale).status_code == 412
        answered = region.put(path, {"limits": {"cores": 5}}, headers=stale)
        assert answered.status_code == 412


def test_the_defaults_are_changed_while_serving(region: Region) -> None:
    path = "/v1/quota-classes/default"
    before = region.get(path, as_="reader").json()
    changed = region.put(path, {"limits": {"cores": 3}, "reason": "small"})
    assert changed.json()["limits"] == before["limits"] | {"cores": 3}
    assert changed.headers["etag"] == f'"{before["version"] + 1}"'
    assert region.get(f"{PROJECT}/quota").json()["limits"]["cores"] == 3
    assert region.put(path, {"limits": {"gpus": 1}}).status_code == 400
    assert region.put(path, {"limits": {"cores": None}}).status_code == 400
    assert region.put(path, {"limits": {"cores": 4}}, as_="member").status_code == 403
    stale = region.put(path, {"limits": {"cores": 4}}, headers={"if-match": '"0"'})
    assert stale.status_code == 412


def test_a_user_of_another_project_is_absent(region: Region) -> None:
    for what in ("quota", "limits"):
        foreign = region.get(f"/v1/projects/{FOREIGN}/users/member/{what}", as_="reader")
        assert foreign.status_code == 404


def test_a_built_server_is_its_callers(region: Region) -> None:
    rooms(region)
    with region.carried():
        server = built(region, as_="member")
    assert region.get(f"/v1/servers/{server}").json()["user"] == "member"
    resources = region.get(f"{OF_MEMBER}/limits").json()["resources"]
    assert (resources["cores"]["used"], resources["cores"]["reserved"]) == (2, 0)
