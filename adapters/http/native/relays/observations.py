"""/v1/observations: what relays saw on hosts without having been asked."""

from __future__ import annotations

import asyncio

from adapters.http.gateway.dispatch import Asking, actor_of
from adapters.http.gateway.parts.context import Context
from adapters.http.gateway.parts.relays import Relays
from adapters.http.native.routes import post
from adapters.relay_wire import Observations
from commands.engine.sequencer import Sequencer
from domain.shared.errors import NotFound


@post("/v1/observations", may="report", status=204, keyed=False)
async def report_observations(
    request: Asking, asked: Observations, relays: Relays, context: Context, sequencer: Sequencer
) -> None:
    """Compare with the books. What is of the past, or known already, changes nothing, nor does what
    is of a server on another relay's host."""
    relay = actor_of(request)
    for host in asked.named_hosts():
        relays.must_report(relay, host)
    commands = [told.command() for told in asked.hosts]
    commands += [told.command(relays.hosts_of(relay)) for told in asked.servers]
    telling = [sequencer.ask(one, by=relay.name, because=context.new_id()) for one in commands]
    for told in await asyncio.gather(*telling, return_exceptions=True):
        if isinstance(told, Exception) and not isinstance(told, NotFound):
            raise told
