"""A server as it is shown: what it has, what it may have, what is being done to it."""

from __future__ import annotations

from collections.abc import Container, Iterable
from datetime import datetime
from uuid import UUID

from adapters.http.gateway import body
from adapters.http.gateway.parts.reads import Reads
from adapters.readside.past import Past
from domain.hosts.server_group import ServerGroup
from domain.server import Autoscaling, Drift, FlavorTerms, Operation, Power
from domain.server.state import ServerState
from domain.shared.envelope import Envelope
from domain.shared.size import GuestView, Size
from projections.servers import ServerRow


class ResizedFrom(body.Body, frozen=True, kw_only=True):
    """What it goes back to, should the resize be reverted."""

    flavor: str | None
    size: Size


class ServerView(body.Body, frozen=True, kw_only=True):
    """Three numbers: ``requested``; ``size``, which the hypervisor allocates; ``guest``, which the
    guest says it has. ``seen_by_guest``: whether it followed the last change, if it tells.
    ``resized_from``: a resize waits to be confirmed, or reverted. Times are UTC."""

    id: UUID
    name: str
    description: str | None
    metadata: dict[str, str]
    project: str
    user: str
    group: UUID | None
    host: str
    power: Power
    requested: Size
    size: Size
    guest: GuestView
    seen_by_guest: bool | None
    ceiling: Size | None
    scalable: bool
    envelope: Envelope
    flavor: str | None
    flavor_name: str | None
    image: str | None
    image_name: str | None
    operation: Operation | None
    resized_from: ResizedFrom | None
    drift: Drift | None
    autoscaling: Autoscaling | None
    created: datetime
    updated: datetime
    version: int


_AS_IN_THE_STATE = tuple(
    name
    for name in ServerView.__struct_fields__
    if name in ServerState.__struct_fields__ and name not in {"name", "resized_from"}
)
"""What is shown as the state has it: a field of it needs no more than its line in the view."""


def view_server(row: ServerRow, groups: Container[UUID | None] = ()) -> ServerView:
    """``groups``: those that are there; a server stands in none that was deleted."""
    state, said = row.state, row.state.description
    return ServerView(
        **{name: getattr(state, name) for name in _AS_IN_THE_STATE},
        id=row.id,
        name=said.name,
        description=said.description,
        metadata=said.metadata,
        group=state.spec.group if state.spec.group in groups else None,
        requested=state.requested,
        flavor=state.spec.flavor.id if state.spec.flavor else None,
        flavor_name=state.spec.flavor.name if state.spec.flavor else None,
        image=state.spec.image.id if state.spec.image else None,
        image_name=state.spec.image.name if state.spec.image else None,
        resized_from=_resized_from(state.resized_from),
        created=row.created,
        updated=row.updated,
        version=row.version,
    )


def groups_now(reads: Reads, rows: Iterable[ServerRow]) -> set[UUID]:
    """Of the groups that these servers were put into, those that are there."""
    catalogue = reads.models.catalogue
    return {one for one in _asked_for(rows) if catalogue.get(ServerGroup, str(one))}


def groups_then(past: Past, rows: Iterable[ServerRow]) -> set[UUID]:
    """The same, as of then."""
    return {one for one in _asked_for(rows) if past.group(one)}


def _asked_for(rows: Iterable[ServerRow]) -> set[UUID]:
    return {row.state.spec.group for row in rows if row.state.spec.group}


def _resized_from(terms: FlavorTerms | None) -> ResizedFrom | None:
    if terms is None:
        return None
    return ResizedFrom(flavor=terms.flavor.id if terms.flavor else None, size=terms.size)
