"""What each route and action of the Compute door is asked with: an own thing, another project's, or
one that is not there."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any
from uuid import uuid4

from adapters.http.compute.hosts.hypervisor_view import uuid_of
from tests.adapters.http.compute.kit.serving import BASE, IMAGE, LARGE, SMALL
from tests.adapters.http.native import things
from tests.adapters.http.native.asked import ABSENT, Asked, server
from tests.adapters.http.native.asked_more import resized
from tests.adapters.http.native.placement.test_server_groups import made
from tests.kit.hypervisor import LARGE as LARGE_SIZE
from tests.kit.region import HOST, OWN, Answer, Region

TINY = "host-2"
"""A host without room for more: what grows there has to move."""

_ITEM, _SPEC = "k", "hw:max_vcpus"

Body = dict[str, Any] | None
Request = Callable[[Region, str], Asked]


# Things


def fine(answer: Answer) -> Answer:
    assert answer.is_success, answer.text
    return answer


def group(region: Region, owner: str) -> str:
    return str(uuid4()) if owner == ABSENT else made(region, project=owner, policy="soft-affinity")


def hidden_flavor(region: Region, owner: str) -> str:
    """Of no project, which is the same for everybody."""
    return things.new_id() if owner == ABSENT else things.flavor(region, public=False)


def flavor(region: Region, owner: str) -> str:
    """A public one, or another project's."""
    return things.flavor(region) if owner == OWN else hidden_flavor(region, owner)


def _granted_flavor(region: Region, owner: str) -> str:
    id_ = hidden_flavor(region, owner)
    if owner != ABSENT:
        grant = {"addTenantAccess": {"tenant": "third"}}
        fine(region.post(f"{BASE}/flavors/{id_}/action", grant))
    return id_


def _stopped(region: Region, owner: str) -> str:
    return str(uuid4() if owner == ABSENT else region.adopted(project=owner, power="stopped"))


def _described(region: Region, owner: str) -> str:
    """A server with an item of metadata."""
    id_ = server(region, owner)
    if owner != ABSENT:
        path = f"{BASE}/servers/{id_}/metadata"
        fine(region.post(path, {"metadata": {_ITEM: "v"}}))
    return id_


def acted_on(region: Region, owner: str) -> dict[str, str]:
    """A server, and what was asked of it."""
    if owner == ABSENT:
        return {"server": str(uuid4()), "action": f"req-{uuid4()}"}
    id_ = region.adopted(project=owner)
    region.scaling(id_, LARGE_SIZE)
    listed = fine(region.get(f"{BASE}/servers/{id_}/os-instance-actions")).json()
    return {"server": str(id_), "action": listed["instanceActions"][0]["request_id"]}


def _moving(region: Region, owner: str) -> dict[str, str]:
    """A server whose migration is under way."""
    if owner == ABSENT:
        return {"server": str(uuid4()), "migration": "1"}
    id_ = region.adopted(project=owner, host=TINY)
    region.scaling(id_, LARGE_SIZE, consent="migrate")
    listed = fine(region.get(f"{BASE}/os-migrations?instance_uuid={id_}")).json()
    return {"server": str(id_), "migration": str(listed["migrations"][0]["id"])}


def _host(owner: str, id: str) -> dict[str, str]:
    """Hosts are of no project."""
    return {"hypervisor": str(uuid4()) if owner == ABSENT else id}


# Requests for them


def _plain(_: Region, __: str) -> Asked:
    return Asked()


def _of_server(body: Body = None, of: Callable[[Region, str], str] = server) -> Request:
    return lambda region, owner: Asked({"server": of(region, owner)}, body)


def _of_item(body: Body = None) -> Request:
    return lambda region, owner: Asked({"server": _described(region, owner), "key": _ITEM}, body)


def _of_flavor(body: Body = None, of: Callable[[Region, str], str] = flavor) -> Request:
    return lambda region, owner: Asked({"flavor": of(region, owner)}, body)


def _of_spec(body: Body = None) -> Request:
    return lambda region, owner: Asked({"flavor": flavor(region, owner), "key": _SPEC}, body)


def _of_host(id: str) -> Request:
    return lambda _, owner: Asked(_host(owner, id))


def _of_project(body: Body = None, **more: str) -> Request:
    return lambda _, owner: Asked({"project": owner, **more}, body)


def _of_class(body: Body = None) -> Request:
    return lambda _, owner: Asked({"name": "ghost" if owner == ABSENT else "default"}, body)


def wanted(**fields: Any) -> dict[str, Any]:
    """A server as it is asked for."""
    return {"name": "s", "imageRef": IMAGE, "flavorRef": SMALL, "networks": "none", **fields}


