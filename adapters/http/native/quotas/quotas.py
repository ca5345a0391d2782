"""/v1/projects/{id}/quota, and that of one user in it: the limits that are set for them."""

from __future__ import annotations

from litestar import Response, delete, get, put
from litestar.di import NamedDependency

from adapters.http.gateway import body
from adapters.http.gateway.as_of import AsOf
from adapters.http.gateway.dispatch import Asking, ask, etag, expected_version, reply, told
from adapters.http.gateway.region import Region
from adapters.http.native.fields import After, ProjectPath, Reason, UserPath, Why
from adapters.http.native.quotas.limits import limits_seen
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


class QuotaBody(body.Body, frozen=True, kw_only=True):
    """``limits`` by resource: -1 is unlimited, null follows the defaults again, or those of the
    project if they are a user's; resources that are not named stay. ``force``: also below what is
    in use."""

    limits: dict[str, int | None]
    force: bool = False
    reason: Reason = ""


@get("/v1/projects/{project:str}/quota", name="show_quota")
async def show_quota(
    request: Asking,
    project: ProjectPath,
    region: NamedDependency[Region],
    after: After = None,
    as_of: AsOf = None,
) -> Response[QuotaView]:
    """The limits of a project; of one without its own, the defaults."""
    seen = await limits_seen(request, region, project, after, as_of)
    shown = seen.limits.of_project(project)
    view = QuotaView(
        project=project, limits=_in_force(shown), own=_own(shown), version=shown.version
    )
    return Response(view, headers=etag(shown.version) | seen.headers)


@put("/v1/projects/{project:str}/quota", name="set_quota")
async def set_quota(
    request: Asking, project: ProjectPath, region: NamedDependency[Region]
) -> Response[bytes]:
    """Set a project's own limits; with If-Match only if nobody has changed them since."""
    return await _set(request, region, project)


@delete("/v1/projects/{project:str}/quota", name="reset_quota", status_code=200)
async def reset_quota(
    request: Asking, project: ProjectPath, region: NamedDependency[Region], reason: Why = ""
) -> Response[bytes]:
    """Take a project's own limits away, and those of its users: the defaults hold again."""
    return await _reset(request, region, project, reason=reason)


@get("/v1/projects/{project:str}/users/{user:str}/quota", name="show_user_quota")
async def show_user_quota(
    request: Asking,
    project: ProjectPath,
    user: UserPath,
    region: NamedDependency[Region],
    after: After = None,
    as_of: AsOf = None,
) -> Response[UserQuotaView]:
    """The limits of one user in a project; of one without its own, the project's."""
    seen = await limits_seen(request, region, project, after, as_of)
    shown = seen.limits.of_project(project, user)
    view = UserQuotaView(
        project=project,
        user=user,
        limits=_in_force(shown),
        own=seen.limits.quota(project).user(user).limits,
        version=shown.version,
    )
    return Response(view, headers=etag(shown.version) | seen.headers)


@put("/v1/projects/{project:str}/users/{user:str}/quota", name="set_user_quota")
async def set_user_quota(
    request: Asking, project: ProjectPath, user: UserPath, region: NamedDependency[Region]
) -> Response[bytes]:
    """Set the limits of one user in a project, none of them above the project's."""
    return await _set(request, region, project, user)


@delete(
    "/v1/projects/{project:str}/users/{user:str}/quota", name="reset_user_quota", status_code=200
)
async def reset_user_quota(
    request: Asking,
    project: ProjectPath,
    user: UserPath,
    region: NamedDependency[Region],
    reason: Why = "",
) -> Response[bytes]:
    """Take a user's own limits away: the project's hold again."""
    return await _reset(request, region, project, user, reason=reason)


async def _set(request: Asking, region: Region, project: str, user: str = "") -> Response[bytes]:
    asked = await body.read(request, QuotaBody)
    command = SetQuota(
        project=project,
        limits=asked.limits,
        user=user,
        force=asked.force,
        expected=expected_version(request),
        reason=asked.reason,
    )
    answer = await ask(region, request, command)
    return reply(answer, headers=etag(told(answer, QuotaSet).version))


async def _reset(
    request: Asking, region: Region, project: str, user: str = "", *, reason: str
) -> Response[bytes]:
    command = ResetQuota(
        project=project, user=user, expected=expected_version(request), reason=reason
    )
    answer = await ask(region, request, command)
    return reply(answer, headers=etag(told(answer, QuotaSet).version))


def _in_force(shown: ProjectLimits) -> Amounts:
    return {name: one.limit for name, one in shown.resources.items()}


def _own(shown: ProjectLimits) -> Amounts:
    return {name: one.limit for name, one in shown.resources.items() if one.own}
