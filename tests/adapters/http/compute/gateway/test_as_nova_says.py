"""Every answer is one that Nova's own schemas allow, in every microversion that changed it."""

from __future__ import annotations

from typing import Any

import pytest

from tests.adapters.http.compute.kit import nova_schemas
from tests.kit.region import Answer, Region

pytestmark = pytest.mark.xdist_group("nova-schemas")

BASE = "/compute/v2.1"
FLAVORS = ("2.1", "2.54", "2.55", "2.60", "2.61", "2.74", "2.75", "2.101", "2.102", "2.104")
HOSTS = ("2.1", "2.27", "2.28", "2.32", "2.33", "2.52", "2.53", "2.74", "2.75", "2.87", "2.88")
NEW = {"name": "n", "ram": 512, "vcpus": 1, "disk": 1}


class Asked:
    """Asks, and holds what is answered against Nova's schema."""

    def __init__(self, region: Region, at: str, as_: str = "admin") -> None:
        self.region, self.at, self.as_ = region, at, as_

    def __call__(self, method: str, path: str, body: Any = None, action: str = "") -> Any:
        headers = {"openstack-api-version": f"compute {self.at}"}
        told: Answer = self.region.ask(method, BASE + path, body, as_=self.as_, headers=headers)
        assert told.is_success, f"{told.status_code} {told.text}"
        answer = told.json() if told.content else None
        nova_schemas.check(method, path, self.at, answer, action)
        return answer


@pytest.mark.parametrize("at", FLAVORS)
def test_flavors_follow_novas_schemas(shared: Region, at: str) -> None:
    asked = Asked(shared, at)
    new = NEW | {"id": at, "name": f"n{at}", "os-flavor-access:is_public": False}
    asked("POST", "/flavors", {"flavor": new})
    path = f"/flavors/{at}"
    tenant = {"tenant": "demo"}
    asked("POST", f"{path}/action", {"addTenantAccess": tenant}, "addTenantAccess")
    asked("GET", f"{path}/os-flavor-access")
    asked("POST", f"{path}/action", {"removeTenantAccess": tenant}, "removeTenantAccess")
    asked("POST", f"{path}/os-extra_specs", {"extra_specs": {"scale:a": 8, "hw:max_vcpus": "2"}})
    asked("GET", f"{path}/os-extra_specs")
    asked("PUT", f"{path}/os-extra_specs/scale:a", {"scale:a": "b"})
    asked("GET", f"{path}/os-extra_specs/scale:a")
    if at not in {"2.1", "2.54"}:
        asked("PUT", path, {"flavor": {"description": "for the database"}})
    asked("GET", path)
    for collection in ("/flavors", "/flavors/detail"):
        assert asked("GET", f"{collection}?limit=1&is_public=None")["flavors_links"]
        assert asked("GET", f"{collection}?limit=0")["flavors"] == []
    asked("DELETE", f"{path}/os-extra_specs/scale:a")
    asked("DELETE", path)


@pytest.mark.parametrize("at", HOSTS)
def test_hypervisors_follow_novas_schemas(shared: Region, at: str) -> None:
    asked = Asked(shared, at)
    minor = int(at[2:])
    shared.adopted()
    listed = asked("GET", "/os-hypervisors")["hypervisors"]
    asked("GET", "/os-hypervisors/detail")
    path = f"/os-hypervisors/{listed[0]['id']}"
    asked("GET", path)
    if minor < 88:
        asked("GET", "/os-hypervisors/statistics")
        asked("GET", f"{path}/uptime")
    if minor < 53:
        asked("GET", "/os-hypervisors/host/search")
        assert asked("GET", "/os-hypervisors/host/servers")["hypervisors"][0]["servers"]
    else:
        for query in ("?with_servers=true", "?hypervisor_hostname_pattern=ost&with_servers=1"):
            assert asked("GET", f"/os-hypervisors{query}")["hypervisors"][0]["servers"]
            asked("GET", f"/os-hypervisors/detail{query}")
        asked("GET", f"{path}?with_servers=true")
    if minor >= 33:
        assert asked("GET", "/os-hypervisors?limit=1")["hypervisors_links"]
        asked("GET", f"/os-hypervisors/detail?limit=1&marker={listed[0]['id']}")


@pytest.mark.parametrize("at", ["2.1", "2.104"])
def test_zones_and_extensions_follow_novas_schemas(shared: Region, at: str) -> None:
    asked = Asked(shared, at)
    asked("GET", "/os-availability-zone")
    asked("GET", "/os-availability-zone/detail")
    for one in asked("GET", "/extensions")["extensions"]:
        assert asked("GET", f"/extensions/{one['alias']}")["extension"] == one
