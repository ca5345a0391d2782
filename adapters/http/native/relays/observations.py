"""/v1/observations: what relays saw on hosts without having been asked."""

from __future__ import annotations

import asyncio

from litestar import post
from litestar.di import NamedDependency

from adapters.http.gateway import body
from adapters.http.gateway.dispatch import Asking, actor_of
from adapters.http.gateway.region import Region
from adapters.relay_wire import Observations
from domain.shared.errors import NotFound


@post("/v1/observations", name="report_observations", status_code=204)
async def report_observations(request: Asking, region: NamedDependency[Region]) -> None:
    """Compare with the books. What is of the past, or known already, changes nothing."""
    reported = await body.read(request, Observations)
    by = actor_of(request).name
    commands = [told.command() for told in reported.hosts]
    commands += [told.command() for told in reported.servers]
    asked = [region.sequencer.ask(one, by=by, because=region.new_id()) for one in commands]
    for told in await asyncio.gather(*asked, return_exceptions=True):
        if isinstance(told, Exception) and not isinstance(told, NotFound):
            raise told
