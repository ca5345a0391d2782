"""Every route, asked by every role, for its own things, another project's, and none at all."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any
from uuid import uuid4

import pytest

from adapters.http.app import ROUTES
from adapters.http.policy import OPEN, POLICY
from adapters.tokens import ROLES, SCOPED
from tests.adapters.http.asked import ABSENT, MORE, OF_PROJECTS, Asked
from tests.adapters.http.later import RULES, SCHEDULE, autoscaled, schedule
from tests.adapters.http.things import FLAVOR, IMAGE, WINDOW, flavor, image, new_id, window
from tests.building import observed, rooms, wanted
from tests.hypervisor import LARGE, SMALL
from tests.region import FOREIGN, HOST, OWN, Answer, Region, size

ROUTE_OF = {str(route.name): route for route in ROUTES}
GUARDED = sorted(name for name, route in ROUTE_OF.items() if not route.paths <= OPEN)


def _server(region: Region, owner: str) -> str:
    return str(uuid4() if owner == ABSENT else region.adopted(project=owner))


def _operation(region: Region, owner: str) -> str:
    if owner == ABSENT:
        return str(uuid4())
    return region.scaling(region.adopted(project=owner), LARGE)


def _vm(region: Region, owner: str) -> dict[str, Any]:
    server = uuid4() if owner == ABSENT else region.host.make()
    return {"host": HOST, "server": str(server), "project": OWN}


def _outcome() -> dict[str, Any]:
    ended = {"server": str(uuid4()), "operation": str(uuid4()), "ask": "stop", "reason": "no"}
    return {"outcomes": [{"outcome": "failed", **ended}]}


def _wanted(region: Region, owner: str) -> dict[str, Any]:
    return wanted(region, project=OWN if owner == ABSENT else owner)


def _stopped(region: Region, owner: str) -> str:
    return str(uuid4() if owner == ABSENT else region.adopted(project=owner, power="stopped"))


def _drifted(region: Region, owner: str) -> str:
    if owner == ABSENT:
        return str(uuid4())
    server = region.adopted(project=owner)
    region.host.somebody_resizes(server, LARGE)
    observed(region, server)
    return str(server)


def _host(owner: str) -> str:
    """Hosts are of no project."""
    return HOST if owner == OWN else new_id()


def _thing(region: Region, owner: str, make: Callable[[Region], str]) -> str:
    """Flavors, images and windows are of no project: what is not one's own is absent."""
    return make(region) if owner == OWN else new_id()


def _flavor(region: Region, owner: str) -> str:
    return new_id() if owner == ABSENT else flavor(region, public=owner == OWN)


def _schedule(region: Region, owner: str) -> str:
    return str(uuid4()) if owner == ABSENT else schedule(region, region.adopted(project=owner))


def _autoscaled(region: Region, owner: str) -> str:
    return str(uuid4()) if owner == ABSENT else autoscaled(region, region.adopted(project=owner))


