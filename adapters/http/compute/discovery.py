"""Which versions of the Compute API there are: answered without a token, as Nova does."""

from __future__ import annotations

from typing import Any

import msgspec
from litestar import Request, Response, get

from adapters.http.compute.gateway.entering import BASE, entered
from adapters.http.compute.gateway.links import origin
from adapters.http.compute.gateway.microversions import NEWEST, OLDEST

_UPDATED = "2013-07-23T11:33:21Z"


@get("/compute", name="compute_list_versions", include_in_schema=False)
async def list_versions(request: Request[Any, Any, Any]) -> Response[bytes]:
    """Every version that is served."""
    return _json({"versions": [_version(request.scope)]})


@get(BASE, name="compute_show_version", include_in_schema=False)
async def show_version(request: Request[Any, Any, Any]) -> Response[bytes]:
    """Version 2.1, with the range of its microversions."""
    if refused := entered(request.scope).refused:
        raise refused
    version = _version(request.scope)
    described = {"rel": "describedby", "type": "text/html", "href": "http://docs.openstack.org/"}
    version["links"].append(described)
    media = "application/vnd.openstack.compute+json;version=2.1"
    version["media-types"] = [{"base": "application/json", "type": media}]
    return _json({"version": version})


def _version(scope: Any) -> dict[str, Any]:
    return {
        "id": "v2.1",
        "status": "CURRENT",
        "version": str(NEWEST),
        "min_version": str(OLDEST),
        "updated": _UPDATED,
        "links": [{"rel": "self", "href": f"{origin(scope)}{BASE}/"}],
    }


def _json(document: Any) -> Response[bytes]:
    return Response(msgspec.json.encode(document), media_type="application/json")
