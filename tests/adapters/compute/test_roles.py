"""Every route and every action of the Compute door, asked by every role."""

from __future__ import annotations

import re

import pytest
from litestar.handlers import HTTPRouteHandler

from adapters.http.compute.routes import declared
from adapters.http.compute.served import ROUTES
from adapters.http.policy import OPEN
from adapters.http.rules import allows, ruled
from adapters.tokens import ROLES, Role
from tests.region import OWN, Answer, Region

ROUTE_OF = {str(one.name): one for one in ROUTES if not one.paths <= OPEN}
ACTIONS = {
    action.name: (route, key)
    for route in ROUTE_OF.values()
    for key, action in declared(route).actions.items()
}
CELLS = [(name, role) for name in sorted(ROUTE_OF) for role in ROLES]


def send(region: Region, route: HTTPRouteHandler, body: object, as_: str | None) -> Answer:
    path = min(route.paths).replace("{project:str}", OWN)
    path = re.sub(r"\{\w+:\w+\}", "nope", path)
    at = {"openstack-api-version": f"compute {declared(route).until}"}
    return region.ask(min(route.http_methods), path, body, as_=as_, headers=at)


def test_every_route_and_every_action_has_a_row_and_every_row_one_of_them() -> None:
    rows = {row for row in ruled() if row.startswith("compute_")}
    assert rows == ROUTE_OF.keys() | ACTIONS.keys()


@pytest.mark.parametrize("name", sorted(ROUTE_OF))
def test_nobody_gets_in_without_a_token(shared: Region, name: str) -> None:
    answer = send(shared, ROUTE_OF[name], None, None)
    assert (answer.status_code, answer.json()["error"]["title"]) == (401, "Unauthorized")


@pytest.mark.parametrize(("name", "role"), CELLS)
def test_a_role_may_do_what_the_policy_allows(shared: Region, name: str, role: Role) -> None:
    answer = send(shared, ROUTE_OF[name], None, role)
    if allows(name, role):
        assert answer.status_code not in {401, 403}, answer.text
        assert answer.status_code < 500
    else:
        _is_forbidden(answer)


@pytest.mark.parametrize(
    ("name", "role"), [(name, role) for name in sorted(ACTIONS) for role in ROLES]
)
def test_a_role_may_act_as_the_policy_allows(shared: Region, name: str, role: Role) -> None:
    route, key = ACTIONS[name]
    answer = send(shared, route, {key: None}, role)
    if allows(name, role):
        assert answer.status_code not in {401, 403}, answer.text
        assert answer.status_code < 500
    else:
        _is_forbidden(answer)


def _is_forbidden(answer: Answer) -> None:
    told = answer.json()["forbidden"]
    assert (answer.status_code, told["code"]) == (403, 403)
    assert re.fullmatch(r"Policy doesn't allow [\w:-]+ to be performed\.", told["message"])
