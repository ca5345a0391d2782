"""A NUL in what a relay reports is refused, for PostgreSQL keeps none."""

from __future__ import annotations

from uuid import uuid4

import pytest

from tests.adapters.http.kit.refused import assert_refused
from tests.kit.building import as_seen
from tests.kit.hypervisor import LARGE
from tests.kit.region import HOST, Region, size


@pytest.mark.parametrize("field", ["host", "traits"])
def test_a_nul_in_a_report_is_refused(region: Region, field: str) -> None:
    has = {"host": HOST, "capacity": size(LARGE), "traits": ["A"], "hypervisor": ""}
    wrong = has | {field: "a\0" if field == "host" else ["A\0"]}
    seen = as_seen(region.host.inspect(region.adopted())) | {"host": "a\0"}
    head = region.head
    for body in (
        {"hosts": [wrong]},
        {"servers": [{"server": str(uuid4()), "version": 1, "seen": seen}]},
    ):
        assert_refused(region.post("/v1/observations", body, as_="service"), 400)
    assert region.head == head
