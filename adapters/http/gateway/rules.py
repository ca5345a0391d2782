"""The rules of policy.cedar, read once and asked as a plain question: may this role do that?"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from functools import cache, lru_cache
from importlib.resources import files

import msgspec
from cedarpy import Entities, PolicySet, is_authorized, pst, validate_policies

from adapters.tokens import ROLES, Role

ASIDE: frozenset[str] = frozenset({"see_project", "see_hidden", "see_templates"})
"""What handlers ask about beside their own route: things of a project, what is hidden from
projects, the texts that operators write."""

# What a role may, the roles above it may too.
_BELOW: dict[Role, Role] = {"admin": "member", "member": "reader"}

_SCHEMA = """
entity Role in [Role];
entity Thing {{ own: Bool }};
action {actions} appliesTo {{ principal: Role, resource: Thing }};
"""


class RulesInvalid(Exception):
    """policy.cedar names what is not there, or a route has no rule. The text says which."""


def validate(routes: Iterable[str]) -> None:
    """Every one of ``routes`` has a rule, and every rule is sound and names what is there.

    Raises RulesInvalid, a ValueError where the text is no Cedar, and LookupError for a route
    without a rule.
    """
    known = set(routes)
    if without := known - ruled():
        raise LookupError(f"routes without a rule in policy.cedar: {sorted(without)}")
    actions = ", ".join(msgspec.json.encode(name).decode() for name in sorted(known | ASIDE))
    if faults := _faults(_text(), _SCHEMA.format(actions=actions)):
        raise RulesInvalid(faults)


@cache
def _faults(policies: str, schema: str) -> str:
    """Empty if there is none. Kept, because to find out takes as long as half of a start."""
    result = validate_policies(policies, schema)
    return "" if result.validation_passed else "; ".join(str(one) for one in result.errors)


@lru_cache(maxsize=4096)
def allows(action: str, role: Role, *, own: bool = True) -> bool:
    """Whether ``role`` may do it to a thing of its own project, or of another. What has no rule,
    nobody may. An answer costs a look into a dictionary: it depends on nothing else."""
    request = {
        "principal": {"type": "Role", "id": role},
        "action": {"type": "Action", "id": action},
        "resource": {"type": "Thing", "id": "own" if own else "foreign"},
        "context": {},
    }
    return is_authorized(request, _policies(), _entities()).allowed


def roles(action: str) -> list[Role]:
    """Who may do it at all, in alphabetical order."""
    return sorted(role for role in ROLES if allows(action, role))


@cache
def ruled() -> frozenset[str]:
    """All that some rule permits."""
    return frozenset(listed())


def listed() -> Iterator[str]:
    """Every action as often as it stands in a rule that permits."""
    for rule in _policies().to_pst().static_policies.values():
        if rule.effect == "permit" and isinstance(rule.action, pst.ActionIn):
            yield from (entity.id for entity in rule.action.entities)


@cache
def _text() -> str:
    return files(__package__).joinpath("policy.cedar").read_text(encoding="utf-8")


@cache
def _policies() -> PolicySet:
    return PolicySet.from_str(_text())


@cache
def _entities() -> Entities:
    """The roles, each under those that may what it may, and the two kinds of things."""
    there = [
        {
            "uid": {"type": "Role", "id": role},
            "attrs": {},
            "parents": [{"type": "Role", "id": _BELOW[role]}] if role in _BELOW else [],
        }
        for role in ROLES
    ]
    there += [
        {"uid": {"type": "Thing", "id": name}, "attrs": {"own": name == "own"}, "parents": []}
        for name in ("own", "foreign")
    ]
    return Entities.from_json_str(msgspec.json.encode(there).decode())
