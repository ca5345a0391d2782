"""What several resources tell of servers: which one is there for a caller, where, and when."""

from __future__ import annotations

from datetime import datetime
from hashlib import sha224
from uuid import UUID

from adapters.http.compute.gateway.calls import Call
from adapters.http.gateway.policy import must_see
from domain.server import Server
from domain.shared.errors import NotFound
from projections.servers import ServerRow


def found(call: Call, *, deleted: bool = False) -> ServerRow:
    """The one of the path, as far as the caller sees it. ``deleted``: also one that is gone.

    Raises NotFound.
    """
    id_ = call.path["server"]
    row = known_server(call, id_)
    if row is None or not (deleted or is_there(row.state)):
        raise NotFound(what="server", id=id_)
    must_see(call.actor, row.state.project, what="server", id=id_)
    return row


def is_there(server: Server) -> bool:
    """One that could not be built is, too, until it is deleted."""
    return server.power != "gone" or server.fault is not None


def known_server(call: Call, id: str) -> ServerRow | None:
    try:
        return call.reads.readside.server(UUID(id))
    except ValueError:
        return None


def host_id(host: str, project: str) -> str:
    """The same for all of one project's servers on one host, and telling nothing of that host."""
    return sha224(f"{project}{host}".encode()).hexdigest() if host else ""


def stamp(at: datetime | None) -> str | None:
    """As Nova tells those times that it tells without a zone."""
    return None if at is None else at.strftime("%Y-%m-%dT%H:%M:%S.000000")
