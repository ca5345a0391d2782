"""/v1/quota-tree and /v1/projects/{id}/shared-quota: projects below projects, what they share."""

from __future__ import annotations

import msgspec
from litestar import Response, get, put
from litestar.di import NamedDependency

from adapters.http.gateway import body
from adapters.http.gateway.as_of import AsOf, SeenAsOf, seen_at
from adapters.http.gateway.dispatch import (
    Asking,
    actor_of,
    ask,
    etag,
    expected_version,
    reply,
    told,
)
from adapters.http.gateway.region import Region
from adapters.http.native import paging
from adapters.http.native.fields import After, Project, ProjectPath, Reason
from adapters.http.native.quotas.limits import limits_seen
from adapters.http.native.quotas.quotas import QuotaBody
from commands.quotas.move_project import MoveProject, ProjectMoved
from commands.quotas.set_quota import QuotaSet, SetSharedQuota
from domain.quota import ProjectQuota
from domain.shared.resources import COUNTED, UNLIMITED, Amounts


class ParentBody(body.Body, frozen=True, kw_only=True):
    """``parent`` null: the project stands below none."""

    parent: Project | None
    reason: Reason = ""


class SharedLimit(msgspec.Struct, frozen=True, kw_only=True):
    """``used`` by the project and all below it; ``left`` None: without limit."""

    limit: int
    used: int
    left: int | None


class SharedQuotaView(msgspec.Struct, frozen=True, kw_only=True):
    """What a project shares with all below it; ``limit`` -1: nothing is set."""

    project: str
    parent: str | None
    resources: dict[str, SharedLimit]
    version: int


class TreeNode(msgspec.Struct, frozen=True, kw_only=True):
    """``limits`` are the project's own, ``shared`` those for it and all below it; ``used`` is by
    itself, ``used_below`` by all below it."""

    project: str
    parent: str | None
    limits: Amounts
    shared: Amounts
    used: Amounts
    used_below: Amounts
    version: int


Tree = paging.Page[TreeNode]


@get("/v1/projects/{project:str}/shared-quota", name="show_shared_quota")
async def show_shared_quota(
    request: Asking,
    project: ProjectPath,
    region: NamedDependency[Region],
    after: After = None,
    as_of: AsOf = None,
) -> Response[SharedQuotaView]:
    """The limits that a project and all below it share, and what they use together."""
    seen = await limits_seen(request, region, project, after, as_of)
    quota, version = seen.limits.quota(project), seen.limits.version(project)
    view = SharedQuotaView(
        project=project,
        parent=quota.parent,
        resources={name: _shared(quota, name) for name in COUNTED},
        version=version,
    )
    return Response(view, headers=etag(version) | seen.headers)


@put("/v1/projects/{project:str}/shared-quota", name="set_shared_quota")
async def set_shared_quota(
    request: Asking, project: ProjectPath, region: NamedDependency[Region]
) -> Response[bytes]:
    """Set what a project and all below it share; null: nothing is shared of that."""
    asked = await body.read(request, QuotaBody)
    command = SetSharedQuota(
        project=project,
        limits=asked.limits,
        force=asked.force,
        expected=expected_version(request),
        reason=asked.reason,
    )
    answer = await ask(region, request, command)
    return reply(answer, headers=etag(told(answer, QuotaSet).version))


@put("/v1/projects/{project:str}/parent", name="move_project")
async def move_project(
    request: Asking, project: ProjectPath, region: NamedDependency[Region]
) -> Response[bytes]:
    """Put a project below another one, with all that it and those below it use."""
    asked = await body.read(request, ParentBody)
    command = MoveProject(
        project=project,
        parent=asked.parent,
        expected=expected_version(request),
        reason=asked.reason,
    )
    answer = await ask(region, request, command)
    return reply(answer, headers=etag(told(answer, ProjectMoved).version))


@get("/v1/projects/{project:str}/quota-tree", name="show_project_tree")
async def show_project_tree(
    request: Asking,
    project: ProjectPath,
    region: NamedDependency[Region],
    after: After = None,
    as_of: AsOf = None,
    limit: paging.PageLimit = 100,
    cursor: paging.TextCursor = None,
) -> Response[Tree]:
    """A project and all below it, by id; who sees one project sees that one alone."""
    seen = await limits_seen(request, region, project, after, as_of)
    if actor_of(request).project is None:
        await seen.trees()
    return _page(request, seen, seen.limits.tree(project), limit, cursor)


@get("/v1/quota-tree", name="show_quota_tree")
async def show_quota_tree(
    request: Asking,
    region: NamedDependency[Region],
    after: After = None,
    as_of: AsOf = None,
    limit: paging.PageLimit = 100,
    cursor: paging.TextCursor = None,
) -> Response[Tree]:
    """All projects that stand below or above others, or share something, by id."""
    seen = await seen_at(region, after, as_of)
    await seen.trees()
    return _page(request, seen, seen.limits.tree(None), limit, cursor)


def _page(
    request: Asking, seen: SeenAsOf, projects: list[str], limit: int, cursor: str | None
) -> Response[Tree]:
    actor, begin = actor_of(request), paging.text_of(cursor)
    visible = [name for name in projects if actor.sees(name) and name > begin]
    nodes = [_node(seen, name) for name in visible[: limit + 1]]
    return paging.page(request, nodes, limit, lambda node: node.project, seen.headers)


def _node(seen: SeenAsOf, project: str) -> TreeNode:
    quota = seen.limits.quota(project)
    return TreeNode(
        project=project,
        parent=quota.parent,
        limits=quota.limits,
        shared=quota.shared,
        used=quota.used,
        used_below=quota.below,
        version=seen.limits.version(project),
    )


def _shared(quota: ProjectQuota, name: str) -> SharedLimit:
    limit, used = quota.shared.get(name, UNLIMITED), quota.total().get(name, 0)
    return SharedLimit(
        limit=limit, used=used, left=None if limit == UNLIMITED else max(0, limit - used)
    )
