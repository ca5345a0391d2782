"""/v1/outcomes: what relays report of the hypervisors' answers."""

from __future__ import annotations

import asyncio

from adapters.http.gateway.dispatch import Asking, actor_of
from adapters.http.gateway.parts.context import Context
from adapters.http.gateway.parts.relays import Relays
from adapters.http.native.routes import post
from adapters.relay_wire import Outcomes
from commands.engine.sequencer import Sequencer
from domain.shared.errors import NotFound


@post("/v1/outcomes", may="report", status=204, keyed=False)
async def report_outcomes(
    request: Asking, asked: Outcomes, relays: Relays, context: Context, sequencer: Sequencer
) -> None:
    """End these operations. One that has ended already stays as it ended, and one of a server on
    another relay's host as it is."""
    relay = actor_of(request)
    hosts = relays.hosts_of(relay)
    telling = [
        sequencer.ask(outcome.command(hosts), by=relay.name, because=context.new_id())
        for outcome in asked.outcomes
    ]
    for told in await asyncio.gather(*telling, return_exceptions=True):
        if isinstance(told, Exception) and not isinstance(told, NotFound):
            raise told
