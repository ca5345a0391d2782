"""What is there for a caller: servers and flavors that it may see; all others are absent."""

from __future__ import annotations

from uuid import UUID

from adapters.http.gateway.dispatch import Asking, actor_of
from adapters.http.gateway.parts.reads import Reads
from adapters.http.gateway.policy import must_see, sees_flavor
from domain.catalogue.flavor import Flavor
from domain.shared.errors import NotFound
from projections.servers import ServerRow


def visible(request: Asking, reads: Reads, server: UUID) -> ServerRow:
    """A server that the caller may see, and that is not deleted. Raises NotFound."""
    return seen(request, server, reads.readside.server(server))


def seen(request: Asking, server: UUID, row: ServerRow | None) -> ServerRow:
    """The same, of one that was looked up. Raises NotFound."""
    if row is None or row.state.power == "gone":
        raise NotFound(what="server", id=str(server))
    must_see(actor_of(request), row.state.project, what="server", id=str(server))
    return row


def must_see_flavor(request: Asking, reads: Reads, flavor: str) -> None:
    """One that is not public is absent for who has no access to it. Raises NotFound."""
    known = reads.models.catalogue.get(Flavor, flavor)
    if known and not sees_flavor(actor_of(request), known.state):
        raise NotFound(what="flavor", id=flavor)
