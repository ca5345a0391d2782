"""What was recorded of Nova about quotas, limits and server groups, asked again here."""

from __future__ import annotations

from uuid import uuid4

import pytest

from domain.shared.size import Size
from tests.adapters.http.compute.kit.replay import Sample, Values, replay, samples
from tests.kit.region import OWN, Region

VALUES: Values = {"project": OWN, "user": "mia"}
RECORDED = [
    one
    for one in samples()
    if one.path.startswith(("/os-quota", "/limits"))
    # Versions and tokens: test_replayed_flavors.py; what Keystone is asked: test_quota_projects.py.
    and one.status not in {401, 406}
    and one.mv != "bad"
    and "nope" not in one.path
]
# The first of them: the last two groups are about servers that are built and resized.
QUOTAS = [one for one in RECORDED if "server_groups" not in str(one.request)][:-2]
GROUPS = [one for one in samples() if one.path.startswith("/os-server-groups")]


def _as(one: Sample) -> str:
    """Recorded as an administrator of the project; ours is one of all of them."""
    of_project = one.path.startswith(("/limits", "/os-server-groups"))
    return "member" if of_project and "tenant_id" not in one.path else "admin"


def _ask(region: Region, one: Sample, values: Values) -> str:
    told = replay(region, one, values, as_=_as(one))
    made = one.method == "POST" and one.status == 200
    return str(told.json()["server_group"]["id"]) if made else ""


@pytest.fixture(name="region", scope="module")
def _region(shared: Region) -> Region:
    """With one server of two cores, as there was one in that Nova."""
    shared.ask("DELETE", f"/compute/v2.1/os-quota-sets/{OWN}")
    shared.adopted(Size(2, 128))
    return shared


def test_quotas_and_limits_are_as_novas(region: Region) -> None:
    assert len(QUOTAS) == 37
    for one in QUOTAS:
        _ask(region, one, VALUES)


def test_server_groups_are_as_novas(region: Region) -> None:
    assert len(GROUPS) == 22
    values = VALUES | {"user": "member", "group": str(uuid4())}
    for one in GROUPS:
        if one.status == 403:
            region.limits(server_groups=0)
        if group := _ask(region, one, values):
            values |= {"group": group}
    region.limits(server_groups=None)
