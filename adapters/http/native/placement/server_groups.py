"""/v1/server-groups: which servers belong together or apart, and who is a member."""

from __future__ import annotations

from typing import Annotated
from uuid import UUID

import msgspec
from litestar import Response
from litestar.params import FromPath

from adapters.http.gateway import body
from adapters.http.gateway.as_of import AsOf, past_at, then, told_of
from adapters.http.gateway.dispatch import (
    Asking,
    actor_of,
    answered,
    etag,
    expected_version,
    user_of,
)
from adapters.http.gateway.parts.context import Context
from adapters.http.gateway.parts.reads import Reads
from adapters.http.gateway.policy import must_see, shown_project
from adapters.http.native import paging
from adapters.http.native.fields import After, Name, Project, ProjectQuery, Reason, Why
from adapters.http.native.owning import owner_of
from adapters.http.native.routes import delete, get, post, put
from adapters.http.native.visible import visible
from commands.command import Command
from commands.engine.store import Answer
from commands.ledger.server_groups import GroupRecorded, recorded
from commands.placement.create_server_group import CreateServerGroup
from commands.placement.delete_server_group import DeleteServerGroup
from commands.placement.join_server_group import JoinServerGroup, LeaveServerGroup
from domain.hosts.neighbours import GroupPolicy
from domain.hosts.server_group import ServerGroup
from domain.shared.errors import NotFound
from projections.catalogue import CatalogueRow

GroupRow = CatalogueRow[ServerGroup]

_PerHost = Annotated[int, msgspec.Meta(ge=1, le=2**31 - 1, description="Members on one host.")]


class GroupBody(body.Body, frozen=True, kw_only=True):
    """``project`` is needed of those who see all projects. ``max_server_per_host``: only with
    anti-affinity; one, if it is not given."""

    name: Name
    policy: GroupPolicy
    max_server_per_host: _PerHost | None = None
    project: Project | None = None
    reason: Reason = ""


@post(
    "/v1/server-groups",
    may="change",
    location=lambda made: f"/v1/server-groups/{made.id}",
    reply=GroupRecorded,
)
async def create_server_group(request: Asking, asked: GroupBody, context: Context) -> Command:
    """Make a group, within the quota of its project and its user."""
    return CreateServerGroup(
        group=context.new_id(),
        project=owner_of(request, asked.project),
        name=asked.name,
        policy=asked.policy,
        max_server_per_host=asked.max_server_per_host,
        user=user_of(request),
        reason=asked.reason,
    )


@get("/v1/server-groups", may="see", heavy=True)
async def list_server_groups(
    request: Asking,
    reads: Reads,
    after: After = None,
    as_of: AsOf = None,
    project: ProjectQuery = None,
    limit: paging.PageLimit = 100,
    cursor: paging.Cursor = None,
) -> Response[paging.Page[GroupRecorded]]:
    """Groups by id. Readers and members see those of their project."""
    past = await past_at(reads, after, as_of)
    whose, begin = shown_project(actor_of(request), project), paging.id_of(cursor)
    after_id = str(begin) if begin else ""
    if past is None:
        rows = _after(reads, whose, after_id)[: limit + 1]
    else:
        rows = await then(
            reads, past, lambda p: p.groups(project=whose, after=after_id, limit=limit + 1)
        )
    groups = [view_group(row) for row in rows]
    return paging.page(request, groups, limit, lambda row: row.id, told_of(past))


@get("/v1/server-groups/{group:uuid}", may="see")
async def show_server_group(
    request: Asking, group: FromPath[UUID], reads: Reads, after: After = None, as_of: AsOf = None
) -> Response[GroupRecorded]:
    """One group, with its members in the order in which they came."""
    past = await past_at(reads, after, as_of)
    row = await then(reads, past, lambda p: p.group(group)) if past else group_now(reads, group)
    seen = _visible(request, group, row)
    return Response(view_group(seen), headers=etag(seen.version) | told_of(past))


@delete("/v1/server-groups/{group:uuid}", may="change", status=204)
async def delete_server_group(
    request: Asking, group: FromPath[UUID], reads: Reads, reason: Why = ""
) -> Command | Answer:
    """Delete a group; its servers stay, and stand in no group any more."""
    # Asked again under its key, it is answered as it was, though nothing is there any more.
    if known := await answered(reads, request):
        return known
    _visible(request, group, group_now(reads, group))
    return DeleteServerGroup(group=group, expected=expected_version(request), reason=reason)


@put("/v1/server-groups/{group:uuid}/members/{server:uuid}", may="change", reply=GroupRecorded)
async def join_server_group(
    request: Asking, group: FromPath[UUID], server: FromPath[UUID], reads: Reads, reason: Why = ""
) -> Command:
    """Have a server join, where it stands as the group's policy wants it."""
    _visible(request, group, group_now(reads, group))
    visible(request, reads, server)
    return JoinServerGroup(group=group, server=server, reason=reason)


@delete(
    "/v1/server-groups/{group:uuid}/members/{server:uuid}",
    may="change",
    status=200,
    reply=GroupRecorded,
)
async def leave_server_group(
    request: Asking, group: FromPath[UUID], server: FromPath[UUID], reads: Reads, reason: Why = ""
) -> Command:
    """Have a server leave."""
    _visible(request, group, group_now(reads, group))
    visible(request, reads, server)
    return LeaveServerGroup(group=group, server=server, reason=reason)


def group_now(reads: Reads, group: UUID) -> GroupRow | None:
    return reads.models.catalogue.get(ServerGroup, str(group))


def view_group(row: GroupRow) -> GroupRecorded:
    return recorded(UUID(row.id), row.state, row.version)


def _visible(request: Asking, group: UUID, row: GroupRow | None) -> GroupRow:
    """A group that the caller may see. Raises NotFound."""
    if row is None:
        raise NotFound(what=ServerGroup.category, id=str(group))
    must_see(actor_of(request), row.state.project, what=ServerGroup.category, id=str(group))
    return row


def _after(reads: Reads, project: str | None, after: str) -> list[GroupRow]:
    rows = reads.models.catalogue.all(ServerGroup)
    return [row for row in rows if row.id > after and project in {None, row.state.project}]
