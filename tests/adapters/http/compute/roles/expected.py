"""Who is let in where at the Compute door, written down a second time, by hand.

Nova 34's policy is what it was written down from, with two differences. Here there is an auditor,
who sees whatever an admin sees. And another project's server group is not there, as is its server:
Nova refuses it (403), and so tells that it is.
"""

from __future__ import annotations

from typing import Literal, NamedTuple

from adapters.tokens import Role
from tests.adapters.http.native.expected import INITIALS

Expected = Literal["yes", "forbidden", "absent"]


class Row(NamedTuple):
    """The initials of those who are let in: to what is of their own project, and of another's.

    Who may not do it at all is forbidden it. Who may, but not there, is told that nothing is there;
    or, of ``hidden``, what Nova says of a project that is named: forbidden, be it there or not.
    """

    own: str
    foreign: str
    hidden: Expected = "absent"

    def answer(self, role: Role, *, own: bool) -> Expected:
        initial = INITIALS[role]
        if initial not in self.own:
            return "forbidden"
        return "yes" if own or initial in self.foreign else self.hidden


# Nova: PROJECT_READER_OR_ADMIN of a thing that is looked for first.
_SEEN = Row("RMAU", "AU")
# PROJECT_MEMBER_OR_ADMIN of a thing that is looked for first.
_CHANGED = Row("MA", "A")
# ADMIN, where it changes something.
_OPERATED = Row("A", "A")
# ADMIN, where it only looks.
_OVERSEEN = Row("AU", "AU")
# RULE_ANY; or of as many projects as there are: then it holds what the caller may see.
_SEEN_BY_ALL = Row("RMAU", "RMAU")
# PROJECT_READER_OR_ADMIN of the project in the path.
_OF_PROJECT = Row("RMAU", "AU", "forbidden")
# PROJECT_MEMBER_OR_ADMIN, made in the project of the token: no other can be named.
_MADE = Row("MA", "MA")

EXPECTED: dict[str, Row] = {
    # Whoever has a token may read what there is to be asked, a relay too.
    "compute_show_description": Row("RMAUS", "RMAUS"),
    "compute_list_extensions": _SEEN_BY_ALL,
    "compute_show_extension": _SEEN_BY_ALL,
    # Hidden flavors stand for another project's.
    "compute_list_flavors": _SEEN_BY_ALL,
    "compute_list_flavors_in_detail": _SEEN_BY_ALL,
    "compute_show_flavor": _SEEN,
    "compute_create_flavor": _OPERATED,
    "compute_update_flavor": _OPERATED,
    "compute_delete_flavor": _OPERATED,
    "compute_list_extra_specs": _SEEN,
    "compute_show_extra_spec": _SEEN,
    "compute_create_extra_specs": _OPERATED,
    "compute_update_extra_spec": _OPERATED,
    "compute_delete_extra_spec": _OPERATED,
    "compute_list_flavor_access": _OVERSEEN,
    # The route itself; each of its actions has a row of its own.
    "compute_act_on_flavor": _SEEN_BY_ALL,
    "compute_add_flavor_access": _OPERATED,
    "compute_remove_flavor_access": _OPERATED,
    "compute_list_servers": _SEEN_BY_ALL,
    "compute_list_servers_in_detail": _SEEN_BY_ALL,
    "compute_show_server": _SEEN,
    "compute_create_server": _MADE,
    "compute_update_server": _CHANGED,
    "compute_delete_server": _CHANGED,
    "compute_act_on_server": _SEEN_BY_ALL,
    "compute_resize_server": _CHANGED,
    "compute_confirm_resize": _CHANGED,
    "compute_revert_resize": _CHANGED,
    "compute_start_server": _CHANGED,
    "compute_stop_server": _CHANGED,
    "compute_scale_server": _CHANGED,
    "compute_list_instance_actions": _SEEN,
    "compute_show_instance_action": _SEEN,
    "compute_list_metadata": _SEEN,
    "compute_show_metadata_item": _SEEN,
    "compute_create_metadata": _CHANGED,
    "compute_replace_metadata": _CHANGED,
    "compute_update_metadata_item": _CHANGED,
    "compute_delete_metadata_item": _CHANGED,
    # Nova lets a manager see those of its project, a role that there is not here.
    "compute_list_migrations": _OVERSEEN,
    "compute_list_server_migrations": _OVERSEEN,
    "compute_show_server_migration": _OVERSEEN,
    "compute_list_availability_zones": _SEEN_BY_ALL,
    "compute_list_availability_zones_in_detail": _OVERSEEN,
    "compute_list_hypervisors": _OVERSEEN,
    "compute_list_hypervisors_in_detail": _OVERSEEN,
    "compute_show_hypervisor_statistics": _OVERSEEN,
    "compute_show_hypervisor": _OVERSEEN,
    "compute_show_hypervisor_uptime": _OVERSEEN,
    "compute_search_hypervisors": _OVERSEEN,
    "compute_list_hypervisor_servers": _OVERSEEN,
    # Nova's limits:other_project is for admins; an auditor reads another's quota set instead.
    "compute_show_limits": Row("RMAU", "A", "forbidden"),
    "compute_show_quota_set": _OF_PROJECT,
    "compute_show_user_quota_set": _OF_PROJECT,
    "compute_show_quota_set_in_detail": _OF_PROJECT,
    # The defaults are everybody's, whichever project is named.
    "compute_show_quota_set_defaults": _SEEN_BY_ALL,
    "compute_update_quota_set": _OPERATED,
    "compute_delete_quota_set": _OPERATED,
    "compute_show_quota_class_set": _OVERSEEN,
    "compute_update_quota_class_set": _OPERATED,
    "compute_list_server_groups": _SEEN_BY_ALL,
    "compute_show_server_group": _SEEN,
    "compute_create_server_group": _MADE,
    "compute_delete_server_group": _CHANGED,
    "compute_list_tenant_usages": _OVERSEEN,
    "compute_show_tenant_usage": _OF_PROJECT,
}
