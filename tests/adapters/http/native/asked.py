"""What every route is asked with: for an own thing, another project's, or one that is not there."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, NamedTuple
from uuid import uuid4

from tests.adapters.http.native.later import RULES, SCHEDULE, autoscaled, schedule
from tests.adapters.http.native.things import FLAVOR, IMAGE, WINDOW, flavor, image, new_id, window
from tests.kit.building import observed, wanted
from tests.kit.hypervisor import LARGE
from tests.kit.region import HOST, OWN, Region, size

ABSENT = "absent"


class Asked(NamedTuple):
    """What stands for a route's path parameters, its body and its query."""

    values: dict[str, str] | None = None
    body: dict[str, Any] | None = None
    query: str = ""


def server(region: Region, owner: str) -> str:
    return str(uuid4() if owner == ABSENT else region.adopted(project=owner))


def _operation(region: Region, owner: str) -> str:
    if owner == ABSENT:
        return str(uuid4())
    return region.scaling(region.adopted(project=owner), LARGE)


def _vm(region: Region, owner: str) -> dict[str, Any]:
    vm = uuid4() if owner == ABSENT else region.host.make()
    return {"host": HOST, "server": str(vm), "project": OWN}


def _outcome() -> dict[str, Any]:
    ended = {"server": str(uuid4()), "operation": str(uuid4()), "ask": "stop", "reason": "no"}
    return {"outcomes": [{"outcome": "failed", **ended}]}


def _wanted(region: Region, owner: str) -> dict[str, Any]:
    return wanted(region, project=OWN if owner == ABSENT else owner)


def _stopped(region: Region, owner: str) -> str:
    return str(uuid4() if owner == ABSENT else region.adopted(project=owner, power="stopped"))


def _drifted(region: Region, owner: str) -> str:
    if owner == ABSENT:
        return str(uuid4())
    drifted = region.adopted(project=owner)
    region.host.somebody_resizes(drifted, LARGE)
    observed(region, drifted)
    return str(drifted)


def _host(owner: str) -> str:
    """Hosts are of no project."""
    return new_id() if owner == ABSENT else HOST


def _thing(region: Region, owner: str, make: Callable[[Region], str]) -> str:
    """Flavors, images and windows are of no project."""
    return new_id() if owner == ABSENT else make(region)


def _flavor(region: Region, owner: str) -> str:
    return new_id() if owner == ABSENT else flavor(region, public=owner == OWN)


def _schedule(region: Region, owner: str) -> str:
    return str(uuid4()) if owner == ABSENT else schedule(region, region.adopted(project=owner))


def _autoscaled(region: Region, owner: str) -> str:
    return str(uuid4()) if owner == ABSENT else autoscaled(region, region.adopted(project=owner))


