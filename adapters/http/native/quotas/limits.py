"""/v1/projects/{id}/limits: what a project, or one user in it, may use, and what it does."""

from __future__ import annotations

from litestar import Response

from adapters.http.gateway.as_of import AsOf, SeenAsOf, seen_at
from adapters.http.gateway.dispatch import Asking, actor_of, etag
from adapters.http.gateway.parts.reads import Reads
from adapters.http.gateway.policy import must_see
from adapters.http.native.fields import After, ProjectPath, UserPath
from adapters.http.native.routes import get
from projections.limits import ProjectLimits


@get("/v1/projects/{project:str}/limits", may="see")
async def show_limits(
    request: Asking, project: ProjectPath, reads: Reads, after: After = None, as_of: AsOf = None
) -> Response[ProjectLimits]:
    """Limit, usage, what of that is reserved, and what is left, by resource."""
    return await _limits(request, reads, project, None, after, as_of)


@get("/v1/projects/{project:str}/users/{user:str}/limits", may="see")
async def show_user_limits(
    request: Asking,
    project: ProjectPath,
    user: UserPath,
    reads: Reads,
    after: After = None,
    as_of: AsOf = None,
) -> Response[ProjectLimits]:
    """The same of one user in the project."""
    return await _limits(request, reads, project, user, after, as_of)


async def limits_seen(
    request: Asking, reads: Reads, project: str, after: int | None, as_of: str | None
) -> SeenAsOf:
    """The books of a project that the caller may see, now or then. Raises NotFound, NotThereYet,
    NotYet, BodyInvalid, Unavailable."""
    must_see(actor_of(request), project, what="project", id=project)
    return await seen_at(reads, after, as_of, project)


async def _limits(
    request: Asking,
    reads: Reads,
    project: str,
    user: str | None,
    after: int | None,
    as_of: str | None,
) -> Response[ProjectLimits]:
    seen = await limits_seen(request, reads, project, after, as_of)
    reserved = await seen.reserved(project, user)
    shown = seen.limits.of_project(project, user, reserved)
    return Response(shown, headers=etag(shown.version) | seen.headers)
