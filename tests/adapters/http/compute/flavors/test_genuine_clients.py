"""OpenStack's own library and command line find their way at this door."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from tests.kit.region import OWN, Region

pytestmark = pytest.mark.xdist_group("openstackclient")

_DRIVE = Path(__file__).with_name("drive_novaclient.py")
_OPENSTACK = Path(sys.executable).with_name("openstack")


def run(region: Region, *command: str | Path) -> Any:
    done = subprocess.run(
        command,
        # Whatever their own imports warn of is not ours to say.
        env=os.environ | {"OS_TOKEN": region.tokens["admin"], "PYTHONWARNINGS": "ignore"},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stdout + done.stderr
    return json.loads(done.stdout)


@pytest.mark.parametrize("at", ["2.1", "2.96"])
def test_the_library_leads_a_flavor_from_its_beginning_to_its_end(shared: Region, at: str) -> None:
    endpoint = f"{shared.url}/compute/v2.1"
    assert run(shared, sys.executable, _DRIVE, endpoint, at, OWN) == {
        "ram": 512,
        "swap": 64,
        "keys": {"hw:max_vcpus": "8"},
        "listed": [f"id-{at}"],
        "access": [OWN],
        "hosts": ["host-1"],
        "zones": ["nova"],
        "left": [],
    }


@pytest.mark.parametrize("at", ["2.1", "2.104"])
def test_the_command_line_lists_hosts_and_zones(shared: Region, at: str) -> None:
    common = (
        *("--os-auth-type", "admin_token", "--os-endpoint", f"{shared.url}/compute/v2.1"),
        *("--os-compute-api-version", at),
    )
    (host,) = run(shared, _OPENSTACK, *common, "hypervisor", "list", "--long", "-f", "json")
    assert host["Hypervisor Hostname"] == "host-1"
    words = ("availability", "zone", "list", "--compute", "-f", "json")
    (zone,) = run(shared, _OPENSTACK, *common, *words)
    assert (zone["Zone Name"], zone["Zone Status"]) == ("nova", "available")
