"""openstacksdk and python-novaclient, with a genuine Keystone: what they return."""

from __future__ import annotations

from typing import Any

import pytest

from tests.kit.region import until
from tests.openstack.clients import Refused
from tests.openstack.conftest import IMAGE, Cloud

pytestmark = pytest.mark.xdist_group("keystone")

VERSIONS = ["2.1", "2.57", "2.96"]


def test_the_sdk_sets_shows_and_reverts_quotas(cloud: Cloud) -> None:
    changed = cloud.admin.sdk("set_compute_quotas", cloud.project, cores=9, instances=4)
    assert changed is None or changed["cores"] == 9
    shown = cloud.admin.sdk("get_compute_quotas", cloud.project)
    assert (shown["cores"], shown["instances"], shown["server_groups"]) == (9, 4, 10)
    cloud.admin.sdk("delete_compute_quotas", cloud.project)
    assert cloud.admin.sdk("get_compute_quotas", cloud.project)["cores"] == 20


def test_the_sdk_shows_limits(cloud: Cloud) -> None:
    limits = cloud.member.sdk("get_compute_limits")
    assert (limits["total_cores"], limits["total_cores_used"]) == (20, 0)
    assert limits["server_groups"] == 10


def test_the_sdk_makes_finds_and_deletes_groups(cloud: Cloud) -> None:
    made = cloud.member.sdk("compute.create_server_group", name="together", policy="affinity")
    assert (made["policy"], made["project_id"]) == ("affinity", cloud.project)
    found = cloud.member.sdk("compute.find_server_group", "together")
    assert (found["id"], found["member_ids"]) == (made["id"], [])
    cloud.member.sdk("compute.delete_server_group", made["id"])
    assert cloud.member.sdk("compute.find_server_group", "together") is None


def test_the_sdk_leads_a_server_through_its_life(cloud: Cloud) -> None:
    made = cloud.member.sdk(
        "compute.create_server",
        name="sdk",
        flavor_id="small",
        image_id=IMAGE,
        networks="none",
        metadata={"tier": "web"},
    )
    server = made["id"]
    until(lambda: _sdk(cloud, server)["status"] == "ACTIVE")
    assert _sdk(cloud, server)["metadata"] == {"tier": "web"}
    assert _sdk(cloud, server)["flavor"]["vcpus"] == 1
    cloud.member.sdk("compute.resize_server", server, "large")
    until(lambda: _sdk(cloud, server)["status"] == "VERIFY_RESIZE")
    cloud.member.sdk("compute.revert_server_resize", server)
    until(lambda: _sdk(cloud, server)["status"] == "ACTIVE")
    assert _sdk(cloud, server)["flavor"]["vcpus"] == 1
    _scaled(cloud, server, {"vcpus": 3, "ram": 1024})
    actions = cloud.member.sdk("compute.server_actions", server)
    assert [one["action"] for one in actions] == ["scale", "revertResize", "resize", "create"]
    with pytest.raises(Refused, match="NotFound"):
        cloud.member.sdk("compute.get_server", "22222222-2222-4222-8222-222222222222")
    cloud.member.sdk("compute.delete_server", server)
    until(lambda: server not in [one["id"] for one in cloud.member.sdk("compute.servers")])


@pytest.mark.parametrize("at", VERSIONS)
def test_novaclient_sets_quotas_of_class_project_and_user(cloud: Cloud, at: str) -> None:
    changed = cloud.admin.nova(at, "quota_classes.update", "default", metadata_items=77)
    assert changed["metadata_items"] == 77
    assert cloud.admin.nova(at, "quota_classes.get", "default")["metadata_items"] == 77
    cloud.admin.nova(at, "quota_classes.update", "default", metadata_items=128)
    of_user = {"user_id": cloud.user}
    assert cloud.admin.nova(at, "quotas.update", cloud.project, cores=12)["cores"] == 12
    assert cloud.admin.nova(at, "quotas.update", cloud.project, cores=5, **of_user)["cores"] == 5
    with pytest.raises(Refused, match="Quota limit 50 for cores must be less than or equal to 12"):
        cloud.admin.nova(at, "quotas.update", cloud.project, cores=50, **of_user)
    assert cloud.admin.nova(at, "quotas.get", cloud.project, **of_user)["cores"] == 5
    assert cloud.admin.nova(at, "quotas.get", cloud.project, detail=True)["cores"] == {
        "limit": 12,
        "in_use": 0,
        "reserved": 0,
    }
    cloud.admin.nova(at, "quotas.delete", cloud.project, **of_user)
    cloud.admin.nova(at, "quotas.delete", cloud.project)
    assert cloud.admin.nova(at, "quotas.get", cloud.project)["cores"] == 20
    assert cloud.admin.nova(at, "quotas.defaults", cloud.project)["cores"] == 20


