"""Who is expected to be let in is whom the policy of the installed Nova lets in."""

from __future__ import annotations

import json
import subprocess
import sys
from functools import cache
from pathlib import Path

import pytest

from adapters.tokens import Role
from tests.adapters.http.compute.roles.expected import EXPECTED
from tests.adapters.http.compute.roles.guarded import GUARDED, path_of, rule_of

pytestmark = pytest.mark.xdist_group("nova-policy")

_EXTRACT = Path(__file__).with_name("extract_nova_policy.py")
_SHARED: tuple[Role, ...] = ("reader", "member", "admin")
"""Nova knows these; auditor and service are ours."""

OURS = {
    *("compute_show_description", "compute_scale_server"),
    *("compute_act_on_server", "compute_act_on_flavor"),
}
UNRULED = {"compute_list_flavors", "compute_list_flavors_in_detail", "compute_show_flavor"}
"""Nova asks its policy nothing there."""

RULED = [name for name in GUARDED if name not in OURS | UNRULED]
OF_ONE_PROJECT = [
    name
    for name in RULED
    if any(f"{{{owned}:" in path_of(name) for owned in ("server", "group", "project"))
]


@cache
def nova() -> dict[str, dict[str, tuple[bool, bool]]]:
    """By rule and role: whether it is let to an own thing, and to another project's."""
    command = [sys.executable, "-W", "ignore", str(_EXTRACT)]
    told = subprocess.run(command, check=True, capture_output=True, text=True)
    found = json.loads(told.stdout)
    return {
        rule: {role: (own, foreign) for role, (own, foreign) in lets.items()}
        for rule, lets in found.items()
    }


def test_refusals_name_rules_of_novas_where_nova_has_one() -> None:
    assert sorted(name for name in GUARDED if rule_of(name) not in nova()) == sorted(OURS | UNRULED)


@pytest.mark.parametrize("name", RULED)
@pytest.mark.parametrize("role", _SHARED)
def test_to_own_things_those_are_let_whom_nova_lets(name: str, role: Role) -> None:
    own, _ = nova()[rule_of(name)][role]
    assert (EXPECTED[name].answer(role, own=True) == "yes") == own


@pytest.mark.parametrize("name", OF_ONE_PROJECT)
@pytest.mark.parametrize("role", _SHARED)
def test_to_foreign_things_those_are_let_whom_nova_lets(name: str, role: Role) -> None:
    _, foreign = nova()[rule_of(name)][role]
    assert (EXPECTED[name].answer(role, own=False) == "yes") == foreign
