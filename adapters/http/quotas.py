"""/v1/projects/{id}/quota and /limits: what a project may use, and what it does."""

from __future__ import annotations

from litestar import Response, get, put
from litestar.di import NamedDependency

from adapters.http import body
from adapters.http.asking import Asking, actor_of, ask, etag, expected_version, reply, told
from adapters.http.fields import After, ProjectPath, Reason
from adapters.http.policy import must_see
from adapters.http.region import Region
from adapters.http.waiting import reach
from commands.set_quota import QuotaSet, SetQuota
from domain.resources import Amounts
from projections.limits import ProjectLimits


class QuotaView(body.Body, frozen=True, kw_only=True):
    """``limits`` are in force (-1 is unlimited); ``own`` those set for the project itself."""

    project: str
    limits: Amounts
    own: Amounts
    version: int


class QuotaBody(body.Body, frozen=True, kw_only=True):
    """``limits`` by resource: -1 is unlimited, null follows the defaults again; resources that are
    not named stay. ``force``: also below what is in use."""

    limits: dict[str, int | None]
    force: bool = False
    reason: Reason = ""


@get("/v1/projects/{project:str}/quota", name="show_quota")
async def show_quota(
    request: Asking,
    project: ProjectPath,
    region: NamedDependency[Region],
    after: After = None,
) -> Response[QuotaView]:
    """The limits of a project; of one without its own, the defaults."""
    shown = await _limits(request, region, project, after)
    resources = shown.resources.items()
    view = QuotaView(
        project=project,
        limits={name: one.limit for name, one in resources},
        own={name: one.limit for name, one in resources if one.own},
        version=shown.version,
    )
    return Response(view, headers=etag(shown.version))


@put("/v1/projects/{project:str}/quota", name="set_quota")
async def set_quota(
    request: Asking, project: ProjectPath, region: NamedDependency[Region]
) -> Response[bytes]:
    """Set a project's own limits; with If-Match only if nobody has changed them since."""
    asked = await body.read(request, QuotaBody)
    command = SetQuota(
        project=project,
        limits=asked.limits,
        force=asked.force,
        expected=expected_version(request),
        reason=asked.reason,
    )
    answer = await ask(region, request, command)
    return reply(answer, headers=etag(told(answer, QuotaSet).version))


@get("/v1/projects/{project:str}/limits", name="show_limits")
async def show_limits(
    request: Asking,
    project: ProjectPath,
    region: NamedDependency[Region],
    after: After = None,
) -> Response[ProjectLimits]:
    """Limit, usage and what is left, by resource."""
    shown = await _limits(request, region, project, after)
    return Response(shown, headers=etag(shown.version))


async def _limits(
    request: Asking, region: Region, project: str, after: int | None
) -> ProjectLimits:
    must_see(actor_of(request), project, what="project", id=project)
    await reach(region.readside, after)
    models = region.readside.models
    return models.limits.of_project(project, reserved=models.servers.reserved(project))
