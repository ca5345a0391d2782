"""A server group as Nova shows it in each microversion."""

from __future__ import annotations

from typing import Any

from adapters.http.compute.gateway.microversions import V
from commands.ledger.server_groups import GroupRecorded

_WITH_OWNER, _ONE_POLICY = V(2, 13), V(2, 64)


def view(group: GroupRecorded, at: V) -> dict[str, Any]:
    """Its members are servers that are there: whoever goes leaves its group."""
    shown: dict[str, Any] = {
        "id": str(group.id),
        "name": group.name,
        "members": [str(member) for member in group.members],
    }
    if at >= _ONE_POLICY:
        shown |= {"policy": group.policy, "rules": _rules(group)}
    else:
        shown |= {"policies": [group.policy], "metadata": {}}
    if at >= _WITH_OWNER:
        shown |= {"project_id": group.project, "user_id": group.user}
    return shown


def _rules(group: GroupRecorded) -> dict[str, int]:
    most = group.max_server_per_host
    return {} if most is None else {"max_server_per_host": most}
