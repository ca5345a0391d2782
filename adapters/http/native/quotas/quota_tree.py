"""/v1/quota-tree and /v1/projects/{id}/shared-quota: projects below projects, what they share."""

from __future__ import annotations

import msgspec
from litestar import Response

from adapters.http.gateway import body
from adapters.http.gateway.as_of import AsOf, SeenAsOf, seen_at
from adapters.http.gateway.dispatch import (
    Asking,
    actor_of,
    etag,
    expected_version,
)
from adapters.http.gateway.parts.reads import Reads
from adapters.http.gateway.policy import only_project, sees
from adapters.http.native import paging
from adapters.http.native.fields import After, Project, ProjectPath, Reason
from adapters.http.native.quotas.limits import limits_seen
from adapters.http.native.quotas.quota_body import QuotaBody
from adapters.http.native.routes import get, put
from commands.command import Command
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


@get("/v1/projects/{project:str}/shared-quota", may="see")
async def show_shared_quota(
    request: Asking, project: ProjectPath, reads: Reads, after: After = None, as_of: AsOf = None
) -> Response[SharedQuotaView]:
    """The limits that a project and all below it share, and what they use together."""
    seen = await limits_seen(request, reads, project, after, as_of)
    quota, version = seen.limits.quota(project), seen.limits.version(project)
    view = SharedQuotaView(
        project=project,
        parent=quota.parent,
        resources={name: _shared(quota, name) for name in COUNTED},
        version=version,
    )
    return Response(view, headers=etag(version) | seen.headers)


@put("/v1/projects/{project:str}/shared-quota", may="operate", reply=QuotaSet)
async def set_shared_quota(request: Asking, project: ProjectPath, asked: QuotaBody) -> Command:
    """Set what a project and all below it share; null: nothing is shared of that."""
    return SetSharedQuota(
        project=project,
        limits=asked.limits,
        force=asked.force,
        expected=expected_version(request),
        reason=asked.reason,
    )


@put("/v1/projects/{project:str}/parent", may="operate", reply=ProjectMoved)
async def move_project(request: Asking, project: ProjectPath, asked: ParentBody) -> Command:
    """Put a project below another one, with all that it and those below it use."""
    return MoveProject(
        project=project,
        parent=asked.parent,
        expected=expected_version(request),
        reason=asked.reason,
    )


@get("/v1/projects/{project:str}/quota-tree", may="see", heavy=True)
async def show_project_tree(
    request: Asking,
    project: ProjectPath,
    reads: Reads,
    after: After = None,
    as_of: AsOf = None,
    limit: paging.PageLimit = 100,
    cursor: paging.TextCursor = None,
) -> Response[Tree]:
    """A project and all below it, by id; who sees one project sees that one alone."""
    seen = await limits_seen(request, reads, project, after, as_of)
    if only_project(actor_of(request)) is None:
        await seen.trees()
    return _page(request, seen, seen.limits.tree(project), limit, cursor)


@get("/v1/quota-tree", may="see", heavy=True)
async def show_quota_tree(
    request: Asking,
    reads: Reads,
    after: After = None,
    as_of: AsOf = None,
    limit: paging.PageLimit = 100,
    cursor: paging.TextCursor = None,
) -> Response[Tree]:
    """All projects that stand below or above others, or share something, by id."""
    seen = await seen_at(reads, after, as_of)
    await seen.trees()
    return _page(request, seen, seen.limits.tree(None), limit, cursor)


def _page(
    request: Asking, seen: SeenAsOf, projects: list[str], limit: int, cursor: str | None
) -> Response[Tree]:
    actor, begin = actor_of(request), paging.text_of(cursor)
    visible = [name for name in projects if sees(actor, name) and name > begin]
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