def _new_flavor(_: Region, __: str) -> Asked:
    new = {"name": f"m-{uuid4()}", "vcpus": 1, "ram": 64, "disk": 1}
    return Asked(body={"flavor": new})


def _with_group(region: Region, owner: str) -> Asked:
    return Asked({"group": group(region, owner)})


_NEW_GROUP = {"server_group": {"name": "g", "policy": "affinity"}}
_META = {"metadata": {_ITEM: "w"}}

REQUESTS: dict[str, Request] = {
    "compute_show_description": _plain,
    "compute_list_extensions": _plain,
    "compute_show_extension": lambda _, owner: Asked(
        {"alias": "ghost" if owner == ABSENT else "os-quota-sets"}
    ),
    "compute_list_flavors": _plain,
    "compute_list_flavors_in_detail": _plain,
    "compute_show_flavor": _of_flavor(),
    "compute_create_flavor": _new_flavor,
    "compute_update_flavor": _of_flavor({"flavor": {"description": "d"}}),
    "compute_delete_flavor": _of_flavor(),
    "compute_list_extra_specs": _of_flavor(),
    "compute_show_extra_spec": _of_spec(),
    "compute_create_extra_specs": _of_flavor({"extra_specs": {_SPEC: "8"}}),
    "compute_update_extra_spec": _of_spec({_SPEC: "8"}),
    "compute_delete_extra_spec": _of_spec(),
    "compute_list_flavor_access": _of_flavor(of=hidden_flavor),
    "compute_act_on_flavor": _of_flavor({"nothing": None}),
    "compute_add_flavor_access": _of_flavor(
        {"addTenantAccess": {"tenant": "third"}}, of=hidden_flavor
    ),
    "compute_remove_flavor_access": _of_flavor(
        {"removeTenantAccess": {"tenant": "third"}}, of=_granted_flavor
    ),
    "compute_list_servers": _plain,
    "compute_list_servers_in_detail": _plain,
    "compute_show_server": _of_server(),
    "compute_create_server": lambda _, __: Asked(body={"server": wanted()}),
    "compute_update_server": _of_server({"server": {"name": "other"}}),
    "compute_delete_server": _of_server(),
    "compute_act_on_server": _of_server({"nothing": None}),
    "compute_resize_server": _of_server({"resize": {"flavorRef": LARGE}}),
    "compute_confirm_resize": _of_server({"confirmResize": None}, of=resized),
    "compute_revert_resize": _of_server({"revertResize": None}, of=resized),
    "compute_start_server": _of_server({"os-start": None}, of=_stopped),
    "compute_stop_server": _of_server({"os-stop": None}),
    "compute_scale_server": _of_server({"scale": {"vcpus": 4}}),
    "compute_list_instance_actions": _of_server(),
    "compute_show_instance_action": lambda region, owner: Asked(acted_on(region, owner)),
    "compute_list_metadata": _of_server(),
    "compute_show_metadata_item": _of_item(),
    "compute_create_metadata": _of_server(_META),
    "compute_replace_metadata": _of_server(_META),
    "compute_update_metadata_item": _of_item({"meta": {_ITEM: "w"}}),
    "compute_delete_metadata_item": _of_item(),
    "compute_list_migrations": _plain,
    "compute_list_server_migrations": _of_server(),
    "compute_show_server_migration": lambda region, owner: Asked(_moving(region, owner)),
    "compute_list_availability_zones": _plain,
    "compute_list_availability_zones_in_detail": _plain,
    "compute_list_hypervisors": _plain,
    "compute_list_hypervisors_in_detail": _plain,
    "compute_show_hypervisor_statistics": _plain,
    "compute_show_hypervisor": _of_host(uuid_of(HOST)),
    "compute_show_hypervisor_uptime": _of_host(uuid_of(HOST)),
    "compute_search_hypervisors": _of_host(HOST),
    "compute_list_hypervisor_servers": _of_host(HOST),
    "compute_show_limits": lambda _, owner: Asked(
        query="" if owner == OWN else f"?tenant_id={owner}"
    ),
    "compute_show_quota_set": _of_project(),
    "compute_show_user_quota_set": _of_project(user="ada"),
    "compute_show_quota_set_in_detail": _of_project(),
    "compute_show_quota_set_defaults": _of_project(),
    "compute_update_quota_set": _of_project({"quota_set": {}}),
    "compute_delete_quota_set": _of_project(),
    "compute_show_quota_class_set": _of_class(),
    "compute_update_quota_class_set": _of_class({"quota_class_set": {}}),
    "compute_list_server_groups": _plain,
    "compute_show_server_group": _with_group,
    "compute_create_server_group": lambda _, __: Asked(body=_NEW_GROUP),
    "compute_delete_server_group": _with_group,
    "compute_list_tenant_usages": _plain,
    "compute_show_tenant_usage": _of_project(),
}
