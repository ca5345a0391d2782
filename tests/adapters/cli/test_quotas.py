"""Quotas of projects, users and trees on the command line, now and as of then."""

from __future__ import annotations

from tests.adapters.cli.conftest import Ullage, rows
from tests.kit.hypervisor import LARGE
from tests.kit.region import OWN, Region


def test_the_limits_of_a_user_are_set_shown_and_reset(region: Region, ullage: Ullage) -> None:
    user = ("--user", "ada")
    assert ullage("quota", "set", OWN, "cores=5", *user).code == 0
    shown = ullage("quota", "show", OWN, *user, "--json").document
    assert shown == region.get(f"/v1/projects/{OWN}/users/ada/quota").json()
    assert ["cores", "5", "this", "user", "in", OWN] in rows(ullage("quota", "show", OWN, *user))
    assert f"quota.user-changed {OWN} ada" in ullage("history", "--limit", "1").out
    limits = ullage("limits", OWN, *user, "--json").document
    assert limits == region.get(f"/v1/projects/{OWN}/users/ada/limits").json()
    assert ullage("quota", "reset", OWN, *user, "--if-match", "0").code == 3
    assert ullage("quota", "reset", OWN, *user, "--reason", "over").code == 0
    assert ullage("quota", "show", OWN, *user, "--json").document["own"] == {}


def test_a_user_without_a_name_is_not_the_project(region: Region, ullage: Ullage) -> None:
    region.limits(cores=7)
    for words in (("set", OWN, "cores=9"), ("reset", OWN), ("show", OWN)):
        refused = ullage("quota", *words, "--user", "")
        assert (refused.code, refused.err) == (2, "Say which user: --user has no name.\n")
    assert ullage("limits", OWN, "--user", "").code == 2
    assert region.get(f"/v1/projects/{OWN}/quota").json()["own"] == {"cores": 7}


def test_a_limit_given_twice_is_refused(region: Region, ullage: Ullage) -> None:
    refused = ullage("quota", "set", OWN, "cores=5", "ram=1", "cores=7")
    assert (refused.code, refused.err) == (2, "Given twice: cores.\n")
    assert region.get(f"/v1/projects/{OWN}/quota").json()["version"] == 0


def test_a_shortage_says_whose_limit_it_is(region: Region, ullage: Ullage) -> None:
    server = region.adopted()
    region.limits(cores=3)
    told = ullage("scale", str(server), "--vcpus", "4").err
    assert ["cores", "+2", "2", "3", "1"] in [line.split() for line in told.splitlines()]
    region.limits(cores=9)
    ullage("quota", "move", OWN, "--below", "faculty")
    ullage("quota", "set", "faculty", "cores=3", "--shared")
    told = ullage("scale", str(server), "--vcpus", "4").err
    line = ["cores", "+2", "2", "3", "1", "all", "below", "faculty"]
    assert line in [line.split() for line in told.splitlines()]


def test_reserved_quota_is_shown(region: Region, ullage: Ullage) -> None:
    region.scaling(region.adopted(), LARGE)
    assert ["cores", "4", "20", "16", "2"] in [row[:5] for row in rows(ullage("limits", OWN))]


def test_limits_are_shown_as_of_a_past_time(region: Region, ullage: Ullage) -> None:
    region.adopted()
    head = str(region.head)
    at = region.get("/v1/history?limit=1").json()["items"][0]["at"]
    before = ullage("limits", OWN, "--json").document
    region.limits(cores=9)
    region.adopted()
    for moment in (head, at):
        assert ullage("limits", OWN, "--as-of", moment, "--json").document == before
    assert ullage("quota", "show", OWN, "--as-of", head, "--json").document["own"] == {}
    refused = ullage("limits", OWN, "--as-of", "999999")
    assert refused.code == 2
    assert "still to come" in " ".join(refused.err.split())
    assert ullage("limits", OWN, "--as-of", "yesterday").code != 0


def test_shared_limits_are_set_and_shown(region: Region, ullage: Ullage) -> None:
    region.adopted(LARGE)
    assert ullage("quota", "set", OWN, "cores=9", "--shared").code == 0
    shown = ullage("quota", "show", OWN, "--shared")
    assert ["cores", "4", "9", "5"] in rows(shown)
    assert ullage("quota", "show", OWN, "--shared", "--user", "ada").code == 2
    assert ullage("quota", "set", OWN, "key_pairs=9", "--shared").code == 2


def test_projects_are_moved_and_the_tree_is_drawn(region: Region, ullage: Ullage) -> None:
    region.adopted(LARGE)
    assert ullage("quota", "set", "faculty", "cores=9", "--shared").code == 0
    moved = ullage("quota", "move", OWN, "--below", "faculty", "--reason", "theirs")
    assert f"{OWN} stands below faculty." in moved.out
    told = rows(ullage("quota", "tree"))
    assert ["faculty", "instances", "0", "-", "1", "-"] in told
    assert ["cores", "0", "-", "4", "9"] in told
    assert [OWN, "instances", "1", "-", "0", "-"] in told
    assert rows(ullage("quota", "tree", OWN))[2][0] == OWN
    assert ullage("quota", "set", "faculty", "ram=0", "--shared", "--force").code == 0
    assert ["ram", "0", "-", "8192", "0"] in rows(ullage("quota", "tree"))
    assert "instances +1 → 1" in ullage("history", "--project", "faculty").out
    before = ullage("quota", "tree", "--json").document
    head = str(region.head)
    assert ullage("quota", "move", "faculty", "--below", OWN).code == 2
    assert ullage("quota", "move", OWN).code == 2
    assert ullage("quota", "move", OWN, "--top").code == 0
    assert ullage("quota", "tree", "--as-of", head, "--json").document == before


def test_the_defaults_are_shown_and_set(region: Region, ullage: Ullage) -> None:
    changed = ullage("quota", "class", "set", "cores=3", "--reason", "small")
    assert ["cores", "3"] in rows(changed)
    shown = ullage("quota", "class", "show", "--json").document
    assert shown == region.get("/v1/quota-classes/default").json()
    assert ullage("quota", "class", "set").code == 2
    assert "these are the defaults" in ullage("quota", "class", "set", "cores=default").err
    first = ullage("quota", "class", "show", "--as-of", str(shown["version"] - 1), "--json")
    assert first.document["limits"]["cores"] == 20


def test_quota_changes_are_listed_with_who_made_them(region: Region, ullage: Ullage) -> None:
    ullage("quota", "set", OWN, "cores=7", "--reason", "less")
    ullage("quota", "set", OWN, "cores=5", "--user", "ada")
    ullage("quota", "move", OWN, "--below", "faculty")
    told = " ".join(ullage("quota", "changes").out.split())
    assert f"project {OWN}" in told
    assert "cores none → 7" in told
    assert f"user in {OWN} ada" in told
    assert "none → faculty" in told
    assert "all projects" in told
    path = "/compute/v2.1/os-quota-class-sets/gold"
    region.put(path, {"quota_class_set": {"cores": 5}})
    latest = " ".join(ullage("quota", "changes", "--limit", "1").out.split())
    assert "quota class gold, which no project is in" in latest
    report = ullage("quota", "changes", "--project", OWN, "--json").document
    assert report == region.get(f"/v1/quota-changes?project={OWN}").json()
    assert ullage("quota", "changes", "--until", "2020-01-01", "--json").document["items"] == []