def test_novaclient_refuses_a_project_that_keystone_does_not_know(cloud: Cloud) -> None:
    with pytest.raises(Refused, match="Project ID nope is not a valid project"):
        cloud.admin.nova("2.57", "quotas.update", "nope", cores=1)


@pytest.mark.parametrize("at", ["2.1", "2.57"])
def test_novaclient_shows_limits(cloud: Cloud, at: str) -> None:
    shown = cloud.member.nova(at, "limits.get")
    assert shown["absolute"]["maxTotalCores"] == 20
    of_project = cloud.admin.nova(at, "limits.get", tenant_id=cloud.project)
    assert of_project["absolute"]["maxServerGroups"] == 10


def test_novaclient_makes_lists_and_deletes_groups(cloud: Cloud) -> None:
    made = cloud.member.nova("2.15", "server_groups.create", "n", "soft-affinity")
    assert made["policies"] == ["soft-affinity"]
    new = cloud.member.nova(
        "2.64", "server_groups.create", "m", "anti-affinity", rules={"max_server_per_host": 3}
    )
    assert (new["policy"], new["rules"]) == ("anti-affinity", {"max_server_per_host": 3})
    listed = cloud.member.nova("2.64", "server_groups.list")
    assert {made["id"], new["id"]} <= {one["id"] for one in listed}
    for one in (made, new):
        cloud.member.nova("2.64", "server_groups.delete", one["id"])


@pytest.mark.parametrize("at", ["2.1", "2.96"])
def test_novaclient_leads_a_server_through_its_life(cloud: Cloud, at: str) -> None:
    nics: dict[str, Any] = {} if at == "2.1" else {"nics": "none"}
    made = cloud.member.nova(at, "servers.create", "nova", IMAGE, "small", **nics)
    server = made["id"]
    until(lambda: _nova(cloud, at, server)["status"] == "ACTIVE")
    cloud.member.nova(at, "servers.resize", server, "large")
    until(lambda: _nova(cloud, at, server)["status"] == "VERIFY_RESIZE")
    cloud.member.nova(at, "servers.confirm_resize", server)
    until(lambda: _nova(cloud, at, server)["status"] == "ACTIVE")
    cloud.member.nova(at, "servers.stop", server)
    until(lambda: _nova(cloud, at, server)["status"] == "SHUTOFF")
    actions = cloud.member.nova(at, "instance_action.list", server)
    assert [one["action"] for one in actions] == ["stop", "confirmResize", "resize", "create"]
    cloud.member.nova(at, "servers.delete", server)
    until(lambda: server not in [one["id"] for one in cloud.member.nova(at, "servers.list")])


def _sdk(cloud: Cloud, server: str) -> Any:
    return cloud.member.sdk("compute.get_server", server)


def _nova(cloud: Cloud, at: str, server: str) -> Any:
    return cloud.member.nova(at, "servers.get", server)


def _scaled(cloud: Cloud, server: str, to: dict[str, int]) -> None:
    """No client has a word for it; its session has: the action is posted as any other."""
    path = f"/servers/{server}/action"
    cloud.member.sdk("compute.post", path, json={"scale": to}, microversion="2.1")
    until(lambda: _sdk(cloud, server)["flavor"] is not None and _idle(cloud, server))
    shown = cloud.region.get(f"/v1/servers/{server}").json()
    assert shown["size"]["vcpus"] == to["vcpus"]


def _idle(cloud: Cloud, server: str) -> bool:
    return bool(_sdk(cloud, server)["task_state"] is None)
