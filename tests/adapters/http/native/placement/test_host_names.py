"""A host's name in a path is printable and not too long, whatever is asked of it."""

from __future__ import annotations

import pytest

from tests.kit.region import HOST, Region

NAMES = {
    "NUL": "%00",
    "NUL inside": f"{HOST}%00",
    "a line end": f"{HOST}%0A",
    "DEL": "%7F",
    "no UTF-8": "%FF",
    "too long": "x" * 256,
    "much too long": "x" * 3000,
}


@pytest.mark.parametrize("name", NAMES.values(), ids=NAMES)
def test_an_invalid_host_name_is_refused_and_nothing_recorded(shared: Region, name: str) -> None:
    head = shared.head
    for answer in (
        shared.put(f"/v1/hosts/{name}/terms", {"zone": "z2"}),
        shared.get(f"/v1/hosts/{name}"),
    ):
        assert 400 <= answer.status_code < 500, answer.text
        assert answer.headers["content-type"].startswith("application/problem+json")
    assert shared.head == head


@pytest.mark.parametrize("name", ["kvm 7", "höst", "a.b-c_d", "x" * 255])
def test_a_valid_host_name_is_looked_for(shared: Region, name: str) -> None:
    for answer in (shared.put(f"/v1/hosts/{name}/terms", {}), shared.get(f"/v1/hosts/{name}")):
        assert (answer.status_code, answer.json()["id"]) == (404, name)
