"""What was answered at any time is answered again, later, as of then."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID, uuid4

import pytest

from tests.adapters.http.native.placement.test_server_groups import made
from tests.kit.building import build, flavor, image, rooms
from tests.kit.hypervisor import LARGE
from tests.kit.region import FOREIGN, OWN, Answer, Region

TOP = "faculty"
PATHS = (
    f"/v1/projects/{OWN}/limits",
    f"/v1/projects/{FOREIGN}/limits",
    f"/v1/projects/{OWN}/users/member/limits",
    f"/v1/projects/{OWN}/users/admin/limits",
    f"/v1/projects/{OWN}/quota",
    f"/v1/projects/{OWN}/users/member/quota",
    f"/v1/projects/{OWN}/shared-quota",
    f"/v1/projects/{TOP}/shared-quota",
    "/v1/quota-classes/default",
    "/v1/quota-tree",
    f"/v1/projects/{TOP}/quota-tree",
    "/v1/server-groups",
    "/v1/server-groups?limit=1",
    f"/v1/server-groups?project={FOREIGN}",
    "/v1/servers",
    "/v1/servers?limit=1",
    f"/v1/servers?project={OWN}&host=host-1",
)


def story(region: Region) -> Iterator[str]:
    """All that changes limits, usage, groups and servers; whatever is there by then."""
    region.limits(cores=40)
    region.put(f"/v1/projects/{OWN}/users/member/quota", {"limits": {"cores": 30}})
    yield "/v1/quota-tree"
    first = str(region.adopted())
    yield f"/v1/servers/{first}"
    group = made(region)
    yield f"/v1/server-groups/{group}"
    region.put(f"/v1/projects/{TOP}/shared-quota", {"limits": {"cores": 60, "ram": 10**6}})
    region.put(f"/v1/projects/{OWN}/parent", {"parent": TOP})
    yield "/v1/quota-tree"
    region.put(f"/v1/server-groups/{group}/members/{first}")
    yield from _resizing(region)
    yield from _growing(region, first)
    region.ask("DELETE", f"/v1/server-groups/{group}")
    region.put(f"/v1/projects/{OWN}/parent", {"parent": None})
    region.ask("DELETE", f"/v1/projects/{OWN}/quota")


def _resizing(region: Region) -> Iterator[str]:
    """The member's server, while its build, its resize and its confirmation go on."""
    small, debian = flavor(region, vcpus=1, memory_mib=1024), image(region)
    accepted = build(region, as_="member", flavor=small, image=debian).json()
    server = f"/v1/servers/{accepted['server']}"
    yield server
    with region.carried():
        region.ended(accepted["operation"])
    yield server
    resized = region.post(f"{server}/resize", {"flavor": flavor(region)}).json()
    yield server
    with region.carried():
        region.ended(resized["operation"])
    yield server
    region.post(f"{server}/resize/confirm", {})


def _growing(region: Region, first: str) -> Iterator[str]:
    """Another project comes, the first server grows, is described and deleted."""
    region.put("/v1/quota-classes/default", {"limits": {"instances": 5}})
    foreign = region.adopted(project=FOREIGN)
    made(region, project=FOREIGN)
    yield f"/v1/servers/{foreign}"
    region.put(f"/v1/projects/{FOREIGN}/parent", {"parent": OWN})
    region.ask("PATCH", f"/v1/servers/{first}", {"name": "db-1", "metadata": {"a": "b"}})
    operation = region.scaling(UUID(first), LARGE)
    yield "/v1/servers"
    with region.carried():
        region.ended(operation)
    gone = region.ask("DELETE", f"/v1/servers/{first}").json()["operation"]
    yield "/v1/servers"
    with region.carried():
        region.ended(gone)


@pytest.fixture(name="region", scope="module")
def _region(shared: Region) -> Region:
    shared.ask("DELETE", f"/v1/projects/{OWN}/quota")
    rooms(shared)
    return shared


@pytest.fixture(scope="module")
def answers(region: Region) -> list[tuple[int, dict[str, Any]]]:
    """By position, what each path answered when that was the last one."""
    paths = {*PATHS}
    taken = [_taken(region, paths)]
    for path in story(region):
        paths.add(path)
        taken.append(_taken(region, paths))
    return [*taken, _taken(region, paths)]


