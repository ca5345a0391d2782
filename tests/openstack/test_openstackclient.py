"""The genuine ``openstack`` command, with a genuine Keystone: what it prints."""

from __future__ import annotations

import re
from typing import Any

import pytest

from tests.kit.region import until
from tests.openstack.clients import Refused
from tests.openstack.conftest import IMAGE, Cloud

pytestmark = [pytest.mark.xdist_group("keystone"), pytest.mark.takes(5)]

PINS = ["", "2.1", "2.96"]


@pytest.mark.parametrize("at", PINS)
def test_quotas_are_set_shown_listed_and_deleted(cloud: Cloud, at: str) -> None:
    cloud.admin.told(*_pin(at), "quota", "set", "--cores", "7", "--ram", "9000", "shop")
    shown = _by_resource(cloud.admin.openstack("quota show --compute shop", at=at))
    assert (shown["cores"], shown["ram"], shown["instances"]) == (7, 9000, 10)
    listed = cloud.admin.openstack("quota list --compute", at=at)
    (mine,) = [one for one in listed if one["Project ID"] == cloud.project]
    assert (mine["Cores"], mine["Ram"]) == (7, 9000)
    cloud.admin.told(*_pin(at), "quota", "delete", "--compute", "shop")
    shown = _by_resource(cloud.admin.openstack("quota show --compute shop", at=at))
    assert (shown["cores"], shown["ram"]) == (20, 51200)


def test_usage_limit_and_what_is_reserved_are_three_numbers(cloud: Cloud) -> None:
    shown = cloud.admin.openstack("quota show --compute --usage shop")
    (cores,) = [one for one in shown if one["Resource"] == "cores"]
    assert cores == {"Resource": "cores", "Limit": 20, "In Use": 0, "Reserved": 0}


def test_the_class_is_changed_at_run_time_and_shown_as_the_default(cloud: Cloud) -> None:
    cloud.admin.told("quota", "set", "--class", "--key-pairs", "55", "default")
    shown = _by_resource(cloud.admin.openstack("quota show --compute --default shop"))
    assert shown["key-pairs" if "key-pairs" in shown else "key_pairs"] == 55
    cloud.admin.told("quota", "set", "--class", "--key-pairs", "100", "default")


def test_a_member_sees_its_limits_and_may_not_set_them(cloud: Cloud) -> None:
    shown = {one["Name"]: one["Value"] for one in cloud.member.openstack("limits show --absolute")}
    assert (shown["total_cores"], shown["total_cores_used"]) == (20, 0)
    with pytest.raises(Refused, match="Policy doesn't allow os_compute_api:os-quota-sets:update"):
        cloud.member.told("quota", "set", "--cores", "999", cloud.project)


def test_an_older_catalogue_has_the_project_in_the_path(cloud: Cloud) -> None:
    older = "--os-interface internal"
    listed = cloud.member.openstack(f"{older} flavor list")
    assert {"small", "large"} <= {one["Name"] for one in listed}
    made = cloud.member.openstack(f"{older} server group create --policy affinity older")
    cloud.member.told(*older.split(), "server", "group", "delete", made["id"])


@pytest.mark.parametrize("at", ["", "2.96"])
def test_groups_are_made_listed_shown_and_deleted(cloud: Cloud, at: str) -> None:
    rule = ["--rule", "max_server_per_host=2"]
    made = cloud.member.openstack(
        "server group create --policy anti-affinity", *rule, f"apart{at}", at=at or "2.64"
    )
    assert (made["policy"], made["rules"]) == ("anti-affinity", {"max_server_per_host": 2})
    listed = cloud.member.openstack("server group list", at=at or "2.64")
    assert f"apart{at}" in [one["Name"] for one in listed]
    shown = cloud.member.openstack(f"server group show apart{at}", at=at or "2.64")
    assert shown["id"] == made["id"]
    cloud.member.told(*_pin(at), "server", "group", "delete", f"apart{at}")
    assert made["id"] not in str(cloud.member.openstack("server group list", at=at))


@pytest.mark.parametrize("at", ["2.1", "2.96"])
def test_a_server_is_made_resized_confirmed_and_deleted_and_its_events_are_told(
    cloud: Cloud, at: str
) -> None:
    name = f"web{at}"
    nics = ["--nic", "none"] if at != "2.1" else []
    words = ["--flavor", "small", "--image", IMAGE, *nics, "--wait", name]
    made = cloud.member.openstack("server create", *words, at=at)
    assert (made["name"], made["status"]) == (name, "ACTIVE")
    (listed,) = [one for one in cloud.member.openstack("server list", at=at) if one["Name"] == name]
    assert (listed["ID"], listed["Status"], listed["Image"]) == (made["id"], "ACTIVE", "debian")
    cloud.member.told(*_pin(at), "server", "resize", "--flavor", "large", "--wait", name)
    shown = cloud.member.openstack(f"server show {name}", at=at)
    assert shown["status"] == "VERIFY_RESIZE"
    cloud.member.told(*_pin(at), "server", "resize", "confirm", name)
    until(lambda: cloud.member.openstack(f"server show {name}", at=at)["status"] == "ACTIVE")
    events = cloud.member.openstack(f"server event list {name}", at=at)
    assert [one["Action"] for one in events] == ["confirmResize", "resize", "create"]
    resize = events[1]["Request ID"]
    assert re.fullmatch(r"req-[0-9a-f-]{36}", resize)
    event = cloud.member.openstack(f"server event show {name} {resize}", at=at)
    assert (event["action"], event["user_id"]) == ("resize", cloud.user)
    cloud.member.told(*_pin(at), "server", "delete", "--wait", name)
    assert name not in str(cloud.member.openstack("server list", at=at))


def test_over_quota_is_said_in_novas_words(cloud: Cloud) -> None:
    cloud.admin.told("quota", "set", "--cores", "1", "--force", "shop")
    words = ["--flavor", "large", "--image", IMAGE, "--nic", "none", "big"]
    said = "Quota exceeded for cores: Requested 2, but already used 0 of 1 cores"
    with pytest.raises(Refused, match=said):
        cloud.member.openstack("server create", *words, at="2.96")
    cloud.admin.told("quota", "delete", "--compute", "shop")


def test_usage_and_hosts_are_told_to_who_may_know(cloud: Cloud) -> None:
    assert cloud.admin.openstack("hypervisor list")[0]["Hypervisor Hostname"] == "host-1"
    assert cloud.admin.openstack("usage list") is not None
    with pytest.raises(Refused, match="403"):
        cloud.member.openstack("hypervisor list")


def _pin(at: str) -> list[str]:
    return ["--os-compute-api-version", at] if at else []


def _by_resource(rows: Any) -> dict[str, Any]:
    """``quota show`` prints a table of resources, or one column each, by its version."""
    if isinstance(rows, dict):
        return rows
    return {one["Resource"]: one["Limit"] for one in rows}
