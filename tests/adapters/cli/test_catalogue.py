"""Flavors, images, windows and the region's policy, as people and programs ask for them."""

from __future__ import annotations

from pathlib import Path
from uuid import uuid4

import pytest

from tests.adapters.cli.conftest import Ullage
from tests.adapters.http.native.things import TEMPLATE
from tests.kit.region import OWN, Region

FLAVOR = ("--vcpus", "2", "--memory", "4GiB")


@pytest.fixture
def name() -> str:
    return f"n{uuid4().hex[:8]}"


@pytest.fixture
def template(tmp_path: Path) -> str:
    file = tmp_path / "domain.xml"
    file.write_text(TEMPLATE, encoding="utf-8")
    return str(file)


def test_a_flavor_is_made_with_what_it_may_be_scaled_to(
    asking: Ullage, shared_region: Region, name: str
) -> None:
    most = ("--property", "hw:max_vcpus=8", "--property", "hw:max_memory_mb=16384")
    made = asking("flavor", "create", name, *FLAVOR, "--id", name, *most, "--disk", "5")
    assert made.code == 0
    assert "2 vCPUs / 4096 MiB" in made.out
    assert "hw:max_memory_mb=16384" in made.out
    shown = asking("flavor", "show", name, "--json", as_="reader").document
    assert shown == shared_region.get(f"/v1/flavors/{name}").json()
    assert (shown["disk_gib"], shown["extra_specs"]["hw:max_vcpus"]) == (5, "8")
    assert name in asking("flavor", "list").out
    listed = asking("flavor", "list", "--all", "--json").document
    assert listed == shared_region.get("/v1/flavors?limit=1000").json()
    assert asking("flavor", "create", name, *FLAVOR, "--id", name).code == 3


def test_a_flavor_is_changed_in_what_is_given(asking: Ullage, name: str) -> None:
    asking("flavor", "create", name, *FLAVOR, "--property", "hw:max_vcpus=8")
    changed = asking("flavor", "set", name, "--property", "a=b=c", "--not-scalable", "--json")
    assert changed.document["extra_specs"] == {"hw:max_vcpus": "8", "a": "b=c"}
    assert (changed.document["scalable"], changed.document["public"]) == (False, True)
    changed = asking("flavor", "set", name, "--unset", "a", "--scalable", "--private", "--json")
    assert changed.document["extra_specs"] == {"hw:max_vcpus": "8"}
    assert (changed.document["scalable"], changed.document["public"]) == (True, False)
    assert asking("flavor", "show", name, as_="member").code == 2
    stale = asking("flavor", "set", name, "--scalable", "--if-match", "1")
    assert stale.code == 3


def test_history_tells_what_was_changed_from_what(asking: Ullage, name: str) -> None:
    asking("flavor", "create", name, *FLAVOR)
    asking("flavor", "set", name, "--not-scalable", "--reason", "licence")
    told = " ".join(asking("history", "--kind", "flavor.changed").out.split())
    assert "scalable True → False licence" in told


def test_flavors_of_one_name_must_be_told_apart(asking: Ullage, name: str) -> None:
    ids = [asking("flavor", "create", name, *FLAVOR, "--json").document["id"] for _ in range(2)]
    ended = asking("flavor", "show", name)
    assert ended.code == 2
    assert all(id_ in " ".join(ended.err.split()) for id_ in ids)
    assert asking("flavor", "delete", ids[0], "--reason", "twice").code == 0
    assert asking("flavor", "show", name, "--json").document["id"] == ids[1]
    assert asking("flavor", "delete", ids[0]).code == 2


@pytest.mark.parametrize(
    "words",
    [("--property", "hw:max_vcpus"), ("--property", "=8"), ("--property", "hw:max_vcpus=1")],
)
def test_an_invalid_image_property_is_refused(
    asking: Ullage, name: str, words: tuple[str, ...]
) -> None:
    ended = asking("flavor", "create", name, *FLAVOR, *words)
    assert (ended.code, ended.out) == (2, "")
    assert "hw:max_vcpus" in ended.err


def test_an_image_is_made_from_a_file(
    asking: Ullage, shared_region: Region, name: str, template: str
) -> None:
    words = ("--property", "hw_memory_device=virtio-mem", "--min-memory", "256MiB")
    made = asking("image", "create", name, "--template", template, *words, "--json")
    assert made.code == 0
    id_ = made.document["id"]
    assert made.document["min_memory_mib"] == 256
    shown = asking("image", "show", name, "--json").document
    assert shown == shared_region.get(f"/v1/images/{id_}").json()
    assert asking("image", "show", name, "--template").out == TEMPLATE
    assert asking("image", "show", name, "--template", as_="member").code == 2
    assert name in asking("image", "list", as_="reader").out


