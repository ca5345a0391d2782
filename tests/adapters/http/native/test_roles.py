"""Every route, asked by every role, for its own things, another project's, and none at all."""

from __future__ import annotations

import pytest

from adapters.http.native.dialect import Native
from adapters.http.native.served import ROUTES
from adapters.tokens import ROLES, SCOPED, Role
from tests.adapters.http.kit.served import OPEN, RULED
from tests.adapters.http.native import asked_more
from tests.adapters.http.native.asked import ABSENT, Asked
from tests.adapters.http.native.asked import REQUESTS as FIRST
from tests.adapters.http.native.expected import EXPECTED, INITIALS, NOBODY, Row
from tests.kit.building import rooms
from tests.kit.hypervisor import LARGE, SMALL
from tests.kit.region import FOREIGN, OWN, Answer, Region

ROUTE_OF = {str(route.name): route for route in ROUTES}
GUARDED = sorted(name for name, route in ROUTE_OF.items() if not route.paths <= Native.open_paths)
CALLERS: tuple[Role | None, ...] = (*ROLES, None)
"""None: without a token."""

REQUESTS = FIRST | asked_more.MORE

REFUSALS = {
    "unauthenticated": (401, "urn:ullage:problem:unauthenticated"),
    "not permitted": (403, "urn:ullage:problem:not-permitted"),
    "absent": (404, "urn:ullage:problem:not-found"),
}

# An operation of which everything is known, and a rebuild that another cell has started.
FINE = {"resolve_operation": {409}, "rebuild_projection": {202, 409}}
OF_NOBODY = {"set_quota", "show_quota", "show_limits", "set_window"} | asked_more.OF_PROJECTS
"""Whoever sees all projects may name any: one without facts has the defaults. A window that is not
there is made."""


def answer_to(name: str, role: Role | None, owner: str) -> str:
    """A route that nobody wrote a row for is expected to let nobody in."""
    if role is None:
        return "unauthenticated"
    return EXPECTED.get(name, Row("", "")).answer(role, own=owner == OWN)


CELLS = [(name, role, owner) for name in GUARDED for role in CALLERS for owner in (OWN, FOREIGN)]
HIDDEN = [(name, role) for name, role, owner in CELLS if answer_to(name, role, owner) == "absent"]
OF_ONE_THING = [
    (name, role)
    for name in GUARDED
    for role in ROLES
    if "{" in min(ROUTE_OF[name].paths) and answer_to(name, role, OWN) == "yes"
]


@pytest.fixture(name="region", scope="module")
def _region(shared: Region) -> Region:
    """Without limits by default, for a quota that is reset goes back to those."""
    unlimited = dict.fromkeys(("instances", "cores", "ram", "server_groups"), -1)
    for project in (OWN, FOREIGN):
        shared.limits(project, **unlimited)
    changed = shared.put("/v1/quota-classes/default", {"limits": unlimited})
    assert changed.status_code == 200, changed.text
    rooms(shared)
    return shared


def send(
    region: Region, name: str, asked: Asked, as_: str | None, header: str = "authorization"
) -> Answer:
    route = ROUTE_OF[name]
    path = min(route.paths)
    for parameter, value in (asked.values or {}).items():
        path = path.replace(f"{{{parameter}:uuid}}", value).replace(f"{{{parameter}:str}}", value)
    method = min(route.http_methods)
    if header == "authorization":
        return region.ask(method, path + asked.query, asked.body, as_=as_)
    sent = {header: region.tokens[as_ or ""]}
    return region.ask(method, path + asked.query, asked.body, as_=None, headers=sent)


def refusal(answer: Answer) -> tuple[int, str]:
    assert answer.headers["content-type"] == "application/problem+json"
    return answer.status_code, answer.json()["type"]


def without_ids(answer: Answer, asked: Asked) -> str:
    text = answer.text
    for value in (asked.values or {}).values():
        text = text.replace(value, "<id>")
    return text


def test_every_route_is_open_or_has_a_rule_and_every_rule_a_route() -> None:
    rules = sorted(name for name in RULED if not name.startswith("compute_"))
    assert rules == GUARDED, "list the route in adapters/http/native/served.py"
    unasked = set(GUARDED) ^ REQUESTS.keys()
    assert unasked == set(), "say how it is asked in tests/adapters/http/native/asked.py"


