"""``?as_of=<position or time>``: what is shown is as it was then, answered from the log."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Annotated, TypeVar

from litestar.params import QueryParameter

from adapters.http.gateway.moments import moment_of
from adapters.http.gateway.region import Region
from adapters.http.gateway.waiting import reach, reach_tables
from adapters.readside.past import Past
from adapters.texts import AS_OF
from domain.shared.resources import Amounts
from projections.limits import Limits

T = TypeVar("T")

AsOf = Annotated[
    str | None,
    QueryParameter(
        max_length=40,
        pattern=AS_OF,
        description="As it was then: a position of the log, or a time as 2026-01-31T12:00:00Z.",
    ),
]


@dataclass(eq=False)
class NotYet(Exception):
    """Nobody knows what is still to come."""

    asked: str
    head: int
    now: datetime

    def __str__(self) -> str:
        return (
            f"as_of={self.asked} is still to come: "
            f"the log ends at position {self.head}, and it is {self.now.isoformat()}."
        )


class SeenAsOf:
    """The books as they are now, or, of the project that is asked for, as they were."""

    def __init__(self, region: Region, past: Past | None) -> None:
        self._region = region
        self.past = past

    @property
    def limits(self) -> Limits:
        return self.past.limits if self.past else self._region.readside.models.limits

    @property
    def headers(self) -> dict[str, str]:
        return told_of(self.past)

    async def reserved(self, project: str, user: str | None) -> Amounts:
        if self.past is None:
            return self._region.readside.models.servers.reserved(project, user)
        past = self.past
        return await self._region.read(lambda: past.reserved(project, user))

    async def trees(self) -> None:
        """Have all projects in the books that stand below others, or share something."""
        if self.past:
            await self._region.read(self.past.enter_trees)


def told_of(past: Past | None) -> dict[str, str]:
    """The header that says as of which position an answer is, where it is not now."""
    return {"ullage-position": str(past.position)} if past else {}


async def seen_at(
    region: Region, after: int | None, as_of: str | None, project: str | None = None
) -> SeenAsOf:
    """The books: now, or then; then of ``project`` and all above it. Raises NotThereYet, NotYet,
    BodyInvalid, Unavailable."""
    past = await past_at(region, after, as_of)
    if past:
        await region.read(past.enter_class)
        await region.read(lambda: past.enter(project))
    return SeenAsOf(region, past)


async def past_at(region: Region, after: int | None, as_of: str | None) -> Past | None:
    """None: as it is now, and not older than ``after``. Raises NotThereYet, NotYet, BodyInvalid,
    Unavailable."""
    await reach(region.readside, after)
    if as_of is None:
        return None
    position = await _position(region, as_of)
    # The tables say which things there were.
    await reach_tables(region.readside, position)
    return region.past(position)


async def then(region: Region, past: Past, look: Callable[[Past], T]) -> T:
    """Look at the past, in a thread. Raises Unavailable."""
    return await region.read(lambda: look(past))


async def _position(region: Region, as_of: str) -> int:
    head, now = await region.head(), region.now()
    if as_of.isdigit():
        if int(as_of) > head:
            raise NotYet(asked=as_of, head=head, now=now)
        return int(as_of)
    at = moment_of(as_of, "as_of")
    if at > now:
        raise NotYet(asked=as_of, head=head, now=now)
    return await region.read(lambda: region.reader.position_at(at))
