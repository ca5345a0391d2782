"""/v1/observations: what relays saw on hosts without having been asked."""

from __future__ import annotations

import asyncio

from adapters.http.gateway.dispatch import Asking, actor_of
from adapters.http.gateway.parts.context import Context
from adapters.http.native.routes import post
from adapters.relay_wire import Observations
from commands.engine.sequencer import Sequencer
from domain.shared.errors import NotFound


@post("/v1/observations", may="report", status=204, keyed=False)
async def report_observations(
    request: Asking, asked: Observations, context: Context, sequencer: Sequencer
) -> None:
    """Compare with the books. What is of the past, or known already, changes nothing."""
    by = actor_of(request).name
    commands = [told.command() for told in asked.hosts]
    commands += [told.command() for told in asked.servers]
    telling = [sequencer.ask(one, by=by, because=context.new_id()) for one in commands]
    for told in await asyncio.gather(*telling, return_exceptions=True):
        if isinstance(told, Exception) and not isinstance(told, NotFound):
            raise told
