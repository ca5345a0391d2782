"""The page of the policy: every rule with the roles that it gives, and the routes that name it."""

from __future__ import annotations

import re
from importlib.resources import files
from typing import NamedTuple

from adapters.http import gateway
from adapters.http.gateway import rules
from tests.docs.generate.routes import Routed, routed
from tests.docs.markdown import table

_RULE = re.compile(r'(?P<said>(?:^//.*\n)+)@id\("(?P<name>\w+)"\)', re.MULTILINE)


class Rule(NamedTuple):
    """``said``: its comment."""

    name: str
    said: str


def page() -> str:
    return "\n".join(map(_section, parsed()))


def parsed() -> list[Rule]:
    """The rules in their order."""
    text = files(gateway).joinpath("policy.cedar").read_text(encoding="utf-8")
    return [
        Rule(found["name"], " ".join(found["said"].replace("//", "").split()))
        for found in _RULE.finditer(text)
    ]


def _section(rule: Rule) -> str:
    head = f"## {rule.name}\n\n{rule.said}\n"
    named = [one for one in _actions() if one.group == rule.name]
    if not named:
        return head
    rows = [(f"`{one.action}`", f"`{one.where}`" if one.where else "") for one in named]
    return f"{head}\nRoles: {named[0].roles}.\n\n{table(('action', 'route'), rows)}"


def _actions() -> list[Routed]:
    """Those of routes, and what handlers ask about beside their own."""
    aside = [Routed(action, group, "") for action, group in rules.ASIDE.items()]
    return [*routed().values(), *aside]
