"""Which servers a caller sees: one by its id, or lists of them."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any
from uuid import UUID

from adapters.http.compute.paging import next_link, page
from adapters.http.compute.routes import Call
from adapters.http.compute.server_states import is_there
from adapters.http.policy import must_see
from domain.errors import NotFound
from projections.servers import ServerRow

View = Callable[[Call, ServerRow], dict[str, Any]]


def found(call: Call, *, deleted: bool = False) -> ServerRow:
    """The one of the path, as far as the caller sees it. Raises NotFound."""
    id_ = call.path["server"]
    row = _known(call, id_)
    if row is None or not (deleted or is_there(row.state)):
        raise NotFound(what="server", id=id_)
    must_see(call.actor, row.state.project, what="server", id=id_)
    return row


def listed(call: Call, collection: str, view: View) -> dict[str, Any]:
    rows = [row for row in call.region.readside.models.servers.all() if is_there(row.state)]
    shown = page(call, rows, _id)
    answer: dict[str, Any] = {"servers": [view(call, row) for row in shown]}
    if more := next_link(call, shown, _id, collection):
        answer["servers_links"] = more
    return answer


def _known(call: Call, id: str) -> ServerRow | None:
    try:
        return call.region.readside.server(UUID(id))
    except ValueError:
        return None


def _id(row: ServerRow) -> str:
    return str(row.id)
