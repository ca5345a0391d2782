"""One request to the Compute door as its handler gets it, and what that may answer."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import Any

import msgspec

from adapters.http.compute.gateway.links import Links
from adapters.http.compute.gateway.microversions import V
from adapters.http.compute.gateway.validation import Query
from adapters.http.gateway.dispatch import Asking, actor_of, ask
from adapters.http.gateway.parts.context import Context
from adapters.http.gateway.parts.parts import Parts
from adapters.http.gateway.parts.reads import Reads
from adapters.tokens import Actor
from commands.command import Command
from commands.engine.store import Answer


class Call(msgspec.Struct, frozen=True, kw_only=True, gc=False):
    """One request, checked: its path's parameters as text, its query and its body as the schemas
    have them."""

    request: Asking
    parts: Parts
    reads: Reads
    at: V
    path: dict[str, str]
    query: Query
    body: Any = None

    @property
    def context(self) -> Context:
        return self.parts.context

    @property
    def actor(self) -> Actor:
        return actor_of(self.request)

    @property
    def links(self) -> Links:
        return Links(self.request.scope)

    def one(self, name: str) -> str | None:
        """The last value of a query parameter."""
        values = self.query.get(name)
        return values[-1] if values else None

    async def ask(self, command: Command) -> Answer:
        """Ask the sequencer in the caller's name. Raises all that the sequencer does."""
        answer = await ask(self.parts.sequencer, self.request, command)
        self.request.scope["state"]["position"] = answer.position
        return answer


class ComputeAnswer(msgspec.Struct, frozen=True, kw_only=True, gc=False):
    """An answer with another status than the route's own, or with headers of its own."""

    body: Any = None
    status: int | None = None
    headers: dict[str, str] = {}


Handle = Callable[[Call], Awaitable[Any]]