def test_every_route_is_expected_to_let_somebody_in() -> None:
    unsaid = set(GUARDED) ^ EXPECTED.keys()
    assert unsaid == set(), "say who may in tests/adapters/http/native/expected.py"
    assert all(row.own for row in EXPECTED.values())


def test_every_role_is_asked_with() -> None:
    assert set(ROLES) == set(INITIALS)


@pytest.mark.parametrize("path", sorted(OPEN))
def test_discovery_and_health_need_no_token(region: Region, path: str) -> None:
    assert region.get(path, as_=None).status_code == 200


def test_the_description_of_the_interface_is_for_everybody_with_a_token(region: Region) -> None:
    assert region.get("/v1/openapi.json", as_=None).status_code == 401
    assert region.get("/v1/openapi.json", as_="reader").status_code == 200


@pytest.mark.parametrize(
    ("name", "role", "owner"), CELLS, ids=lambda value: NOBODY if value is None else value
)
def test_every_role_gets_the_answer_in_its_table(
    region: Region, name: str, role: Role | None, owner: str
) -> None:
    answer = send(region, name, REQUESTS[name](region, owner), role)
    expected = answer_to(name, role, owner)
    if expected == "yes":
        fine = FINE.get(name, {ROUTE_OF[name].status_code})
        assert answer.status_code in fine, answer.text
    else:
        assert refusal(answer) == REFUSALS[expected]
    assert (answer.headers.get("www-authenticate") == 'Bearer realm="ullage"') == (role is None)


@pytest.mark.parametrize("name", GUARDED)
def test_openstacks_header_is_as_good_as_ours(region: Region, name: str) -> None:
    for role in ROLES:
        if answer_to(name, role, OWN) == "not permitted":
            answer = send(region, name, REQUESTS[name](region, OWN), role, "x-auth-token")
            assert refusal(answer) == REFUSALS["not permitted"]


@pytest.mark.parametrize("name", GUARDED)
def test_a_forbidden_caller_learns_nothing_about_what_exists(region: Region, name: str) -> None:
    for role in CALLERS:
        if (expected := answer_to(name, role, OWN)) != "yes":
            answer = send(region, name, REQUESTS[name](region, ABSENT), role)
            assert refusal(answer) == REFUSALS[expected]


@pytest.mark.parametrize(("name", "role"), HIDDEN)
def test_another_projects_things_answer_as_if_they_were_not_there(
    region: Region, name: str, role: Role
) -> None:
    foreign, absent = (REQUESTS[name](region, owner) for owner in (FOREIGN, ABSENT))
    head = region.head
    of_foreign = send(region, name, foreign, role)
    assert refusal(of_foreign) == REFUSALS["absent"]
    if foreign.values:
        of_absent = send(region, name, absent, role)
        assert refusal(of_absent) == REFUSALS["absent"]
        assert without_ids(of_foreign, foreign) == without_ids(of_absent, absent)
    assert region.head == head


@pytest.mark.parametrize(
    ("name", "role"),
    [(name, role) for name, role in OF_ONE_THING if role not in SCOPED and name not in OF_NOBODY],
)
def test_a_caller_who_sees_all_is_told_that_nothing_is_there(
    region: Region, name: str, role: Role
) -> None:
    answer = send(region, name, REQUESTS[name](region, ABSENT), role)
    assert refusal(answer) == REFUSALS["absent"]


@pytest.mark.parametrize("path", ["/v1/servers", "/v1/operations", "/v1/history"])
@pytest.mark.parametrize("role", sorted(SCOPED))
def test_lists_hold_nothing_of_another_project(region: Region, path: str, role: str) -> None:
    own, foreign = (region.adopted(SMALL, project=project) for project in (OWN, FOREIGN))
    for server in (own, foreign):
        region.scaling(server, LARGE)
    of_server = [] if path == "/v1/servers" else [f"?server={foreign}"]
    for asked in ("", f"?project={FOREIGN}", *of_server):
        items = region.get(path + asked, as_=role).json()["items"]
        assert {item["project"] for item in items} <= {OWN}
        assert str(foreign) not in str(items)
    assert region.get(path, as_=role).json()["items"]
    seen = region.get(f"{path}?project={FOREIGN}", as_="auditor").json()["items"]
    assert {item["project"] for item in seen} == {FOREIGN}
