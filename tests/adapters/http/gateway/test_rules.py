"""policy.cedar by itself: sound, without gaps, and closed to what it does not name."""

from __future__ import annotations

from typing import Any

import pytest
from litestar import Litestar, Request, asgi, get
from litestar.types import Receive, Scope, Send

from adapters.http.app import ROUTES
from adapters.http.gateway.authorization import before, must_be_before_all
from adapters.http.gateway.policy import UNGUARDED, sees
from adapters.http.gateway.rules import ASIDE, RulesInvalid, allows, listed, roles, ruled, validate
from adapters.tokens import ROLES, Actor, Role
from tests.kit.region import FOREIGN, OWN

GUARDED = {str(route.name) for route in ROUTES} - UNGUARDED


def test_every_action_is_listed_in_one_group_only() -> None:
    actions = list(listed())
    assert len(actions) == len(set(actions))


def test_a_route_without_a_rule_cannot_be_built() -> None:
    with pytest.raises(LookupError, match="launch_server"):
        validate({*GUARDED, "launch_server"})


def test_a_rule_for_what_is_no_route_is_a_mistake_somewhere() -> None:
    with pytest.raises(RulesInvalid, match="show_host"):
        validate(GUARDED - {"show_host"})


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


def test_what_no_rule_names_nobody_may() -> None:
    assert roles("launch_server") == []


def test_a_role_that_is_none_may_nothing() -> None:
    king: Role = "king"  # type: ignore[assignment] # a token of a version that had other roles
    assert not [action for action in ruled() if allows(action, king)]


@pytest.mark.parametrize("role", ROLES)
def test_no_role_may_more_in_another_project_than_in_its_own(role: Role) -> None:
    assert not [a for a in ruled() if allows(a, role, own=False) and not allows(a, role)]


@pytest.mark.parametrize("role", ["reader", "member", "admin", "auditor"])
def test_whom_the_rules_confine_to_a_project_is_confined_by_its_token(role: Role) -> None:
    caller = Actor(name="wei", user="wei", role=role, home=OWN)
    for project in (OWN, FOREIGN):
        assert sees(caller, project) == caller.sees(project)
    assert caller.sees(FOREIGN) == (caller.project is None)


def test_who_must_be_of_a_project_but_is_of_none_sees_nothing() -> None:
    caller = Actor(name="wei", user="wei", role="reader")
    assert not caller.sees(OWN)
    assert not sees(caller, OWN)
    assert caller.project not in (None, OWN)


def test_what_is_asked_aside_of_routes_is_ruled_too() -> None:
    assert ruled() >= ASIDE
