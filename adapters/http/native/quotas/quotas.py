"""/v1/projects/{id}/quota, and that of one user in it: the limits that are set for them."""

from __future__ import annotations

from litestar import Response

from adapters.http.gateway import body
from adapters.http.gateway.as_of import AsOf
from adapters.http.gateway.dispatch import Asking, etag, expected_version
from adapters.http.gateway.parts.reads import Reads
from adapters.http.native.fields import After, ProjectPath, UserPath, Why
from adapters.http.native.quotas.limits import limits_seen
from adapters.http.native.quotas.quota_body import QuotaBody
from adapters.http.native.routes import delete, get, put
from commands.command import Command
from commands.quotas.reset_quota import ResetQuota
from commands.quotas.set_quota import QuotaSet, SetQuota
from domain.shared.resources import Amounts
from projections.limits import ProjectLimits


class QuotaView(body.Body, frozen=True, kw_only=True):
    """``limits`` are in force (-1 is unlimited); ``own`` those set for the project itself."""

    project: str
    limits: Amounts
    own: Amounts
    version: int


class UserQuotaView(QuotaView, frozen=True, kw_only=True):
    """The same of one user in the project; ``own`` are those set for the user itself."""

    user: str


@get("/v1/projects/{project:str}/quota", may="see")
async def show_quota(
    request: Asking, project: ProjectPath, reads: Reads, after: After = None, as_of: AsOf = None
) -> Response[QuotaView]:
    """The limits of a project; of one without its own, the defaults."""
    seen = await limits_seen(request, reads, project, after, as_of)
    shown = seen.limits.of_project(project)
    view = QuotaView(
        project=project, limits=_in_force(shown), own=_own(shown), version=shown.version
    )
    return Response(view, headers=etag(shown.version) | seen.headers)


@put("/v1/projects/{project:str}/quota", may="operate", reply=QuotaSet)
async def set_quota(request: Asking, project: ProjectPath, asked: QuotaBody) -> Command:
    """Set a project's own limits; with If-Match only if nobody has changed them since."""
    return _set(request, asked, project)


@delete("/v1/projects/{project:str}/quota", may="operate", status=200, reply=QuotaSet)
async def reset_quota(request: Asking, project: ProjectPath, reason: Why = "") -> Command:
    """Take a project's own limits away, and those of its users: the defaults hold again."""
    return _reset(request, project, reason=reason)


@get("/v1/projects/{project:str}/users/{user:str}/quota", may="see")
async def show_user_quota(
    request: Asking,
    project: ProjectPath,
    user: UserPath,
    reads: Reads,
    after: After = None,
    as_of: AsOf = None,
) -> Response[UserQuotaView]:
    """The limits of one user in a project; of one without its own, the project's."""
    seen = await limits_seen(request, reads, project, after, as_of)
    shown = seen.limits.of_project(project, user)
    view = UserQuotaView(
        project=project,
        user=user,
        limits=_in_force(shown),
        own=seen.limits.quota(project).user(user).limits,
        version=shown.version,
    )
    return Response(view, headers=etag(shown.version) | seen.headers)


@put("/v1/projects/{project:str}/users/{user:str}/quota", may="operate", reply=QuotaSet)
async def set_user_quota(
    request: Asking, project: ProjectPath, user: UserPath, asked: QuotaBody
) -> Command:
    """Set the limits of one user in a project, none of them above the project's."""
    return _set(request, asked, project, user)


@delete(
    "/v1/projects/{project:str}/users/{user:str}/quota", may="operate", status=200, reply=QuotaSet
)
async def reset_user_quota(
    request: Asking, project: ProjectPath, user: UserPath, reason: Why = ""
) -> Command:
    """Take a user's own limits away: the project's hold again."""
    return _reset(request, project, user, reason=reason)


def _set(request: Asking, asked: QuotaBody, project: str, user: str = "") -> SetQuota:
    return SetQuota(
        project=project,
        limits=asked.limits,
        user=user,
        force=asked.force,
        expected=expected_version(request),
        reason=asked.reason,
    )


def _reset(request: Asking, project: str, user: str = "", *, reason: str) -> ResetQuota:
    return ResetQuota(project=project, user=user, expected=expected_version(request), reason=reason)


def _in_force(shown: ProjectLimits) -> Amounts:
    return {name: one.limit for name, one in shown.resources.items()}


def _own(shown: ProjectLimits) -> Amounts:
    return {name: one.limit for name, one in shown.resources.items() if one.own}
