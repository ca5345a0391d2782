"""/v1/server-groups: which servers belong together or apart, and who is a member."""

from __future__ import annotations

from typing import Annotated
from uuid import UUID

import msgspec
from litestar import Response, delete, get, post, put
from litestar.di import NamedDependency
from litestar.params import FromPath

from adapters.http.gateway import body
from adapters.http.gateway.as_of import AsOf, past_at, then, told_of
from adapters.http.gateway.dispatch import (
    Asking,
    actor_of,
    answered,
    ask,
    etag,
    expected_version,
    reply,
    told,
    user_of,
)
from adapters.http.gateway.policy import must_see, shown_project
from adapters.http.gateway.region import Region
from adapters.http.native import paging
from adapters.http.native.fields import After, Name, Project, ProjectQuery, Reason, Why
from adapters.http.native.owning import owner_of
from adapters.http.native.servers.servers import visible
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


@post("/v1/server-groups", name="create_server_group", status_code=201)
async def create_server_group(request: Asking, region: NamedDependency[Region]) -> Response[bytes]:
    """Make a group, within the quota of its project and its user."""
    asked = await body.read(request, GroupBody)
    command = CreateServerGroup(
        group=region.new_id(),
        project=owner_of(request, asked.project),
        name=asked.name,
        policy=asked.policy,
        max_server_per_host=asked.max_server_per_host,
        user=user_of(request),
        reason=asked.reason,
    )
    answer = await ask(region, request, command)
    made = told(answer, GroupRecorded)
    return reply(answer, 201, {"location": f"/v1/server-groups/{made.id}", **etag(made.version)})


@get("/v1/server-groups", name="list_server_groups")
async def list_server_groups(
    request: Asking,
    region: NamedDependency[Region],
    after: After = None,
    as_of: AsOf = None,
    project: ProjectQuery = None,
    limit: paging.PageLimit = 100,
    cursor: paging.Cursor = None,
) -> Response[paging.Page[GroupRecorded]]:
    """Groups by id. Readers and members see those of their project."""
    past = await past_at(region, after, as_of)
    whose, begin = shown_project(actor_of(request), project), paging.id_of(cursor)
    after_id = str(begin) if begin else ""
    if past is None:
        rows = _after(region, whose, after_id)[: limit + 1]
    else:
        rows = await then(
            region, past, lambda p: p.groups(project=whose, after=after_id, limit=limit + 1)
        )
    groups = [view_group(row) for row in rows]
    return paging.page(request, groups, limit, lambda row: row.id, told_of(past))


@get("/v1/server-groups/{group:uuid}", name="show_server_group")
async def show_server_group(
    request: Asking,
    group: FromPath[UUID],
    region: NamedDependency[Region],
    after: After = None,
    as_of: AsOf = None,
) -> Response[GroupRecorded]:
    """One group, with its members in the order in which they came."""
    past = await past_at(region, after, as_of)
    row = await then(region, past, lambda p: p.group(group)) if past else group_now(region, group)
    seen = _visible(request, group, row)
    return Response(view_group(seen), headers=etag(seen.version) | told_of(past))


@delete("/v1/server-groups/{group:uuid}", name="delete_server_group")
async def delete_server_group(
    request: Asking, group: FromPath[UUID], region: NamedDependency[Region], reason: Why = ""
) -> Response[None]:
    """Delete a group; its servers stay, and stand in no group any more."""
    # Asked again under its key, it is answered as it was, though nothing is there any more.
    if (answer := await answered(region, request)) is None:
        _visible(request, group, group_now(region, group))
        command = DeleteServerGroup(group=group, expected=expected_version(request), reason=reason)
        answer = await ask(region, request, command)
    return Response(None, status_code=204, headers={"ullage-position": str(answer.position)})


@put("/v1/server-groups/{group:uuid}/members/{server:uuid}", name="join_server_group")
async def join_server_group(
    request: Asking,
    group: FromPath[UUID],
    server: FromPath[UUID],
    region: NamedDependency[Region],
    reason: Why = "",
) -> Response[bytes]:
    """Have a server join, where it stands as the group's policy wants it."""
    _visible(request, group, group_now(region, group))
    visible(request, region, server)
    command = JoinServerGroup(group=group, server=server, reason=reason)
    answer = await ask(region, request, command)
    return reply(answer, headers=etag(told(answer, GroupRecorded).version))


@delete(
    "/v1/server-groups/{group:uuid}/members/{server:uuid}",
    name="leave_server_group",
    status_code=200,
)
async def leave_server_group(
    request: Asking,
    group: FromPath[UUID],
    server: FromPath[UUID],
    region: NamedDependency[Region],
    reason: Why = "",
) -> Response[bytes]:
    """Have a server leave."""
    _visible(request, group, group_now(region, group))
    visible(request, region, server)
    command = LeaveServerGroup(group=group, server=server, reason=reason)
    answer = await ask(region, request, command)
    return reply(answer, headers=etag(told(answer, GroupRecorded).version))


def group_now(region: Region, group: UUID) -> GroupRow | None:
    return region.readside.models.catalogue.get(ServerGroup, str(group))


def view_group(row: GroupRow) -> GroupRecorded:
    return recorded(UUID(row.id), row.state, row.version)


def _visible(request: Asking, group: UUID, row: GroupRow | None) -> GroupRow:
    """A group that the caller may see. Raises NotFound."""
    if row is None:
        raise NotFound(what=ServerGroup.category, id=str(group))
    must_see(actor_of(request), row.state.project, what=ServerGroup.category, id=str(group))
    return row


def _after(region: Region, project: str | None, after: str) -> list[GroupRow]:
    rows = region.readside.models.catalogue.all(ServerGroup)
    return [row for row in rows if row.id > after and project in {None, row.state.project}]
