"""Who is let in where, written down a second time: what policy.cedar must come to."""

from __future__ import annotations

from typing import NamedTuple

from adapters.tokens import Role

NOBODY = "nobody"
"""Without a token."""

INITIALS: dict[Role, str] = {
    "reader": "R",
    "member": "M",
    "admin": "A",
    "auditor": "U",
    "service": "S",
}


class Row(NamedTuple):
    """The initials of those who are let in: to what is of their own project, and of another's.

    Who may not do it at all is told so. Who may, but not there, is told that nothing is there.
    """

    own: str
    foreign: str

    def answer(self, role: Role, *, own: bool) -> str:
        initial = INITIALS[role]
        if initial not in self.own:
            return "not permitted"
        return "yes" if own or initial in self.foreign else "absent"


_SEEN = Row("RMAU", "AU")
_CHANGED = Row("MA", "A")
_OPERATED = Row("A", "A")
_OVERSEEN = Row("AU", "AU")
_REPORTED = Row("S", "S")
# Of no project, or of as many as there are: then it holds what the caller may see.
_SEEN_BY_ALL = Row("RMAU", "RMAU")

EXPECTED: dict[str, Row] = {
    "adopt_server": _OPERATED,
    "build_server": _CHANGED,
    "list_servers": _SEEN_BY_ALL,
    "show_server": _SEEN,
    "show_request_spec": _SEEN,
    "start_server": _CHANGED,
    "stop_server": _CHANGED,
    "delete_server": _CHANGED,
    "scale_server": _CHANGED,
    "plan_scale": _SEEN,
    "declare_ceiling": _OPERATED,
    "flag_server": _CHANGED,
    # Each server is answered by itself; another project's are told to be absent.
    "scale_servers": Row("MA", "MA"),
    "schedule_scale": _CHANGED,
    "list_schedules": _SEEN_BY_ALL,
    "show_schedule": _SEEN,
    "change_schedule": _CHANGED,
    "cancel_schedule": _CHANGED,
    "show_autoscaling": _SEEN,
    "set_autoscaling": _CHANGED,
    "unset_autoscaling": _CHANGED,
    "recommend_size": _CHANGED,
    "list_drift": _SEEN_BY_ALL,
    "adopt_drift": _OPERATED,
    "reapply_drift": _OPERATED,
    "list_operations": _SEEN_BY_ALL,
    "show_operation": _SEEN,
    "resolve_operation": _OPERATED,
    "cancel_operation": _CHANGED,
    "create_flavor": _OPERATED,
    "list_flavors": _SEEN_BY_ALL,
    # Hidden ones stand for another project's.
    "show_flavor": _SEEN,
    "change_flavor": _OPERATED,
    "delete_flavor": _OPERATED,
    "create_image": _OPERATED,
    "list_images": _SEEN_BY_ALL,
    "show_image": _SEEN_BY_ALL,
    "change_image": _OPERATED,
    "delete_image": _OPERATED,
    "list_windows": _SEEN_BY_ALL,
    "show_window": _SEEN_BY_ALL,
    "set_window": _OPERATED,
    "delete_window": _OPERATED,
    "show_region_policy": _SEEN_BY_ALL,
    "set_region_policy": _OPERATED,
    "show_quota": _SEEN,
    "set_quota": _OPERATED,
    "show_limits": _SEEN,
    "list_history": _SEEN_BY_ALL,
    "list_hosts": _OVERSEEN,
    "show_host": _OVERSEEN,
    "set_host_terms": _OPERATED,
    "list_lanes": _OVERSEEN,
    "list_costs": _OVERSEEN,
    "list_projections": _OVERSEEN,
    "rebuild_projection": _OPERATED,
    "show_metrics": Row("AUS", "AUS"),
    "report_outcomes": _REPORTED,
    "report_observations": _REPORTED,
    "show_user_quota": _SEEN,
    "show_user_limits": _SEEN,
    "show_shared_quota": _SEEN,
    "show_project_tree": _SEEN,
    "show_server_group": _SEEN,
    "show_usage": _SEEN,
    "show_quota_class": _SEEN_BY_ALL,
    "show_quota_tree": _SEEN_BY_ALL,
    "list_quota_changes": _SEEN_BY_ALL,
    "list_usage": _SEEN_BY_ALL,
    "list_server_groups": _SEEN_BY_ALL,
    "change_server": _CHANGED,
    "resize_server": _CHANGED,
    "confirm_resize": _CHANGED,
    "revert_resize": _CHANGED,
    "create_server_group": _CHANGED,
    "delete_server_group": _CHANGED,
    "join_server_group": _CHANGED,
    "leave_server_group": _CHANGED,
    "reset_quota": _OPERATED,
    "set_user_quota": _OPERATED,
    "reset_user_quota": _OPERATED,
    "set_quota_class": _OPERATED,
    "set_shared_quota": _OPERATED,
    "move_project": _OPERATED,
}
