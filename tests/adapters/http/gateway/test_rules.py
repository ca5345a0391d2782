"""policy.cedar by itself: sound, without gaps, and closed to what it does not name."""

from __future__ import annotations

from typing import Any

import pytest
from litestar import Litestar, Request, asgi, get
from litestar.types import Receive, Scope, Send

from adapters.http.gateway.authorization import before, must_be_before_all, must_be_guarded
from adapters.http.gateway.policy import only_project, sees
from adapters.http.gateway.rules import ASIDE, RulesInvalid, allows, groups, roles, validate
from adapters.http.native.dialect import Native
from adapters.tokens import ROLES, SCOPED, Actor, Role
from tests.adapters.http.kit.served import RULED
from tests.kit.region import FOREIGN, OWN


def test_every_group_of_the_policy_has_something_in_it() -> None:
    assert groups() == {*RULED.values(), *ASIDE.values()}


def test_a_route_whose_group_has_no_rule_cannot_be_built() -> None:
    with pytest.raises(LookupError, match="launch_server"):
        validate(RULED | {"launch_server": "launch"})


def test_a_rule_for_an_unknown_action_is_refused() -> None:
    nothing_measured = {name: group for name, group in RULED.items() if group != "measure"}
    with pytest.raises(RulesInvalid, match="measure"):
        validate(nothing_measured)


def careless(open_paths: frozenset[str], **rule: str) -> Native:
    """A dialect with one route more than anybody thought of."""

    @get("/launch", name="launch_server", opt=rule)
    async def launch_server() -> None: ...

    of = {"routes": [launch_server], "open_paths": open_paths}
    made: Native = type("Careless", (Native,), of)()
    return made


def test_a_route_that_names_no_rule_and_is_not_open_cannot_be_built() -> None:
    with pytest.raises(LookupError, match="launch_server"):
        must_be_guarded([Native(), careless(frozenset())])


def test_a_route_that_names_a_rule_and_is_open_cannot_be_built() -> None:
    with pytest.raises(LookupError, match="launch_server"):
        must_be_guarded([Native(), careless(frozenset({"/launch"}), may="change")])


def test_a_route_with_something_of_its_own_before_it_cannot_be_built() -> None:
    async def instead(_: Request[Any, Any, Any]) -> None: ...

    @get("/launch", before_request=instead)
    async def launch_server() -> None: ...

    with pytest.raises(LookupError, match="/launch"):
        must_be_before_all(Litestar([launch_server], before_request=before))


def test_an_application_of_another_kind_cannot_be_built_in() -> None:
    async def elsewhere(scope: Scope, receive: Receive, send: Send) -> None: ...

    with pytest.raises(LookupError, match="/elsewhere"):
        must_be_before_all(
            Litestar([asgi("/elsewhere", copy_scope=True)(elsewhere)], before_request=before)
        )


def test_an_action_without_a_rule_is_allowed_to_nobody() -> None:
    assert roles("launch_server", "launch") == []


def test_an_unknown_role_may_do_nothing() -> None:
    king: Role = "king"  # type: ignore[assignment] # a token of a version that had other roles
    assert not [action for action, group in RULED.items() if allows(action, group, king)]


@pytest.mark.parametrize("role", ROLES)
def test_no_role_may_more_in_another_project_than_in_its_own(role: Role) -> None:
    for action, group in (RULED | ASIDE).items():
        assert allows(action, group, role) >= allows(action, group, role, own=False), action


@pytest.mark.parametrize("role", ["reader", "member", "admin", "auditor"])
def test_a_confined_caller_sees_its_own_project_only(role: Role) -> None:
    caller = Actor(name="wei", user="wei", role=role, home=OWN)
    assert sees(caller, OWN)
    assert sees(caller, FOREIGN) == (only_project(caller) is None)
    assert only_project(caller) in {None, OWN}


def test_the_roles_that_need_a_project_are_those_that_the_policy_confines() -> None:
    """A token of these cannot be made without one."""
    able = [role for role in ROLES if role != "service"]
    confined = {r for r in able if only_project(Actor(name="wei", user="wei", role=r))}
    assert confined == SCOPED


def test_a_confined_caller_without_a_project_sees_nothing() -> None:
    caller = Actor(name="wei", user="wei", role="reader")
    assert not sees(caller, OWN)
    assert only_project(caller) not in (None, OWN)
