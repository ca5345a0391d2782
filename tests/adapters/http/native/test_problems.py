"""A refusal is a problem document: stable type, status, words, and the numbers behind it."""

from __future__ import annotations

import re
from collections import Counter
from typing import Any
from uuid import uuid4

import pytest

from adapters.http.gateway.statuses import STATUS
from adapters.http.native.problems import problem
from domain.shared.envelope import Envelope
from domain.shared.errors import Refused
from domain.shared.size import Size
from tests.adapters.http.native.things import OF_PROJECT
from tests.kit.hypervisor import LARGE, SMALL
from tests.kit.region import OWN, Answer, Region, size

NUMBERS = r"\d+ vCPUs / \d+ MiB"


def told(answer: Answer, status: int, name: str) -> dict[str, Any]:
    document: dict[str, Any] = answer.json()
    assert answer.headers["content-type"] == "application/problem+json"
    assert (answer.status_code, document["status"]) == (status, status)
    assert document["type"] == f"urn:ullage:problem:{name}"
    assert document["title"] == name.replace("-", " ").capitalize()
    assert document["detail"]
    return document


def _all_of(kind: type[Refused]) -> set[type[Refused]]:
    return {kind}.union(*(_all_of(one) for one in kind.__subclasses__())) - {Refused}


@pytest.mark.parametrize("kind", sorted(_all_of(Refused), key=str))
def test_every_refusal_has_a_status(kind: type[Refused]) -> None:
    assert 400 <= STATUS[kind] < 500


def test_every_type_is_its_own() -> None:
    types = Counter(
        re.sub(r"(?<=[a-z])(?=[A-Z])", "-", kind.__name__.removeprefix("Driver")).lower()
        for kind in STATUS
    )
    # A rule and a hypervisor may both say so, and it is one thing to the caller.
    assert {name for name, count in types.items() if count > 1} == {"needs-restart"}


def test_an_unforeseen_error_tells_nothing() -> None:
    answer = problem(RuntimeError("password=secret"))
    assert answer.status == 500
    assert b"secret" not in answer.body


def test_a_problem_above_the_ceiling(region: Region) -> None:
    server = region.adopted(ceiling=4)
    document = told(region.scale(server, Size(5, 4096)), 422, "above-ceiling")
    assert document["asked"] == size(Size(5, 4096))
    assert document["ceiling"] == {"vcpus": 4, "memory_mib": 262144}


def test_a_problem_above_quota_says_what_would_fit(region: Region) -> None:
    server = region.adopted()
    region.limits(cores=3, ram=4096)
    document = told(region.scale(server, LARGE), 403, "quota-exceeded")
    assert document["project"] == OWN
    assert document["shortages"] == [
        OF_PROJECT | {"resource": "cores", "asked": 2, "used": 2, "limit": 3, "left": 1},
        OF_PROJECT | {"resource": "ram", "asked": 4096, "used": 4096, "limit": 4096, "left": 0},
    ]
    assert document["would_fit"] == size(Size(3, 4096))
    assert region.scale(server, Size(3, 4096)).status_code == 202


def test_a_problem_while_another_operation_is_open(region: Region) -> None:
    server = region.adopted()
    operation = region.scaling(server, LARGE)
    document = told(region.scale(server, Size(3, 4096)), 409, "scale-in-progress")
    assert (document["operation"], document["to"]) == (operation, size(LARGE))


def test_a_problem_without_a_ceiling(region: Region) -> None:
    server = region.adopted()
    region.put(f"/v1/servers/{server}/ceiling", {"ceiling": None})
    document = told(region.scale(server, LARGE), 409, "not-scalable")
    assert document["server_size"] == size(SMALL)


def test_a_problem_beyond_the_envelope(region: Region) -> None:
    region.host.envelope = Envelope(floor=SMALL, ceiling=LARGE, memory_by="dimm")
    server = region.adopted()
    for to in (Size(5, 8192), Size(1, 4096)):
        document = told(region.scale(server, to), 409, "needs-restart")
        assert (document["floor"], document["ceiling"]) == (size(SMALL), size(LARGE))


def test_a_problem_between_memory_steps(region: Region) -> None:
    region.host.envelope = Envelope(
        floor=SMALL, ceiling=LARGE, memory_by="virtio-mem", memory_step_mib=128
    )
    document = told(region.scale(region.adopted(), Size(2, 5000)), 422, "misaligned")
    assert document["asked_memory_mib"] == 5000
    assert (document["step_mib"], document["nearest_memory_mib"]) == (128, 4992)


def test_a_problem_without_a_memory_slot(region: Region) -> None:
    region.host.envelope = Envelope(
        floor=SMALL, ceiling=LARGE, memory_by="dimm", memory_slots_left=0
    )
    told(region.scale(region.adopted(), LARGE), 409, "no-memory-slot")


def test_a_problem_with_nothing_to_resolve(region: Region) -> None:
    operation = region.scaling(region.adopted(), LARGE)
    answer = region.post(f"/v1/operations/{operation}/resolve")
    assert told(answer, 409, "nothing-to-resolve")["operation"] == operation


def test_a_problem_for_a_missing_thing(region: Region) -> None:
    server = str(uuid4())
    document = told(region.get(f"/v1/servers/{server}"), 404, "not-found")
    assert (document["what"], document["id"]) == ("server", server)
    told(region.get("/v1/nothing"), 404, "not-found")


def test_a_problem_for_a_method_that_a_route_does_not_have(region: Region) -> None:
    answer = region.ask("DELETE", "/v1/servers")
    told(answer, 405, "method-not-allowed")
    allowed = {word.strip() for word in answer.headers["allow"].split(",")}
    assert allowed >= {"GET", "POST"}


def test_a_plan_tells_the_same_refusals_without_refusing(region: Region) -> None:
    server = region.adopted(ceiling=4)
    region.limits(cores=3)
    shown = region.get(f"/v1/servers/{server}/plan?vcpus=8&memory_mib=8192").json()
    assert shown["mode"] == "impossible"
    assert [one["type"].rpartition(":")[2] for one in shown["obstacles"]] == [
        "above-ceiling",
        "quota-exceeded",
    ]
    assert shown["nearest"] == size(Size(3, 8192))
    assert region.host.calls == []
