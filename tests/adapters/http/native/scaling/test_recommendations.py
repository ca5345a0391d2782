"""An autoscaler at the door: it sets its rules, recommends, and is told what to do next."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

from domain.shared.size import Size
from tests.adapters.http.native.later import RULES, autoscaled
from tests.adapters.http.native.test_problems import told
from tests.kit.hypervisor import LARGE, SMALL, refuse
from tests.kit.region import Answer, Region, size

COOL: dict[str, Any] = {"dead_band_percent": 20, "cool_down_seconds": 600}
KEY = {"idempotency-key": "once"}


def recommend(region: Region, server: UUID | str, to: Size, **how: Any) -> Answer:
    return region.post(f"/v1/servers/{server}/recommendations", size(to), **how)


def answer(region: Region, server: UUID | str, to: Size) -> dict[str, Any]:
    answered = recommend(region, server, to)
    assert answered.status_code == 200, answered.text
    document: dict[str, Any] = answered.json()
    return document


def test_autoscaling_rules_are_set_shown_and_lifted(region: Region) -> None:
    path = f"/v1/servers/{region.adopted()}/autoscaling"
    assert region.get(path).json()["autoscaling"] is None
    done = region.put(path, RULES | COOL, as_="member")
    shown = region.get(path)
    assert shown.json()["autoscaling"] == RULES | COOL
    assert done.headers["etag"] == shown.headers["etag"]
    told(region.put(path, RULES, headers={"if-match": '"1"'}), 412, "stale-version")
    assert region.ask("DELETE", path).status_code == 204
    assert region.get(path).json()["autoscaling"] is None


def test_contradictory_autoscaling_rules_are_refused(region: Region) -> None:
    path = f"/v1/servers/{region.adopted()}/autoscaling"
    crossed = {"least": size(LARGE), "most": size(SMALL)}
    assert told(region.put(path, crossed), 400, "autoscaling-invalid")["field"] == "least"


def test_a_server_without_rules_takes_no_recommendation(region: Region) -> None:
    told(recommend(region, region.adopted(), LARGE), 409, "not-autoscaled")


def test_an_accepted_recommendation_is_carried_out_and_cools_down(region: Region) -> None:
    server = autoscaled(region, region.adopted(), **COOL)
    accepted = answer(region, server, Size(64, 65536))
    assert (accepted["answer"], accepted["to"], accepted["bounded"]) == (
        "accepted",
        size(LARGE),
        True,
    )
    busy = answer(region, server, SMALL)
    assert (busy["answer"], busy["problem"]["operation"]) == ("deferred", accepted["operation"])
    with region.carried():
        assert region.ended(accepted["operation"])["size"] == size(LARGE)
    assert answer(region, server, LARGE)["answer"] == "unchanged"
    cooling = answer(region, server, SMALL)
    until = datetime.fromisoformat(cooling["until"])
    assert (cooling["answer"], cooling["problem"]) == ("deferred", None)
    assert timedelta(seconds=500) < until - datetime.now(UTC) < timedelta(seconds=600)
    shown = region.get(f"/v1/servers/{server}/autoscaling").json()
    assert datetime.fromisoformat(shown["cool_until"]) == until


def test_an_infeasible_recommendation_is_told_what_would_be_accepted(region: Region) -> None:
    server = autoscaled(region, region.adopted())
    region.limits(cores=3)
    head = region.head
    refused = answer(region, server, LARGE)
    assert (refused["answer"], refused["cached"]) == ("infeasible", False)
    assert refused["problem"]["type"] == "urn:ullage:problem:quota-exceeded"
    assert region.head == head
    nearest = Size(**refused["nearest"])
    assert nearest == Size(3, LARGE.memory_mib)
    assert answer(region, server, nearest)["answer"] == "accepted"


def test_a_size_that_the_hypervisor_refused_is_not_asked_again(region: Region) -> None:
    uuid = region.adopted()
    server = autoscaled(region, uuid, cool_down_seconds=0)
    region.host.tell(uuid, refuse)
    with region.carried():
        operation = answer(region, server, LARGE)["operation"]
        assert region.ended(operation)["state"] == "failed"
    calls, head = len(region.host.calls), region.head
    again = answer(region, server, LARGE)
    assert (again["answer"], again["cached"], again["operation"]) == ("infeasible", True, None)
    assert again["reason"]
    assert (len(region.host.calls), region.head) == (calls, head)


def test_a_recommendation_repeated_with_its_key_is_one_scale(region: Region) -> None:
    server = autoscaled(region, region.adopted())
    first, again = (recommend(region, server, LARGE, headers=KEY) for _ in range(2))
    assert first.json() == again.json()
    assert first.json()["answer"] == "accepted"
