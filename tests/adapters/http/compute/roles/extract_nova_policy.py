"""Prints, as JSON, whom Nova's own policy lets in: to what is of their project, and of another's.

Run by `test_roles_as_nova_says` in a process of its own: whatever Nova warns of when it is imported
stays there.
"""

from __future__ import annotations

import json
import sys

from nova import policies  # type: ignore[import-untyped]
from oslo_config import cfg
from oslo_policy import policy

_ROLES = {
    "reader": ["reader"],
    "member": ["member", "reader"],
    "admin": ["admin", "manager", "member", "reader"],
}
"""With those that Keystone has each of them imply."""


def main() -> None:
    enforcer = _enforcer()
    told = {
        rule.name: {role: _lets(enforcer, rule.name, role) for role in _ROLES}
        for rule in policies.list_rules()
        if rule.name.startswith("os_compute_api:")
    }
    json.dump(told, sys.stdout)


def _enforcer() -> policy.Enforcer:
    conf = cfg.ConfigOpts()
    conf([])
    enforcer = policy.Enforcer(conf)
    enforcer.register_defaults(policies.list_rules())
    return enforcer


def _lets(enforcer: policy.Enforcer, rule: str, role: str) -> list[bool]:
    """To an own thing, and to another project's."""
    who = {"roles": _ROLES[role], "project_id": "own", "user_id": "u", "is_admin": role == "admin"}
    return [
        bool(enforcer.enforce(rule, {"project_id": project, "user_id": "u"}, who))
        for project in ("own", "other")
    ]


if __name__ == "__main__":
    main()
