"""Every route and every action of the Compute door, asked by every role, for its own things,
another project's, and none at all."""

from __future__ import annotations

import re
from collections.abc import Iterator

import pytest

from adapters.tokens import ROLES, SCOPED, Role
from domain.shared.size import Size
from tests.adapters.http.compute.kit.asked import REQUESTS, TINY
from tests.adapters.http.compute.kit.serving import furnished
from tests.adapters.http.compute.roles.expected import EXPECTED, Row
from tests.adapters.http.compute.roles.guarded import (
    GUARDED,
    NO_ACTION,
    path_of,
    route_of,
    rule_of,
    success,
)
from tests.adapters.http.kit.served import RULED
from tests.adapters.http.native.asked import ABSENT, Asked
from tests.adapters.http.native.expected import INITIALS
from tests.kit.hypervisor import ScriptedHost
from tests.kit.postgres import Server, database
from tests.kit.region import FOREIGN, HOST, OWN, Answer, Region, regions

TOKEN = {"admin": "admin-of-demo"}
"""What is made is of the project of who makes it, so that an admin has to be of one, too."""

OF_NOBODY = NO_ACTION | {
    *("compute_show_quota_set", "compute_show_user_quota_set", "compute_show_quota_set_in_detail"),
    *("compute_show_quota_set_defaults", "compute_update_quota_set", "compute_delete_quota_set"),
    *("compute_show_quota_class_set", "compute_update_quota_class_set"),
    "compute_show_tenant_usage",
}
"""Of projects and classes, of which those who see all may name any: one without facts has the
defaults."""

UNLIMITED = dict.fromkeys(("instances", "cores", "ram", "server_groups"), -1)
OF_EACH = {
    *("date", "x-openstack-request-id", "x-compute-request-id", "content-length"),
    "connection",  # closed where a refusal came before the body had
}
"""Headers that differ from one answer to the next whatever was asked."""


def answer_to(name: str, role: Role, owner: str) -> str:
    """A route that nobody wrote a row for is expected to let nobody in."""
    return EXPECTED.get(name, Row("", "")).answer(role, own=owner == OWN)


CELLS = [(name, role, owner) for name in GUARDED for role in ROLES for owner in (OWN, FOREIGN)]
HIDDEN = [
    (name, role)
    for name, role, owner in CELLS
    if answer_to(name, role, OWN) == "yes" != answer_to(name, role, owner)
]

OF_ONE_THING = [name for name in GUARDED if "{" in path_of(name) and name not in OF_NOBODY]


@pytest.fixture(name="region", scope="module")
def _region(postgres: Server) -> Iterator[Region]:
    """No relay is at work: what was asked for stays as it was asked."""
    hosts = {HOST: ScriptedHost(), TINY: ScriptedHost(Size(1, 1024))}
    with database(postgres) as dsn, regions(dsn) as new:
        region = furnished(new(hosts).leading())
        region.put("/v1/quota-classes/default", {"limits": UNLIMITED})
        yield region


def send(region: Region, name: str, asked: Asked, role: Role | None) -> Answer:
    route = route_of(name)
    path = route.path
    for parameter, value in (asked.values or {}).items():
        path = path.replace(f"{{{parameter}:str}}", value)
    at = {"openstack-api-version": f"compute {route.until}"}
    as_ = TOKEN.get(role or "", role)
    return region.ask(route.method, path + asked.query, asked.body, as_=as_, headers=at)


def refusal(name: str, answer: Answer) -> str:
    """Which of the two it is, in Nova's words."""
    assert answer.headers["content-type"] == "application/json"
    ((kind, told),) = answer.json().items()
    assert told.keys() == {"code", "message"}
    assert told["code"] == answer.status_code
    if kind == "forbidden":
        assert told["code"] == 403
        said = re.fullmatch(r"Policy doesn't allow ([\w:-]+) to be performed\.", told["message"])
        assert said, told
        assert said[1] == route_of(name).name or said[1].startswith(rule_of(name))
        return "forbidden"
    assert (kind, told["code"]) == ("itemNotFound", 404)
    assert re.fullmatch(
        r"(Instance|Instance group|Flavor) \S+ could not be found\.", told["message"]
    )
    return "absent"


def all_but_ids(answer: Answer, asked: Asked) -> tuple[int, dict[str, str], str]:
    """Status, headers and body."""
    text = answer.text
    for value in (asked.values or {}).values():
        text = text.replace(value, "<id>")
    headers = {name: said for name, said in answer.headers.items() if name not in OF_EACH}
    return answer.status_code, headers, text


def test_every_route_and_every_action_has_a_rule_a_row_and_a_request() -> None:
    rules = sorted(name for name in RULED if name.startswith("compute_"))
    assert GUARDED == rules == sorted(EXPECTED) == sorted(REQUESTS)


def test_every_rule_allows_somebody_and_no_more_on_foreign_things() -> None:
    for row in EXPECTED.values():
        assert row.own
        assert set(row.foreign) <= set(row.own) <= set(INITIALS.values())


@pytest.mark.parametrize("name", GUARDED)
def test_no_compute_route_is_open_without_a_token(region: Region, name: str) -> None:
    answers = [send(region, name, REQUESTS[name](region, owner), None) for owner in (OWN, ABSENT)]
    for answer in answers:
        assert (answer.status_code, answer.json()["error"]["title"]) == (401, "Unauthorized")
        assert answer.headers["www-authenticate"] == 'Keystone realm="ullage"'
    assert answers[0].text == answers[1].text


@pytest.mark.parametrize(("name", "role", "owner"), CELLS)
def test_every_role_gets_the_answer_in_its_table(
    region: Region, name: str, role: Role, owner: str
) -> None:
    answer = send(region, name, REQUESTS[name](region, owner), role)
    expected = answer_to(name, role, owner)
    if expected == "yes":
        assert answer.status_code == success(name), answer.text
    else:
        assert refusal(name, answer) == expected


@pytest.mark.parametrize(("name", "role"), HIDDEN)
def test_another_projects_things_answer_as_if_they_were_not_there(
    region: Region, name: str, role: Role
) -> None:
    foreign, absent = (REQUESTS[name](region, owner) for owner in (FOREIGN, ABSENT))
    head = region.head
    told = send(region, name, foreign, role)
    assert refusal(name, told) == EXPECTED[name].hidden
    of_absent = send(region, name, absent, role)
    assert all_but_ids(told, foreign) == all_but_ids(of_absent, absent)
    assert region.head == head


@pytest.mark.parametrize("name", GUARDED)
def test_a_forbidden_caller_learns_nothing_about_what_exists(region: Region, name: str) -> None:
    for role in ROLES:
        if answer_to(name, role, OWN) == "forbidden":
            asked = [REQUESTS[name](region, owner) for owner in (OWN, FOREIGN, ABSENT)]
            head = region.head
            told = [all_but_ids(send(region, name, one, role), one) for one in asked]
            assert told[0] == told[1] == told[2]
            assert region.head == head


@pytest.mark.parametrize("name", OF_ONE_THING)
def test_a_caller_who_sees_all_is_told_that_nothing_is_there(region: Region, name: str) -> None:
    for role in set(ROLES) - SCOPED:
        if answer_to(name, role, OWN) == "yes":
            answer = send(region, name, REQUESTS[name](region, ABSENT), role)
            assert answer.status_code == 404, answer.text
