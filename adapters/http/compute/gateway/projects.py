"""Projects that a request names, as Keystone knows them."""

from __future__ import annotations

from adapters.http.compute.gateway.calls import Call
from adapters.http.compute.gateway.faults import Fault


async def must_be_project(call: Call, project: str) -> str:
    """That of the caller's token is one. Raises Fault, IdentityUnavailable."""
    if project != call.actor.home and not await call.parts.callers.project_exists(project):
        raise Fault(400, f"Project ID {project} is not a valid project.")
    return project
