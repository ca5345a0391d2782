"""The rules of policy.cedar, read once and asked as a plain question: may this role do that?"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from functools import cache, lru_cache
from importlib.resources import files
from typing import Any

import msgspec
from cedarpy import Entities, PolicySet, is_authorized, pst, validate_policies
from litestar.handlers import HTTPRouteHandler

from adapters.tokens import ROLES, Role

ASIDE: dict[str, str] = {
    "see_project": "see",
    "see_hidden": "oversee",
    "see_templates": "operate",
    "report_host": "report",
}
"""What handlers ask about beside their own route, and the group of each: things of a project, what
is hidden from projects, the texts that operators write, one host of those that relays tell of."""

# What a role may, the roles above it may too.
_BELOW: dict[Role, Role] = {"admin": "member", "member": "reader"}

_SCHEMA = """
entity Role in [Role];
entity Thing {{ own: Bool }};
action {groups};
{actions}
"""
_ACTION = "action {name} in [{group}] appliesTo {{ principal: Role, resource: Thing }};"


class RulesInvalid(Exception):
    """policy.cedar names what is not there. The text says what."""


def ruled(routes: Iterable[HTTPRouteHandler]) -> dict[str, str]:
    """The group of every route that has one, and of every action that shares a route."""
    found: dict[str, str] = {}
    for route in routes:
        if "may" in route.opt:
            found[str(route.name)] = route.opt["may"]
        found |= route.opt.get("actions", {})
    return found


def validate(actions: Mapping[str, str]) -> None:
    """Every rule is sound and names what is there, and every group of ``actions`` has a rule.

    Raises RulesInvalid, a ValueError where the text is no Cedar, and LookupError for a group
    without a rule.
    """
    known = {**actions, **ASIDE}
    if without := {name for name, group in known.items() if group not in groups()}:
        raise LookupError(f"routes without a rule in policy.cedar: {sorted(without)}")
    lines = [_ACTION.format(name=_quoted(a), group=_quoted(g)) for a, g in sorted(known.items())]
    names = ", ".join(map(_quoted, sorted(set(known.values()))))
    schema = _SCHEMA.format(groups=names, actions="\n".join(lines))
    if faults := _faults(_text(), schema):
        raise RulesInvalid(faults)


@cache
def _faults(policies: str, schema: str) -> str:
    """Empty if there is none. Kept, because to find out takes as long as half of a start."""
    result = validate_policies(policies, schema)
    return "" if result.validation_passed else "; ".join(str(one) for one in result.errors)


@lru_cache(maxsize=4096)
def allows(action: str, group: str, role: Role, *, own: bool = True) -> bool:
    """Whether ``role`` may do it to a thing of its own project, or of another. What has no rule,
    nobody may. An answer costs a look into a dictionary: it depends on nothing else."""
    request = {
        "principal": {"type": "Role", "id": role},
        "action": {"type": "Action", "id": action},
        "resource": {"type": "Thing", "id": "own" if own else "foreign"},
        "context": {},
    }
    return is_authorized(request, _policies(), _entities(action, group)).allowed


def allows_aside(action: str, role: Role, *, own: bool = True) -> bool:
    """The same of what stands in `ASIDE`."""
    return allows(action, ASIDE[action], role, own=own)


def roles(action: str, group: str) -> list[Role]:
    """Who may do it at all, in alphabetical order."""
    return sorted(role for role in ROLES if allows(action, group, role))


@cache
def groups() -> frozenset[str]:
    """All that some rule permits."""
    rules = _policies().to_pst().static_policies.values()
    permitted = (rule.action for rule in rules if rule.effect == "permit")
    return frozenset(
        entity.id for one in permitted if isinstance(one, pst.ActionIn) for entity in one.entities
    )


def _quoted(name: str) -> str:
    return msgspec.json.encode(name).decode()


@cache
def _text() -> str:
    return files(__package__).joinpath("policy.cedar").read_text(encoding="utf-8")


@cache
def _policies() -> PolicySet:
    return PolicySet.from_str(_text())


@lru_cache(maxsize=1024)
def _entities(action: str, group: str) -> Entities:
    """The action in its group, the roles, each under those that may what it may, and the two kinds
    of things."""
    there = [_entity("Action", action, [("Action", group)])]
    there += [
        _entity("Role", role, [("Role", _BELOW[role])] if role in _BELOW else []) for role in ROLES
    ]
    there += [_entity("Thing", name, attrs={"own": name == "own"}) for name in ("own", "foreign")]
    return Entities.from_json_str(msgspec.json.encode(there).decode())


def _entity(
    kind: str, id: str, parents: Iterable[tuple[str, str]] = (), attrs: dict[str, Any] | None = None
) -> dict[str, Any]:
    return {
        "uid": {"type": kind, "id": id},
        "attrs": attrs or {},
        "parents": [{"type": above, "id": name} for above, name in parents],
    }
