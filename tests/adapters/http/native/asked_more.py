"""What each route about quotas, groups, descriptions and resizes is asked with."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any
from uuid import uuid4

from tests.adapters.http.native.asked import ABSENT, Asked, server
from tests.adapters.http.native.placement.test_server_groups import made
from tests.adapters.http.native.things import flavor
from tests.kit.building import as_seen
from tests.kit.region import Region


def _group(region: Region, owner: str) -> str:
    return str(uuid4()) if owner == ABSENT else made(region, project=owner, policy="soft-affinity")


def _member(region: Region, owner: str) -> dict[str, str]:
    """A group, and a server of the same project that is in it."""
    group, member = _group(region, owner), server(region, owner)
    if owner != ABSENT:
        joined = region.put(f"/v1/server-groups/{group}/members/{member}")
        assert joined.status_code == 200, joined.text
    return {"group": group, "server": member}


def resized(region: Region, owner: str) -> str:
    """One whose resize waits to be confirmed: it is stopped, so that nothing restarts."""
    if owner == ABSENT:
        return str(uuid4())
    stopped = str(region.adopted(project=owner, power="stopped"))
    to = flavor(region, vcpus=1, memory_mib=1024)
    asked = region.post(f"/v1/servers/{stopped}/resize", {"flavor": to}).json()
    outcome = _reached(region, stopped, asked["operation"])
    reported = region.post("/v1/outcomes", {"outcomes": [outcome]}, as_="service")
    assert reported.status_code == 204, reported.text
    return stopped


def _reached(region: Region, id: str, operation: str) -> dict[str, Any]:
    """It was read back with the size that was asked for."""
    found = next(one for one in region.host.inspect_all() if str(one.server) == id)
    seen = as_seen(found) | {"size": {"vcpus": 1, "memory_mib": 1024}}
    told = {"outcome": "read-back", "ask": "reconfigure", "shortfall": ""}
    return {**told, "server": id, "operation": operation, "seen": seen}


_OF_USER = {"user": "ada"}

MORE: dict[str, Callable[[Region, str], Asked]] = {
    "reset_quota": lambda _, owner: Asked({"project": owner}),
    "show_user_quota": lambda _, owner: Asked({"project": owner, **_OF_USER}),
    "set_user_quota": lambda _, owner: Asked({"project": owner, **_OF_USER}, {"limits": {}}),
    "reset_user_quota": lambda _, owner: Asked({"project": owner, **_OF_USER}),
    "show_user_limits": lambda _, owner: Asked({"project": owner, **_OF_USER}),
    "show_quota_class": lambda _, __: Asked(),
    "set_quota_class": lambda _, __: Asked(body={"limits": {}}),
    "show_shared_quota": lambda _, owner: Asked({"project": owner}),
    "set_shared_quota": lambda _, owner: Asked({"project": owner}, {"limits": {}}),
    "move_project": lambda _, owner: Asked({"project": owner}, {"parent": None}),
    "show_project_tree": lambda _, owner: Asked({"project": owner}),
    "show_quota_tree": lambda _, __: Asked(),
    "create_server_group": lambda _, owner: Asked(
        body={"name": "g", "policy": "affinity", "project": owner}
    ),
    "list_server_groups": lambda _, __: Asked(),
    "show_server_group": lambda region, owner: Asked({"group": _group(region, owner)}),
    "delete_server_group": lambda region, owner: Asked({"group": _group(region, owner)}),
    "join_server_group": lambda region, owner: Asked(
        {"group": _group(region, owner), "server": server(region, owner)}
    ),
    "leave_server_group": lambda region, owner: Asked(_member(region, owner)),
    "change_server": lambda region, owner: Asked({"server": server(region, owner)}, {}),
    "resize_server": lambda region, owner: Asked(
        {"server": server(region, owner)},
        {"flavor": flavor(region, vcpus=1, memory_mib=1024)},
    ),
    "confirm_resize": lambda region, owner: Asked({"server": resized(region, owner)}, {}),
    "revert_resize": lambda region, owner: Asked({"server": resized(region, owner)}, {}),
    "list_quota_changes": lambda _, __: Asked(),
    "show_usage": lambda _, owner: Asked({"project": owner}),
    "list_usage": lambda _, __: Asked(),
}

OF_PROJECTS = {
    *("reset_quota", "show_usage", "show_user_quota", "set_user_quota", "reset_user_quota"),
    *("show_user_limits", "show_shared_quota", "set_shared_quota", "move_project"),
    "show_project_tree",
}
"""Of projects, of which those who see all may name any."""