REQUESTS: dict[str, Callable[[Region, str], Asked]] = {
    "adopt_server": lambda region, owner: Asked(body=_vm(region, owner)),
    "build_server": lambda region, owner: Asked(body=_wanted(region, owner)),
    "start_server": lambda region, owner: Asked({"server": _stopped(region, owner)}, {}),
    "stop_server": lambda region, owner: Asked({"server": server(region, owner)}, {}),
    "delete_server": lambda region, owner: Asked({"server": server(region, owner)}),
    "flag_server": lambda region, owner: Asked(
        {"server": server(region, owner)}, {"scalable": False}
    ),
    "show_request_spec": lambda region, owner: Asked({"server": server(region, owner)}),
    "list_drift": lambda _, __: Asked(),
    "adopt_drift": lambda region, owner: Asked({"server": _drifted(region, owner)}, {}),
    "reapply_drift": lambda region, owner: Asked({"server": _drifted(region, owner)}, {}),
    "cancel_operation": lambda region, owner: Asked({"operation": _operation(region, owner)}, {}),
    "show_host": lambda _, owner: Asked({"host": _host(owner)}),
    "set_host_terms": lambda _, owner: Asked({"host": _host(owner)}, {}),
    "report_observations": lambda _, __: Asked(body={}),
    "list_servers": lambda _, owner: Asked(query=f"?project={owner}"),
    "show_server": lambda region, owner: Asked({"server": server(region, owner)}),
    "declare_ceiling": lambda region, owner: Asked(
        {"server": server(region, owner)}, {"ceiling": None}
    ),
    "scale_server": lambda region, owner: Asked({"server": server(region, owner)}, size(LARGE)),
    "plan_scale": lambda region, owner: Asked(
        {"server": server(region, owner)}, query="?vcpus=4&memory_mib=8192"
    ),
    "list_operations": lambda _, owner: Asked(query=f"?project={owner}"),
    "show_operation": lambda region, owner: Asked({"operation": _operation(region, owner)}),
    "resolve_operation": lambda region, owner: Asked({"operation": _operation(region, owner)}),
    "scale_servers": lambda region, owner: Asked(
        body={"scales": [{"server": server(region, owner), **size(LARGE)}]}
    ),
    "schedule_scale": lambda region, owner: Asked({"server": server(region, owner)}, SCHEDULE),
    "list_schedules": lambda _, owner: Asked(query=f"?project={owner}"),
    "show_schedule": lambda region, owner: Asked({"schedule": _schedule(region, owner)}),
    "change_schedule": lambda region, owner: Asked({"schedule": _schedule(region, owner)}, {}),
    "cancel_schedule": lambda region, owner: Asked({"schedule": _schedule(region, owner)}),
    "show_autoscaling": lambda region, owner: Asked({"server": server(region, owner)}),
    "set_autoscaling": lambda region, owner: Asked({"server": server(region, owner)}, RULES),
    "unset_autoscaling": lambda region, owner: Asked({"server": _autoscaled(region, owner)}),
    "recommend_size": lambda region, owner: Asked(
        {"server": _autoscaled(region, owner)}, size(LARGE)
    ),
    "create_flavor": lambda _, __: Asked(body=FLAVOR),
    "list_flavors": lambda _, __: Asked(),
    "show_flavor": lambda region, owner: Asked({"flavor": _flavor(region, owner)}),
    "change_flavor": lambda region, owner: Asked({"flavor": _flavor(region, owner)}, {}),
    "delete_flavor": lambda region, owner: Asked({"flavor": _flavor(region, owner)}),
    "create_image": lambda _, __: Asked(body=IMAGE),
    "list_images": lambda _, __: Asked(),
    "show_image": lambda region, owner: Asked({"image": _thing(region, owner, image)}),
    "change_image": lambda region, owner: Asked({"image": _thing(region, owner, image)}, {}),
    "delete_image": lambda region, owner: Asked({"image": _thing(region, owner, image)}),
    "list_windows": lambda _, __: Asked(),
    "show_window": lambda region, owner: Asked({"window": _thing(region, owner, window)}),
    "set_window": lambda region, owner: Asked({"window": _thing(region, owner, window)}, WINDOW),
    "delete_window": lambda region, owner: Asked({"window": _thing(region, owner, window)}),
    "show_region_policy": lambda _, __: Asked(),
    "set_region_policy": lambda _, __: Asked(body={}),
    "show_quota": lambda _, owner: Asked({"project": owner}),
    "set_quota": lambda _, owner: Asked({"project": owner}, {"limits": {}}),
    "show_limits": lambda _, owner: Asked({"project": owner}),
    "list_history": lambda _, owner: Asked(query=f"?project={owner}"),
    "list_hosts": lambda _, __: Asked(),
    "list_lanes": lambda _, __: Asked(),
    "list_costs": lambda _, __: Asked(),
    "list_projections": lambda _, __: Asked(),
    "rebuild_projection": lambda _, owner: Asked(
        {"projection": ABSENT if owner == ABSENT else "limits"}
    ),
    "show_metrics": lambda _, __: Asked(),
    "report_outcomes": lambda _, __: Asked(body=_outcome()),
}
