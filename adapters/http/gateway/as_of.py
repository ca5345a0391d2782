"""``?as_of=<position or time>``: what is shown is as it was then, answered from the log."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Annotated, TypeVar

from litestar.params import QueryParameter

from adapters.http.gateway.moments import moment_of
from adapters.http.gateway.parts.reads import Reads
from adapters.readside.past import Past
from adapters.texts import AS_OF
from domain.shared.resources import Amounts
from projections.limits import Limits

T = TypeVar("T")

_SETTLED = timedelta(seconds=1)
"""After this long what was decided at a time is in the log, however busy its writer is; only a
commit that PostgreSQL holds up for longer comes after it."""
_APART = timedelta(milliseconds=500)
"""What is to come no later than this is waited for."""

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


@dataclass(eq=False)
class BeforeBeginning(Exception):
    """There was no region then, so that nothing can be said of it."""

    asked: str
    began: datetime | None

    def __str__(self) -> str:
        if self.began is None:
            return f"as_of={self.asked} is before the region began: its log is still empty."
        return (
            f"as_of={self.asked} is before the region began: "
            f"its log begins at position 1, at {self.began.isoformat()}."
        )


class SeenAsOf:
    """The books as they are now, or, of the project that is asked for, as they were."""

    def __init__(self, reads: Reads, past: Past | None) -> None:
        self._reads = reads
        self.past = past

    @property
    def limits(self) -> Limits:
        return self.past.limits if self.past else self._reads.models.limits

    @property
    def headers(self) -> dict[str, str]:
        return told_of(self.past)

    async def reserved(self, project: str, user: str | None) -> Amounts:
        """What is held for them beside what they use. Raises Unavailable."""
        if self.past is None:
            return self._reads.models.servers.reserved(project, user)
        past = self.past
        return await self._reads.read(lambda: past.reserved(project, user))

    async def trees(self) -> None:
        """Have all projects in the books that stand below others, or share something."""
        if self.past:
            await self._reads.read(self.past.enter_trees)


def told_of(past: Past | None) -> dict[str, str]:
    """The header that says as of which position an answer is, where it is not now."""
    return {"ullage-position": str(past.position)} if past else {}


async def seen_at(
    reads: Reads, after: int | None, as_of: str | None, project: str | None = None
) -> SeenAsOf:
    """The books: now, or then; then of ``project`` and all above it. Raises NotThereYet, NotYet,
    BeforeBeginning, BodyInvalid, Unavailable."""
    past = await past_at(reads, after, as_of)
    if past:
        await reads.read(past.enter_class)
        await reads.read(lambda: past.enter(project))
    return SeenAsOf(reads, past)


async def past_at(reads: Reads, after: int | None, as_of: str | None) -> Past | None:
    """None: as it is now, and not older than ``after``. Raises NotThereYet, NotYet,
    BeforeBeginning, BodyInvalid, Unavailable."""
    await reads.reach(after)
    if as_of is None:
        return None
    position = await _position(reads, as_of)
    if position == 0:
        raise BeforeBeginning(asked=as_of, began=await reads.read(reads.reader.began))
    # The tables say which things there were.
    await reads.reach_tables(position)
    return reads.past(position)


async def then(reads: Reads, past: Past, look: Callable[[Past], T]) -> T:
    """Look at the past, in a thread. Raises Unavailable."""
    return await reads.read(lambda: look(past))


async def _position(reads: Reads, as_of: str) -> int:
    """Of the last fact at that time; 0: there was none yet. Raises NotYet, BodyInvalid,
    Unavailable."""
    if as_of.isdigit():
        if int(as_of) > (head := await reads.head()):
            raise NotYet(asked=as_of, head=head, now=reads.now())
        return int(as_of)
    asked = moment_of(as_of, "as_of")
    last = await reads.read(reads.reader.ended)
    if last is None or asked > last:
        await _is_over(reads, as_of, asked)
    return await reads.read(lambda: reads.reader.position_at(asked))


async def _is_over(reads: Reads, as_of: str, asked: datetime) -> None:
    """Wait until nothing can be recorded any more that is dated then. Raises NotYet, Unavailable.

    What is being written at this moment bears the time at which it was decided. No two clocks are
    quite together: the now of a caller may be ours in a moment.
    """
    if (at := reads.now()) < asked - _APART:
        raise NotYet(asked=as_of, head=await reads.head(), now=at)
    await asyncio.sleep(max(0.0, (asked + _SETTLED - at).total_seconds()))
