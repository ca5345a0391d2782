"""/v1/outcomes: what relays report of the hypervisors' answers."""

from __future__ import annotations

import asyncio

from adapters.http.gateway.dispatch import Asking, actor_of
from adapters.http.gateway.parts.context import Context
from adapters.http.native.routes import post
from adapters.relay_wire import Outcomes
from commands.engine.sequencer import Sequencer
from domain.shared.errors import NotFound


@post("/v1/outcomes", may="report", status=204, keyed=False)
async def report_outcomes(
    request: Asking, asked: Outcomes, context: Context, sequencer: Sequencer
) -> None:
    """End these operations. One that has ended already stays as it ended."""
    by = actor_of(request).name
    telling = [
        sequencer.ask(outcome.command(), by=by, because=context.new_id())
        for outcome in asked.outcomes
    ]
    for told in await asyncio.gather(*telling, return_exceptions=True):
        if isinstance(told, Exception) and not isinstance(told, NotFound):
            raise told