REQUESTS: dict[str, Callable[[Region, str], Asked]] = {
    "adopt_server": lambda region, owner: Asked(body=_vm(region, owner)),
    "build_server": lambda region, owner: Asked(body=_wanted(region, owner)),
    "start_server": lambda region, owner: Asked({"server": _stopped(region, owner)}, {}),
    "stop_server": lambda region, owner: Asked({"server": _server(region, owner)}, {}),
    "delete_server": lambda region, owner: Asked({"server": _server(region, owner)}),
    "flag_server": lambda region, owner: Asked(
        {"server": _server(region, owner)}, {"scalable": False}
    ),
    "show_request_spec": lambda region, owner: Asked({"server": _server(region, owner)}),
    "list_drift": lambda _, __: Asked(),
    "adopt_drift": lambda region, owner: Asked({"server": _drifted(region, owner)}, {}),
    "reapply_drift": lambda region, owner: Asked({"server": _drifted(region, owner)}, {}),
    "cancel_operation": lambda region, owner: Asked({"operation": _operation(region, owner)}, {}),
    "show_host": lambda _, owner: Asked({"host": _host(owner)}),
    "set_host_terms": lambda _, owner: Asked({"host": _host(owner)}, {}),
    "report_observations": lambda _, __: Asked(body={}),
    "list_servers": lambda _, __: Asked(),
    "show_server": lambda region, owner: Asked({"server": _server(region, owner)}),
    "declare_ceiling": lambda region, owner: Asked(
        {"server": _server(region, owner)}, {"ceiling": None}
    ),
    "scale_server": lambda region, owner: Asked({"server": _server(region, owner)}, size(LARGE)),
    "plan_scale": lambda region, owner: Asked(
        {"server": _server(region, owner)}, query="?vcpus=4&memory_mib=8192"
    ),
    "list_operations": lambda _, __: Asked(),
    "show_operation": lambda region, owner: Asked({"operation": _operation(region, owner)}),
    "resolve_operation": lambda region, owner: Asked({"operation": _operation(region, owner)}),
    "scale_servers": lambda region, owner: Asked(
        body={"scales": [{"server": _server(region, owner), **size(LARGE)}]}
    ),
    "schedule_scale": lambda region, owner: Asked({"server": _server(region, owner)}, SCHEDULE),
    "list_schedules": lambda _, __: Asked(),
    "show_schedule": lambda region, owner: Asked({"schedule": _schedule(region, owner)}),
    "change_schedule": lambda region, owner: Asked({"schedule": _schedule(region, owner)}, {}),
    "cancel_schedule": lambda region, owner: Asked({"schedule": _schedule(region, owner)}),
    "show_autoscaling": lambda region, owner: Asked({"server": _server(region, owner)}),
    "set_autoscaling": lambda region, owner: Asked({"server": _server(region, owner)}, RULES),
    "unset_autoscaling": lambda region, owner: Asked({"server": _autoscaled(region, owner)}),
    "recommend_size": lambda region, owner: Asked(
        {"server": _autoscaled(region, owner)}, size(LARGE)
    ),
    "create_flavor": lambda _, __: Asked(body=FLAVOR),
    "list_flavors": lambda _, __: Asked(),
    "show_flavor": lambda region, owner: Asked({"flavor": _flavor(region, owner)}),
    "change_flavor": lambda region, owner: Asked({"flavor": _flavor(region, owner)}, {}),
    "delete_flavor": lambda region, owner: Asked({"flavor": _flavor(region, owner)}),
    "create_image": lambda _, __: Asked(body=IMAGE),
    "list_images": lambda _, __: Asked(),
    "show_image": lambda region, owner: Asked({"image": _thing(region, owner, image)}),
    "change_image": lambda region, owner: Asked({"image": _thing(region, owner, image)}, {}),
    "delete_image": lambda region, owner: Asked({"image": _thing(region, owner, image)}),
    "list_windows": lambda _, __: Asked(),
    "show_window": lambda region, owner: Asked({"window": _thing(region, owner, window)}),
    "set_window": lambda region, owner: Asked({"window": _thing(region, owner, window)}, WINDOW),
    "delete_window": lambda region, owner: Asked({"window": _thing(region, owner, window)}),
    "show_region_policy": lambda _, __: Asked(),
    "set_region_policy": lambda _, __: Asked(body={}),
    "show_quota": lambda _, owner: Asked({"project": owner}),
    "set_quota": lambda _, owner: Asked({"project": owner}, {"limits": {}}),
    "show_limits": lambda _, owner: Asked({"project": owner}),
    "list_history": lambda _, __: Asked(),
    "list_hosts": lambda _, __: Asked(),
    "list_lanes": lambda _, __: Asked(),
    "list_projections": lambda _, __: Asked(),
    "rebuild_projection": lambda _, owner: Asked(
        {"projection": ABSENT if owner == ABSENT else "limits"}
    ),
    "show_metrics": lambda _, __: Asked(),
    "report_outcomes": lambda _, __: Asked(body=_outcome()),
    **MORE,
}

# An operation of which everything is known, and a rebuild that another cell has started.
FINE = {"resolve_operation": {409}, "rebuild_projection": {202, 409}}
OF_NOBODY = {"set_quota", "show_quota", "show_limits", "set_window", *OF_PROJECTS}
"""Whoever sees all projects may name any: one without facts has the defaults. A window that is not
there is made."""

ALLOWED = [(name, role) for name in GUARDED for role in ROLES if role in POLICY[name]]
DENIED = [(name, role) for name in GUARDED for role in ROLES if role not in POLICY[name]]
OF_ONE_THING = [(name, role) for name, role in ALLOWED if "{" in min(ROUTE_OF[name].paths)]


@pytest.fixture(name="region", scope="module")
def _region(shared: Region) -> Region:
    # By default, for a project's own limits are taken away in one of these tests.
    unlimited = dict.fromkeys(("instances", "cores", "ram", "server_groups"), -1)
    assert shared.put("/v1/quota-classes/default", {"limits": unlimited}).is_success
    rooms(shared)
    return shared


