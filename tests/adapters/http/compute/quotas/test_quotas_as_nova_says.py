"""Quotas, groups and usage are answered as Nova's own schemas allow, version by version."""

from __future__ import annotations

import pytest

from tests.adapters.http.compute.gateway.test_as_nova_says import Asked
from tests.kit.region import OWN, Region

pytestmark = pytest.mark.xdist_group("nova-schemas")

QUOTAS = ("2.1", "2.35", "2.36", "2.38", "2.39", "2.49", "2.50", "2.56", "2.57", "2.75", "2.104")
GROUPS = ("2.1", "2.12", "2.13", "2.14", "2.15", "2.63", "2.64", "2.104")
USAGE = ("2.1", "2.39", "2.40", "2.75", "2.104")


@pytest.mark.parametrize("at", QUOTAS)
def test_quotas_and_limits_follow_novas_schemas(shared: Region, at: str) -> None:
    asked = Asked(shared, at)
    path = f"/os-quota-sets/{OWN}"
    for more in ("", "/detail", "/defaults", "?user_id=mia", "/detail?user_id=mia"):
        asked("GET", f"{path}{more}")
    asked("PUT", path, {"quota_set": {"cores": 20}})
    asked("DELETE", path)
    asked("GET", "/os-quota-class-sets/default")
    asked("PUT", "/os-quota-class-sets/default", {"quota_class_set": {"cores": 20}})
    asked("GET", "/limits")


@pytest.mark.parametrize("at", GROUPS)
def test_server_groups_follow_novas_schemas(shared: Region, at: str) -> None:
    asked = Asked(shared, at, "member")
    one = int(at[2:]) >= 64
    policy = {"policy": "anti-affinity", "rules": {"max_server_per_host": 2}} if one else {}
    new = {"name": "a"} | (policy or {"policies": ["anti-affinity"]})
    made = asked("POST", "/os-server-groups", {"server_group": new})["server_group"]
    asked("GET", "/os-server-groups")
    asked("GET", f"/os-server-groups/{made['id']}")
    asked("DELETE", f"/os-server-groups/{made['id']}")


@pytest.mark.parametrize("at", USAGE)
def test_usage_follows_novas_schemas(shared: Region, at: str) -> None:
    shared.limits(cores=-1, instances=-1, ram=-1)
    shared.adopted()
    asked = Asked(shared, at)
    path = "/os-simple-tenant-usage"
    assert asked("GET", path)["tenant_usages"]
    assert asked("GET", f"{path}?detailed=1")["tenant_usages"][0]["server_usages"]
    assert asked("GET", f"{path}/{OWN}")["tenant_usage"]
    assert asked("GET", f"{path}/nobody")["tenant_usage"] == {}