def test_an_image_is_changed_and_deleted(
    asking: Ullage, name: str, template: str, tmp_path: Path
) -> None:
    asking("image", "create", name, "--template", template, "--property", "a=1")
    other = tmp_path / "other.xml"
    other.write_text("<domain type='test'/>")
    words = ("--unset", "a", "--not-scalable", "--template", str(other))
    changed = asking("image", "set", name, *words, "--name", f"{name}-2", "--json").document
    assert (changed["properties"], changed["scalable"]) == ({}, False)
    assert asking("image", "show", f"{name}-2", "--template").out == "<domain type='test'/>"
    assert asking("image", "delete", f"{name}-2").code == 0
    assert asking("image", "show", f"{name}-2").code == 2


def test_an_unreadable_template_is_refused(asking: Ullage, name: str, tmp_path: Path) -> None:
    missing = asking("image", "create", name, "--template", str(tmp_path / "none.xml"))
    assert missing.code == 2
    assert "cannot be read" in missing.err
    broken = tmp_path / "broken.xml"
    broken.write_text("<domain>")
    assert asking("image", "create", name, "--template", str(broken)).code == 2


def test_a_window_is_set_in_parts_and_deleted(
    asking: Ullage, shared_region: Region, name: str
) -> None:
    words = ("--timezone", "Europe/Vienna", "--on", "sunday", "--on", "monday")
    assert asking("window", "set", name, *words).code == 2
    whole = (*words, "--starts", "22:30", "--minutes", "90")
    made = asking("window", "set", name, *whole)
    assert made.code == 0
    assert "22:30 Europe/Vienna" in made.out
    changed = asking("window", "set", name, "--minutes", "60", "--json").document
    assert changed == {
        "name": name,
        "timezone": "Europe/Vienna",
        "weekdays": ["monday", "sunday"],
        "starts": "22:30",
        "minutes": 60,
        "version": 2,
    }
    assert asking("window", "show", name, "--json", as_="reader").document == changed
    assert "mon, sun" in asking("window", "list").out
    assert asking("window", "set", name, "--minutes", "30", "--if-match", "1").code == 3
    assert asking("window", "delete", name, "--reason", "over & out").code == 0
    gone = shared_region.get("/v1/history?kind=window.deleted").json()["items"][0]
    assert gone["why"] == "over & out"
    assert asking("window", "show", name).code == 2
    assert shared_region.get(f"/v1/windows/{name}").status_code == 404


def test_an_unknown_time_zone_is_refused(asking: Ullage, name: str) -> None:
    words = ("--timezone", "Mars/Olympus", "--on", "sunday", "--starts", "22:30")
    ended = asking("window", "set", name, *words, "--minutes", "90")
    assert ended.code == 2
    assert "Mars/Olympus" in ended.err


def test_the_policy_is_shown_and_set(region: Region, ullage: Ullage) -> None:
    assert ullage("region", "policy", "show", "--json").document["version"] == 0
    words = ("--no-scaling", "--stopped-servers", "when-running", "--reason", "an incident")
    changed = ullage("region", "policy", "set", *words)
    assert changed.code == 0
    assert "not allowed" in changed.out
    shown = ullage("region", "policy", "show", "--json", as_="reader").document
    assert shown == {
        "scaling": False,
        "stopped_servers": "when-running",
        "scale_retries": 2,
        "version": 1,
    }
    assert ullage("region", "policy", "set", "--scaling", as_="member").code == 2
    assert ullage("region", "policy", "set", "--scale-retries", "11").code == 2
    assert ullage("region", "policy", "set", "--scaling", "--if-match", "0").code == 3
    told = " ".join(ullage("history", "--kind", "region.policy-changed").out.split())
    assert "scaling True → False, stopped_servers always → when-running" in told


def test_a_private_flavor_is_shown_to_the_projects_that_have_access(
    asking: Ullage, name: str
) -> None:
    asking("flavor", "create", name, *FLAVOR, "--private", "--swap", "64", "--ephemeral", "3")
    given = asking("flavor", "set", name, "--access", OWN, "--access", "third", "--json")
    assert given.document["access"] == [OWN, "third"]
    shown = asking("flavor", "show", name)
    assert f"{OWN}, third" in shown.out
    assert "3 GiB, 64 MiB of swap" in shown.out
    assert asking("flavor", "show", name, as_="member").code == 0
    taken = asking("flavor", "set", name, "--no-access", "--json")
    assert taken.document["access"] == []
    assert asking("flavor", "show", name, as_="member").code == 2