def send(region: Region, name: str, asked: Asked, as_: str | None) -> Answer:
    route = ROUTE_OF[name]
    path = min(route.paths)
    for parameter, value in (asked.values or {}).items():
        path = path.replace(f"{{{parameter}:uuid}}", value).replace(f"{{{parameter}:str}}", value)
    method = min(route.http_methods)
    return region.ask(method, path + asked.query, asked.body, as_=as_)


def refusal(answer: Answer) -> tuple[int, str]:
    assert answer.headers["content-type"] == "application/problem+json"
    return answer.status_code, answer.json()["type"]


def without_ids(answer: Answer, asked: Asked) -> str:
    text = answer.text
    for value in (asked.values or {}).values():
        text = text.replace(value, "<id>")
    return text


def test_every_route_is_open_or_has_a_row_in_the_policy_and_every_row_a_route() -> None:
    assert sorted(POLICY) == GUARDED == sorted(REQUESTS)


def test_every_role_is_asked_with() -> None:
    assert set(ROLES) == {"reader", "member", "admin", "auditor", "service"}


@pytest.mark.parametrize("path", sorted(OPEN))
def test_discovery_and_health_need_no_token(region: Region, path: str) -> None:
    assert region.get(path, as_=None).status_code == 200


def test_the_description_of_the_interface_is_for_everybody_with_a_token(region: Region) -> None:
    assert region.get("/v1/openapi.json", as_=None).status_code == 401
    assert region.get("/v1/openapi.json", as_="reader").status_code == 200


@pytest.mark.parametrize("name", GUARDED)
def test_nobody_gets_in_without_a_token(region: Region, name: str) -> None:
    for owner in (OWN, FOREIGN, ABSENT):
        answer = send(region, name, REQUESTS[name](region, owner), None)
        assert refusal(answer) == (401, "urn:ullage:problem:unauthenticated")
        assert answer.headers["www-authenticate"] == 'Bearer realm="ullage"'


@pytest.mark.parametrize(("name", "role"), ALLOWED)
def test_a_role_may_do_what_the_policy_allows_to_its_own_things(
    region: Region, name: str, role: str
) -> None:
    answer = send(region, name, REQUESTS[name](region, OWN), role)
    assert answer.status_code in FINE.get(name, {ROUTE_OF[name].status_code}), answer.text


@pytest.mark.parametrize(("name", "role"), DENIED)
def test_what_a_role_may_not_do_tells_nothing_about_what_is_there(
    region: Region, name: str, role: str
) -> None:
    owners = (OWN, FOREIGN, ABSENT)
    answers = [send(region, name, REQUESTS[name](region, owner), role) for owner in owners]
    assert {refusal(answer) for answer in answers} == {(403, "urn:ullage:problem:not-permitted")}


@pytest.mark.parametrize(("name", "role"), [cell for cell in OF_ONE_THING if cell[1] in SCOPED])
def test_another_projects_things_answer_as_if_they_were_not_there(
    region: Region, name: str, role: str
) -> None:
    foreign, absent = (REQUESTS[name](region, owner) for owner in (FOREIGN, ABSENT))
    head = region.head
    of_foreign, of_absent = send(region, name, foreign, role), send(region, name, absent, role)
    assert refusal(of_foreign) == refusal(of_absent) == (404, "urn:ullage:problem:not-found")
    assert without_ids(of_foreign, foreign) == without_ids(of_absent, absent)
    assert region.head == head


@pytest.mark.parametrize(
    ("name", "role"),
    [(name, role) for name, role in OF_ONE_THING if role not in SCOPED and name not in OF_NOBODY],
)
def test_who_sees_all_projects_is_told_that_nothing_is_there(
    region: Region, name: str, role: str
) -> None:
    answer = send(region, name, REQUESTS[name](region, ABSENT), role)
    assert refusal(answer) == (404, "urn:ullage:problem:not-found")


@pytest.mark.parametrize("path", ["/v1/servers", "/v1/operations", "/v1/history"])
@pytest.mark.parametrize("role", sorted(SCOPED))
def test_lists_hold_nothing_of_another_project(region: Region, path: str, role: str) -> None:
    own, foreign = (region.adopted(SMALL, project=project) for project in (OWN, FOREIGN))
    for server in (own, foreign):
        region.scaling(server, LARGE)
    for asked in ("", f"?project={FOREIGN}", f"?server={foreign}"):
        items = region.get(path + asked, as_=role).json()["items"]
        assert {item["project"] for item in items} <= {OWN}
        assert str(foreign) not in str(items)
    assert region.get(path, as_=role).json()["items"]
    seen = region.get(f"{path}?project={FOREIGN}", as_="auditor").json()["items"]
    assert {item["project"] for item in seen} == {FOREIGN}
