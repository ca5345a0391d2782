"""A server group as Nova shows it in each microversion."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any
from uuid import UUID

from adapters.http.compute.microversions import V
from adapters.http.compute.routes import Call
from commands.server_groups import GroupRecorded

Group = GroupRecorded

_WITH_OWNER, _ONE_POLICY = V(2, 13), V(2, 64)


def view(call: Call, group: Group) -> dict[str, Any]:
    shown: dict[str, Any] = {
        "id": str(group.id),
        "name": group.name,
        "members": list(_there(call, group.members)),
    }
    if call.at >= _ONE_POLICY:
        shown |= {"policy": group.policy, "rules": _rules(group)}
    else:
        shown |= {"policies": [group.policy], "metadata": {}}
    if call.at >= _WITH_OWNER:
        shown |= {"project_id": group.project, "user_id": group.user}
    return shown


def _there(call: Call, members: Iterable[UUID]) -> Iterable[str]:
    """Not those that are gone."""
    for member in members:
        row = call.region.readside.server(member)
        if row and row.state.power != "gone":
            yield str(member)


def _rules(group: Group) -> dict[str, int]:
    most = group.max_server_per_host
    return {} if most is None else {"max_server_per_host": most}
