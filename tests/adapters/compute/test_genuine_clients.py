"""OpenStack's own command line finds its way at this door: discovery, flavors, hosts."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from tests.region import OWN, Region

pytestmark = pytest.mark.xdist_group("openstackclient")


def openstack(region: Region, *words: str, at: str = "2.104", json_: bool = True) -> Any:
    done = subprocess.run(
        [
            Path(sys.executable).with_name("openstack"),
            *("--os-auth-type", "admin_token", "--os-endpoint", f"{region.url}/compute/v2.1"),
            *("--os-compute-api-version", at, "--os-identity-api-version", "3", *words),
            *(("-f", "json") if json_ else ()),
        ],
        # Whatever its own imports warn of is not ours to say.
        env=os.environ | {"OS_TOKEN": region.tokens["admin"], "PYTHONWARNINGS": "ignore"},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stdout + done.stderr
    return json.loads(done.stdout) if json_ and done.stdout else None


@pytest.mark.parametrize("at", ["2.1", "2.104"])
def test_a_flavor_from_its_beginning_to_its_end(shared: Region, at: str) -> None:
    name = f"m1.{at}"
    size = ("--ram", "512", "--vcpus", "2", "--disk", "1", "--swap", "64", "--private")
    made = openstack(shared, "flavor", "create", name, *size, "--id", name, at=at)
    assert (made["ram"], made["vcpus"], made["swap"]) == (512, 2, 64)
    openstack(shared, "flavor", "set", name, "--property", "hw:max_vcpus=8", at=at, json_=False)
    shown = openstack(shared, "flavor", "show", name, at=at)
    assert shown["properties"] == {"hw:max_vcpus": "8"}
    listed = openstack(shared, "flavor", "list", "--private", "--long", at=at)
    assert name in [one["Name"] for one in listed]
    assert shared.get(f"/v1/flavors/{name}", as_="member").status_code == 404
    body = {"addTenantAccess": {"tenant": OWN}}
    shared.post(f"/compute/v2.1/flavors/{name}/action", body)
    assert openstack(shared, "flavor", "show", name, at=at)["access_project_ids"] == [OWN]
    openstack(shared, "flavor", "delete", name, at=at, json_=False)
    assert shared.get(f"/v1/flavors/{name}").status_code == 404


@pytest.mark.parametrize("at", ["2.1", "2.104"])
def test_hosts_and_zones(shared: Region, at: str) -> None:
    (host,) = openstack(shared, "hypervisor", "list", "--long", at=at)
    assert host["Hypervisor Hostname"] == "host-1"
    (zone,) = openstack(shared, "availability", "zone", "list", "--compute", at=at)
    assert (zone["Zone Name"], zone["Zone Status"]) == ("nova", "available")
