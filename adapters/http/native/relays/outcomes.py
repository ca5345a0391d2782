"""/v1/outcomes: what relays report of the hypervisors' answers."""

from __future__ import annotations

import asyncio

from litestar import post
from litestar.di import NamedDependency

from adapters.http.gateway import body
from adapters.http.gateway.dispatch import Asking, actor_of
from adapters.http.gateway.region import Region
from adapters.relay_wire import Outcomes
from domain.shared.errors import NotFound


@post("/v1/outcomes", name="report_outcomes", status_code=204)
async def report_outcomes(request: Asking, region: NamedDependency[Region]) -> None:
    """End these operations. One that has ended already stays as it ended."""
    reported = await body.read(request, Outcomes)
    by = actor_of(request).name
    asked = [
        region.sequencer.ask(outcome.command(), by=by, because=region.new_id())
        for outcome in reported.outcomes
    ]
    for told in await asyncio.gather(*asked, return_exceptions=True):
        if isinstance(told, Exception) and not isinstance(told, NotFound):
            raise told
