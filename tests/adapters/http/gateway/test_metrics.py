"""What Prometheus scrapes counts every answer under its route and its status."""

from __future__ import annotations

import re

import pytest

from tests.kit.hypervisor import LARGE
from tests.kit.region import Region


def counted(region: Region, route: str, method: str, status: int) -> float:
    name = f'ullage_http_requests_total{{method="{method}",route="{route}",status="{status}"}}'
    found = re.search(re.escape(name) + r" (\S+)", region.get("/metrics").text)
    return float(found.group(1)) if found else 0.0


def gauge(region: Region, name: str) -> float:
    found = re.search(rf"^{name} (\S+)$", region.get("/metrics").text, re.MULTILINE)
    assert found
    return float(found.group(1))


@pytest.mark.parametrize(
    ("method", "path", "as_", "counts"),
    [
        ("GET", "/v1/servers", "admin", ("/v1/servers", 200)),
        ("GET", "/v1/hosts", "reader", ("/v1/hosts", 403)),
        ("GET", "/v1/servers", None, ("(none)", 401)),
        ("GET", "/v1/nothing", "admin", ("(none)", 404)),
        ("DELETE", "/v1/servers", "admin", ("(none)", 405)),
        ("PURGE", "/v1/servers", "admin", ("(none)", 405)),
    ],
)
def test_answers_are_counted_with_their_status(
    region: Region, method: str, path: str, as_: str | None, counts: tuple[str, int]
) -> None:
    route, status = counts
    shown = "(other)" if method == "PURGE" else method
    before = counted(region, route, shown, status)
    for _ in range(3):
        assert region.ask(method, path, as_=as_).status_code == status
    assert counted(region, route, shown, status) == before + 3


def test_a_refused_body_counts_under_its_route(region: Region) -> None:
    server = region.adopted()
    region.post(f"/v1/servers/{server}/scale", content=b"[")
    assert counted(region, "/v1/servers/{server}/scale", "POST", 400) == 1


def test_nobody_can_invent_labels(region: Region) -> None:
    for n in range(5):
        region.ask(f"X{n}", f"/v1/x{n}", as_=None)
    assert "X0" not in region.get("/metrics").text
    assert "/v1/x0" not in region.get("/metrics").text


def test_gauges_show_what_the_process_holds(region: Region) -> None:
    server = region.adopted()
    region.scaling(server, LARGE)
    assert gauge(region, "ullage_leading") == 1
    assert gauge(region, "ullage_servers") == 1
    assert gauge(region, "ullage_operations_open") == 1
    assert gauge(region, "ullage_position") == region.head
    with region.carried():
        region.get(f"/v1/servers/{server}")
