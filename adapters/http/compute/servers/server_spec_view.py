"""What a server was built from, as the Compute API shows it: flavor, image and hints."""

from __future__ import annotations

import re
from typing import Any

from adapters.http.compute.gateway.calls import Call
from adapters.http.compute.gateway.microversions import V
from domain.server import Server

_PROPERTY = re.compile(r"[a-zA-Z0-9_:. ]{1,255}")
_MOST = 255


def flavor_of(call: Call, server: Server) -> dict[str, Any]:
    """As it was when the server got it. One that was adopted has none: then what it has."""
    copy = server.spec.flavor
    if call.at < V(2, 47):
        if copy is None:
            return {"id": "", "links": []}
        return {"id": copy.id, "links": [call.links.bookmark("flavors", copy.id)]}
    return {
        "vcpus": server.size.vcpus,
        "ram": server.size.memory_mib,
        "disk": copy.disk_gib if copy else 0,
        "ephemeral": copy.ephemeral_gib if copy else 0,
        "swap": copy.swap_mib if copy else 0,
        "original_name": copy.name if copy else "",
        "extra_specs": copy.extra_specs if copy else {},
    }


def image_of(call: Call, server: Server) -> Any:
    if (copy := server.spec.image) is None:
        return ""
    shown: dict[str, Any] = {"id": copy.id, "links": [call.links.bookmark("images", copy.id)]}
    if call.at >= V(2, 98):
        shown["properties"] = {
            name: value
            for name, value in copy.properties.items()
            if _PROPERTY.fullmatch(name) and len(value) <= _MOST
        }
    return shown


def hints_of(server: Server) -> dict[str, list[str]]:
    hints = {name: value.split("\n") for name, value in server.spec.hints.items()}
    return hints | ({"group": [str(server.spec.group)]} if server.spec.group else {})
