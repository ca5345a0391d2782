"""Leads a flavor from its beginning to its end with OpenStack's own library, and tells what it saw.

Run by a test in a process of its own: whatever the library warns of when it is imported stays
there.
"""

from __future__ import annotations

import json
import os
import sys
from typing import Any

from keystoneauth1.session import Session
from keystoneauth1.token_endpoint import Token
from novaclient.client import Client  # type: ignore[import-untyped]


def main(endpoint: str, at: str, project: str) -> None:
    auth = Token(endpoint, os.environ["OS_TOKEN"])
    json.dump(_seen(Client(at, session=Session(auth=auth)), at, project), sys.stdout)


def _seen(nova: Any, at: str, project: str) -> dict[str, Any]:
    flavor = nova.flavors.create(
        f"m1.{at}", 512, 2, 1, flavorid=f"id-{at}", swap=64, is_public=False
    )
    flavor.set_keys({"hw:max_vcpus": "8", "scale:x": "y"})
    flavor.unset_keys(["scale:x"])
    nova.flavor_access.add_tenant_access(flavor, project)
    seen = {
        "ram": flavor.ram,
        "swap": flavor.swap,
        "keys": flavor.get_keys(),
        "listed": [one.id for one in nova.flavors.list(is_public=None)],
        "access": [one.tenant_id for one in nova.flavor_access.list(flavor=flavor)],
        "hosts": [one.hypervisor_hostname for one in nova.hypervisors.list()],
        "zones": [one.zoneName for one in nova.availability_zones.list(detailed=True)],
    }
    nova.flavor_access.remove_tenant_access(flavor, project)
    flavor.delete()
    return seen | {"left": [one.id for one in nova.flavors.list(is_public=None)]}


if __name__ == "__main__":
    main(*sys.argv[1:])
