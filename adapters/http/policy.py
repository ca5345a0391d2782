"""Who may do what: one row a route. A route without a row cannot be built."""

from __future__ import annotations

from litestar.connection import ASGIConnection
from litestar.handlers import BaseRouteHandler

from adapters.tokens import Actor, Role
from domain.errors import NotFound


class Unauthenticated(Exception):
    """No token, or none that is known."""

    def __str__(self) -> str:
        return "Send a live token: Authorization: Bearer <token>."


class NotPermitted(Exception):
    """The token's role does not allow this."""


_ALL: frozenset[Role] = frozenset({"reader", "member", "admin", "auditor"})
_CHANGE: frozenset[Role] = frozenset({"member", "admin"})
_OPERATE: frozenset[Role] = frozenset({"admin"})
_OVERSEE: frozenset[Role] = frozenset({"admin", "auditor"})
_REPORT: frozenset[Role] = frozenset({"service"})

POLICY: dict[str, frozenset[Role]] = {
    "adopt_server": _OPERATE,
    "build_server": _CHANGE,
    "start_server": _CHANGE,
    "stop_server": _CHANGE,
    "delete_server": _CHANGE,
    "change_server": _CHANGE,
    "resize_server": _CHANGE,
    "confirm_resize": _CHANGE,
    "revert_resize": _CHANGE,
    "show_request_spec": _ALL,
    "list_servers": _ALL,
    "show_server": _ALL,
    "declare_ceiling": _OPERATE,
    "flag_server": _CHANGE,
    "scale_server": _CHANGE,
    "plan_scale": _ALL,
    "list_operations": _ALL,
    "show_operation": _ALL,
    "resolve_operation": _OPERATE,
    "cancel_operation": _CHANGE,
    "list_drift": _ALL,
    "adopt_drift": _OPERATE,
    "reapply_drift": _OPERATE,
    "show_quota": _ALL,
    "set_quota": _OPERATE,
    "show_limits": _ALL,
    "reset_quota": _OPERATE,
    "show_user_quota": _ALL,
    "set_user_quota": _OPERATE,
    "reset_user_quota": _OPERATE,
    "show_user_limits": _ALL,
    "show_quota_class": _ALL,
    "set_quota_class": _OPERATE,
    "show_shared_quota": _ALL,
    "set_shared_quota": _OPERATE,
    "move_project": _OPERATE,
    "show_project_tree": _ALL,
    "show_quota_tree": _ALL,
    "create_server_group": _CHANGE,
    "list_server_groups": _ALL,
    "show_server_group": _ALL,
    "delete_server_group": _CHANGE,
    "join_server_group": _CHANGE,
    "leave_server_group": _CHANGE,
    "create_flavor": _OPERATE,
    "list_flavors": _ALL,
    "show_flavor": _ALL,
    "change_flavor": _OPERATE,
    "delete_flavor": _OPERATE,
    "create_image": _OPERATE,
    "list_images": _ALL,
    "show_image": _ALL,
    "change_image": _OPERATE,
    "delete_image": _OPERATE,
    "list_windows": _ALL,
    "show_window": _ALL,
    "set_window": _OPERATE,
    "delete_window": _OPERATE,
    "show_region_policy": _ALL,
    "set_region_policy": _OPERATE,
    "list_history": _ALL,
    "list_quota_changes": _ALL,
    "show_usage": _ALL,
    "list_usage": _ALL,
    "list_hosts": _OVERSEE,
    "show_host": _OVERSEE,
    "set_host_terms": _OPERATE,
    "list_lanes": _OVERSEE,
    "list_projections": _OVERSEE,
    "rebuild_projection": _OPERATE,
    "schedule_scale": _CHANGE,
    "list_schedules": _ALL,
    "show_schedule": _ALL,
    "change_schedule": _CHANGE,
    "cancel_schedule": _CHANGE,
    "scale_servers": _CHANGE,
    "show_autoscaling": _ALL,
    "set_autoscaling": _CHANGE,
    "unset_autoscaling": _CHANGE,
    "recommend_size": _CHANGE,
    "report_outcomes": _REPORT,
    "report_observations": _REPORT,
    "show_metrics": _OVERSEE | _REPORT,
}

OPEN: frozenset[str] = frozenset({"/", "/healthz", "/readyz"})
"""Paths that need no token: version discovery and health."""


UNGUARDED: frozenset[str] = frozenset({"discover_versions", "show_health", "show_readiness"})
"""The routes at those paths."""


async def permit(connection: ASGIConnection, handler: BaseRouteHandler) -> None:  # type: ignore[type-arg]
    """Litestar's guard for every route; async, or it would run in a thread. Raises NotPermitted."""
    allowed = POLICY.get(str(handler.name))
    if allowed is None:
        return
    actor = connection.scope["state"]["actor"]
    if actor.role not in allowed:
        raise NotPermitted(f"The role {actor.role} may not do this: {', '.join(sorted(allowed))}.")


def must_be_let_consent(actor: Actor, consent: str) -> None:
    """Each consent beside live is a permission of its own, given with the token. Raises
    NotPermitted."""
    if consent != "live" and consent not in actor.consents:
        raise NotPermitted(f"This token may not consent to {consent}.")


def oversees(actor: Actor) -> bool:
    """Whether the caller sees what is not for everybody."""
    return actor.role in _OVERSEE


def operates(actor: Actor) -> bool:
    """Whether the caller sees what is for operators."""
    return actor.role in _OPERATE


# No project's id begins like this (adapters/http/fields.py).
_NO_PROJECT = "-"


def shown_project(actor: Actor, asked: str | None) -> str | None:
    """Whose things a list shows: a scoped caller's own; where it asks for another project's,
    nothing, as of a project that is not there. None: everybody's."""
    if asked is None or not actor.project:
        return asked or actor.project
    return asked if actor.sees(asked) else _NO_PROJECT


def must_see(actor: Actor, project: str, *, what: str, id: str) -> None:
    """Another project's things are as if they were not there. Raises NotFound."""
    if not actor.sees(project):
        raise NotFound(what=what, id=id)