def _taken(region: Region, paths: set[str]) -> tuple[int, dict[str, Any]]:
    """Nothing moves on its own meanwhile."""
    while True:
        head = region.head
        found = {path: _content(region.get(_with(path, after=head))) for path in paths}
        if region.head == head:
            return head, found


def _with(path: str, **query: object) -> str:
    asked = "&".join(f"{name}={value}" for name, value in query.items())
    return f"{path}{'&' if '?' in path else '?'}{asked}"


def _content(answer: Answer) -> Any:
    return answer.json() if answer.is_success else answer.status_code


def test_an_answer_as_of_a_position_never_changes(
    region: Region, answers: list[tuple[int, dict[str, Any]]]
) -> None:
    assert len(answers) > 12
    for position, found in answers:
        for path, content in found.items():
            then = region.get(_with(path, as_of=position))
            assert _content(then) == content, (position, path)
            assert not then.is_success or then.headers["ullage-position"] == str(position)


def test_a_time_stands_for_the_last_position_before_it(
    region: Region, answers: list[tuple[int, dict[str, Any]]]
) -> None:
    entries = region.get("/v1/history?limit=1000").json()["items"]
    times = {entry["position"]: datetime.fromisoformat(entry["at"]) for entry in entries}
    last = max(times)
    for position, at in times.items():
        path = _with(f"/v1/projects/{OWN}/limits", as_of=at.isoformat().replace("+00:00", "Z"))
        shown = region.get(path).headers["ullage-position"]
        assert int(shown) == max(one for one, when in times.items() if when <= at)
        if position < last:
            assert int(shown) >= position


@pytest.mark.parametrize("asked", ["0", "1999-12-31T23:59:59Z"])
def test_before_the_region_began_every_route_is_refused_with_when_that_was(
    region: Region, asked: str
) -> None:
    first = region.get("/v1/history?limit=1000").json()["items"][-1]
    assert first["position"] == 1
    for path in _every_path(region):
        answer = region.get(_with(path, as_of=asked))
        problem = answer.json()
        kind = "urn:ullage:problem:before-beginning"
        assert (answer.status_code, problem["type"]) == (400, kind), path
        assert datetime.fromisoformat(problem["began"]) == datetime.fromisoformat(first["at"])
        assert asked in problem["detail"]


def test_something_is_shown_as_of_the_first_position(region: Region) -> None:
    assert region.get(_with("/v1/quota-classes/default", as_of=1)).status_code == 200


def _every_path(region: Region) -> list[str]:
    """All routes that take an as_of, each of something."""
    described = region.get("/v1/openapi.json").json()["paths"]
    values = {"project": OWN, "user": "member", "server": uuid4(), "group": uuid4()}
    paths = [
        path.format(**values)
        for path, methods in described.items()
        if any(one["name"] == "as_of" for one in methods.get("get", {}).get("parameters", []))
    ]
    assert len(paths) > 8
    return paths


@pytest.mark.parametrize(
    "later",
    [lambda region: region.head + 1, lambda _: (_now() + timedelta(hours=1)).isoformat()],
)
def test_a_future_as_of_is_refused(region: Region, later: Callable[[Region], object]) -> None:
    asked = str(later(region)).replace("+00:00", "Z")
    for path in PATHS:
        refused = region.get(_with(path, as_of=asked))
        assert (refused.status_code, refused.json()["type"]) == (400, "urn:ullage:problem:not-yet")
        assert refused.json()["head"] == region.head


@pytest.mark.parametrize("asked", ["-1", "x", "1.5", "2026-01-31", "2026-02-31T00:00:00Z", "٤", ""])
def test_an_as_of_that_is_neither_position_nor_time_is_refused(region: Region, asked: str) -> None:
    for path in PATHS:
        assert region.get(_with(path, as_of=asked)).status_code == 400


def test_the_past_of_another_project_is_as_absent_as_its_present(
    region: Region, answers: list[tuple[int, dict[str, Any]]]
) -> None:
    head, found = answers[-1]
    of_foreign = [
        path
        for path, content in found.items()
        if isinstance(content, dict) and content.get("project") == FOREIGN
    ]
    assert of_foreign
    for path in of_foreign:
        assert region.get(_with(path, as_of=head), as_="reader").status_code == 404
    for path in ("/v1/servers", "/v1/server-groups", "/v1/quota-tree"):
        shown = region.get(_with(path, as_of=head), as_="reader").json()["items"]
        assert {one["project"] for one in shown} <= {OWN}


def _now() -> datetime:
    return datetime.now(UTC)
