"""What is refused elsewhere in our words is told here in Nova's."""

from __future__ import annotations

import json
from typing import Any

import pytest

from adapters.http.compute.gateway.faults import code_of, fault
from adapters.http.gateway.parts.lookups import CallerGone
from adapters.http.gateway.statuses import STATUS
from commands.engine import request
from domain.shared import errors
from domain.shared.errors import QuotaExceeded, Shortage
from domain.shared.refusal import kind_of
from tests.kit.region import NewRegion

_SHORT = [
    Shortage(resource="cores", asked=1, used=10, limit=10, left=0),
    Shortage(resource="instances", asked=2, used=9, limit=10, left=1),
]
_OVER = (
    "Quota exceeded for cores, instances: Requested 1, 2, but already used 10, 9 of 10, 10 "
    "cores, instances"
)


def _told(exception: Exception, **how: Any) -> Any:
    answer = fault(exception, **how)
    return answer.status, json.loads(answer.body)


def test_over_quota_is_told_in_novas_words_with_the_configured_code() -> None:
    exceeded = QuotaExceeded(project="p", shortages=_SHORT)
    assert _told(exceeded) == (403, {"forbidden": {"code": 403, "message": _OVER}})
    assert _told(exceeded, over_quota=413) == (413, {"overLimit": {"code": 413, "message": _OVER}})


def test_missing_things_are_named_as_nova_names_them() -> None:
    for what, said in (("server", "Instance"), ("flavor", "Flavor"), ("image", "Image")):
        message = f"{said} x could not be found."
        told = {"itemNotFound": {"code": 404, "message": message}}
        assert _told(errors.NotFound(what=what, id="x")) == (404, told)


def test_an_unforeseen_error_tells_nothing() -> None:
    told = {"computeFault": {"code": 500, "message": "Unexpected API Error. It was logged."}}
    assert _told(RuntimeError("a secret")) == (500, told)


def test_a_503_tells_when_to_ask_again() -> None:
    answer = fault(request.Unavailable())
    assert (answer.status, answer.headers["retry-after"]) == (503, "1")
    assert "serviceUnavailable" in json.loads(answer.body)


def test_a_429_tells_when_to_ask_again_in_its_body_too() -> None:
    answer = fault(request.TenantOverloaded(5))
    assert (answer.status, answer.headers["retry-after"]) == (429, "1")
    assert json.loads(answer.body)["overLimit"]["retryAfter"] == "1"


@pytest.mark.parametrize("kind", sorted(STATUS.keys() - {CallerGone}, key=repr), ids=kind_of)
def test_every_refusal_has_a_code_that_nova_has_too(kind: type[Exception]) -> None:
    assert code_of(kind) in {400, 401, 403, 404, 409, 413, 429, 503}


def test_a_forwarded_write_keeps_its_request_id(new_region: NewRegion) -> None:
    leading = new_region().leading()
    following = new_region(leading.hosts).start()
    new = {"flavor": {"name": "n", "ram": 512, "vcpus": 1, "disk": 1}}
    answer = following.post("/compute/v2.1/flavors", new)
    assert answer.status_code == 200, answer.text
    (id_,) = answer.headers.get_list("x-openstack-request-id")
    entry = leading.get("/v1/history?kind=flavor.created&limit=1").json()["items"][0]
    assert f"req-{entry['because']}" == id_


def test_writes_without_a_leader_are_faults_of_nova(new_region: NewRegion) -> None:
    leading = new_region().leading()
    following = new_region(leading.hosts).start()
    new = {"flavor": {"name": "n", "ram": 512, "vcpus": 1, "disk": 1}}
    headers = {"ullage-forwarded": "1"}
    answer = following.post("/compute/v2.1/flavors", new, headers=headers)
    assert (answer.status_code, answer.headers["retry-after"]) == (503, "1")
    assert answer.json()["serviceUnavailable"]["code"] == 503
