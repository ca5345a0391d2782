"""Hosts with room, flavors and images to build from, and what relays say that they saw."""

from __future__ import annotations

from typing import Any
from uuid import UUID, uuid4

import msgspec

from adapters.hypervisors.driver import Found
from tests.kit.region import HOST, OWN, Answer, Region

FLAVOR: dict[str, Any] = {
    "name": "m1",
    "vcpus": 2,
    "memory_mib": 4096,
    "extra_specs": {"hw:max_vcpus": "8", "hw:max_memory_mb": "16384"},
}
IMAGE: dict[str, Any] = {"name": "debian", "template": "<domain/>"}


def rooms(region: Region) -> None:
    """Have every host tell what it has, as a relay would."""
    told = []
    for name, host in region.hosts.items():
        facts = host.read_host()
        told.append(
            {
                "host": name,
                "capacity": {"vcpus": facts.vcpus, "memory_mib": facts.memory_mib},
                "traits": facts.traits,
                "hypervisor": facts.hypervisor,
            }
        )
    observations(region, hosts=told)


def observations(region: Region, **told: Any) -> None:
    answered = region.post("/v1/observations", told, as_="service")
    assert answered.status_code == 204, answered.text


def observed(region: Region, server: UUID, *, host: str = HOST, version: int | None = None) -> None:
    """Report what ``host`` says of a server now, against that version of the books."""
    found = [one for one in region.hosts[host].inspect_all() if one.server == server]
    known = version or region.get(f"/v1/servers/{server}").json()["version"]
    seen = as_seen(found[0], host) if found else None
    observations(region, servers=[{"server": str(server), "version": known, "seen": seen}])


def as_seen(found: Found, host: str = HOST) -> dict[str, Any]:
    """As a relay tells of a server."""
    return {
        "host": host,
        "size": msgspec.to_builtins(found.allocated),
        "power": found.state,
        "guest": msgspec.to_builtins(found.guest),
        "envelope": msgspec.to_builtins(found.envelope),
    }


def flavor(region: Region, **fields: Any) -> str:
    """The id of a new one."""
    answered = region.post("/v1/flavors", {**FLAVOR, "name": f"m-{uuid4()}", **fields})
    assert answered.status_code == 201, answered.text
    return str(answered.json()["id"])


def image(region: Region, **fields: Any) -> str:
    answered = region.post("/v1/images", {**IMAGE, "name": f"i-{uuid4()}", **fields})
    assert answered.status_code == 201, answered.text
    return str(answered.json()["id"])


def wanted(region: Region, **fields: Any) -> dict[str, Any]:
    """The body of a request for a server, from a flavor and an image that are made for it."""
    given = {"name": "web-1", "project": OWN, **fields}
    if "flavor" not in given:
        given["flavor"] = flavor(region)
    if "image" not in given:
        given["image"] = image(region)
    return given


def build(region: Region, *, as_: str = "admin", **fields: Any) -> Answer:
    return region.post("/v1/servers", wanted(region, **fields), as_=as_)


def built(region: Region, **fields: Any) -> UUID:
    """A server that stands; a relay must be at work."""
    accepted = build(region, **fields)
    assert accepted.status_code == 202, accepted.text
    ended = region.ended(accepted.json()["operation"])
    assert ended["state"] == "succeeded", ended
    return UUID(accepted.json()["server"])
