"""What every request to the Compute door has: an id, a microversion, and both in its answer."""

from __future__ import annotations

import re
from typing import Any
from uuid import UUID

from litestar.types import Message, Send

from adapters.http.compute.gateway import microversions
from adapters.http.compute.gateway.microversions import V, VersionMalformed, VersionNotSupported
from adapters.http.gateway.request_ids import request_id

PREFIX = "/compute"
BASE = f"{PREFIX}/v2.1"
DISCOVERY = frozenset({"/compute", "/compute/"})
"""The root has neither microversion nor request id."""

_VARY = (b"vary", b"OpenStack-API-Version, X-OpenStack-Nova-API-Version")
_ID = b"x-openstack-request-id"
# Older catalogues have `/v2.1/%(tenant_id)s`; what is no project of Keystone's form is a resource.
_OF_PROJECT = re.compile(rf"{re.escape(BASE)}/([0-9a-f-]+)(?=/.)")


class Entered:
    """``id`` is that of the request, under which the log knows what it did; ``project`` the one
    that its path names; ``refused`` is why there is no microversion."""

    __slots__ = ("at", "headers", "id", "project", "refused")

    def __init__(self, id: UUID, project: str | None, headers: microversions.Headers) -> None:
        self.id = id
        self.project = project
        self.refused: VersionMalformed | VersionNotSupported | None = None
        self.at: V = microversions.OLDEST
        self.headers: tuple[tuple[bytes, bytes], ...] = ()
        try:
            self.at = microversions.asked(headers)
            self.headers = _echo(self.at)
        except VersionNotSupported as e:
            self.refused, self.headers = e, _echo(e.version)
        except VersionMalformed as e:
            self.refused = e


def enter(scope: Any, send: Send) -> Send:
    """Note microversion and project in a request's state, and have the first of them sent with the
    answer where a route was found, and the request's id always."""
    if scope["path"] in DISCOVERY:
        return send
    state = scope["state"]
    entered = Entered(request_id(scope), _without_project(scope), scope["headers"])
    state["compute"] = entered

    async def sent(message: Message) -> None:
        if message["type"] == "http.response.start":
            _add(scope, entered, message)
        await send(message)

    return sent


def _without_project(scope: Any) -> str | None:
    """The project that the path names, and from now on no more: a route is found without it."""
    if not (named := _OF_PROJECT.match(scope["path"])):
        return None
    scope["path"] = BASE + scope["path"][named.end() :]
    return named[1]


def entered(scope: Any) -> Entered:
    found: Entered = scope["state"]["compute"]
    return found


def _add(scope: Any, entered: Entered, message: Any) -> None:
    headers = message.setdefault("headers", [])
    # The answer of a leader to whom it was handed on carries them already.
    if any(name == _ID for name, _ in headers):
        return
    id_ = f"req-{entered.id}".encode()
    given = entered.headers if scope.get("path_template") else ()
    message["headers"] = [*headers, *given, (_ID, id_), (b"x-compute-request-id", id_)]


def _echo(version: V) -> tuple[tuple[bytes, bytes], ...]:
    text = str(version).encode()
    return (
        (b"openstack-api-version", b"compute " + text),
        (b"x-openstack-nova-api-version", text),
        _VARY,
    )
