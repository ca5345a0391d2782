"""An action on a server as the Compute API shows it, in each microversion."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from adapters.http.compute.gateway.calls import Call
from adapters.http.compute.gateway.microversions import V
from adapters.http.compute.visible import host_id, stamp
from adapters.http.gateway.policy import oversees
from projections.instance_actions import ActionStep, InstanceAction
from projections.servers import ServerRow


def request_id(action: InstanceAction) -> str:
    return f"req-{action.because}"


def brief(action: InstanceAction, server: UUID, at: V) -> dict[str, Any]:
    """What went wrong, in a hypervisor's words, is in the details of its events, for operators."""
    shown = {
        "action": action.name,
        "instance_uuid": str(server),
        "request_id": request_id(action),
        "user_id": action.by,
        "project_id": action.project,
        "start_time": stamp(action.start),
        "message": "Error" if action.message else None,
    }
    return shown | ({"updated_at": stamp(action.updated)} if at >= V(2, 58) else {})


def whole(call: Call, row: ServerRow, action: InstanceAction) -> dict[str, Any]:
    """What was done for it was only for those who oversee the region before 2.51."""
    shown = brief(action, row.id, call.at)
    if call.at >= V(2, 51) or oversees(call.actor):
        shown["events"] = [_event(call, row, step) for step in reversed(action.steps)]
    return shown


def _event(call: Call, row: ServerRow, step: ActionStep) -> dict[str, Any]:
    host = step.host or row.state.host
    shown: dict[str, Any] = {
        "event": step.name,
        "start_time": stamp(step.start),
        "finish_time": stamp(step.finish),
        "result": step.result,
    }
    if call.at >= V(2, 62):
        shown["hostId"] = host_id(host, row.state.project)
    if oversees(call.actor):
        shown["traceback"] = None
        shown |= {"host": host} if call.at >= V(2, 62) else {}
        shown |= {"details": step.details} if call.at >= V(2, 84) else {}
    return shown
