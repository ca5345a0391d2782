"""/v1/servers/{id}/resize: another flavor, by way of a restart; then confirmed or reverted."""

from __future__ import annotations

from uuid import UUID

from litestar import Response, post
from litestar.di import NamedDependency
from litestar.params import FromPath

from adapters.http.gateway import body
from adapters.http.gateway.dispatch import Asking, actor_of, ask, reply, told
from adapters.http.gateway.policy import must_be_let_consent
from adapters.http.gateway.region import Region
from adapters.http.native.ending import ended_or_accepted
from adapters.http.native.fields import Name, Reason
from adapters.http.native.servers.building import must_see_flavor
from adapters.http.native.servers.servers import WhyBody, visible
from commands.command import Command
from commands.scaling.resize_server import ConfirmResize, ResizeServer, RevertResize
from commands.servers.power_server import OperationAccepted


class ResizeBody(body.Body, frozen=True, kw_only=True):
    flavor: Name
    reason: Reason = ""


@post("/v1/servers/{server:uuid}/resize", name="resize_server", status_code=202)
async def resize_server(
    request: Asking, server: FromPath[UUID], region: NamedDependency[Region]
) -> Response[bytes]:
    """Give a server another flavor; it is restarted, so the token must be let consent to that."""
    asked = await body.read(request, ResizeBody)
    visible(request, region, server)
    must_see_flavor(request, region, asked.flavor)
    command = ResizeServer(
        server=server,
        flavor=asked.flavor,
        operation=region.new_id(),
        deadline=region.deadline(),
        reason=asked.reason,
    )
    return await _accepted(request, region, command)


@post("/v1/servers/{server:uuid}/resize/confirm", name="confirm_resize", status_code=200)
async def confirm_resize(
    request: Asking, server: FromPath[UUID], region: NamedDependency[Region]
) -> Response[bytes]:
    """It keeps its new flavor: what was held for going back is given back."""
    asked = await body.read(request, WhyBody)
    visible(request, region, server)
    return reply(await ask(region, request, ConfirmResize(server=server, reason=asked.reason)))


@post("/v1/servers/{server:uuid}/resize/revert", name="revert_resize", status_code=202)
async def revert_resize(
    request: Asking, server: FromPath[UUID], region: NamedDependency[Region]
) -> Response[bytes]:
    """Back to the flavor that it had, by way of another restart."""
    asked = await body.read(request, WhyBody)
    visible(request, region, server)
    command = RevertResize(
        server=server,
        operation=region.new_id(),
        deadline=region.deadline(),
        reason=asked.reason,
    )
    return await _accepted(request, region, command)


async def _accepted(request: Asking, region: Region, command: Command) -> Response[bytes]:
    must_be_let_consent(actor_of(request), "restart")
    answer = await ask(region, request, command)
    accepted = told(answer, OperationAccepted)
    return await ended_or_accepted(region, request, answer, accepted.operation)
