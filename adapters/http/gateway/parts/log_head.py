"""Where the log ends, looked at once for all who ask at a moment."""

from __future__ import annotations

import asyncio

from adapters.eventlog.store import EventLog
from commands.engine.request import Unavailable
from commands.engine.store import WriterLost


class LogHead:
    """For readiness, which anybody may ask: on the region's own connections, so that nobody who
    reads is in front of it, and never more than one look at a time."""

    def __init__(self, log: EventLog) -> None:
        self._log = log
        self._looking: asyncio.Future[int] | None = None

    @property
    def unfit(self) -> str | None:
        """What keeps this process from leading; None: nothing does."""
        return self._log.unfit

    @property
    def forked(self) -> bool:
        """Whether the log lacks what this process has read in it."""
        return self._log.forked is not None

    async def position(self) -> int:
        """The position of the last fact, whoever wrote it. Raises Unavailable."""
        if self._looking is None or self._looking.done():
            self._looking = asyncio.ensure_future(asyncio.to_thread(self._log.head))
        try:
            return await asyncio.shield(self._looking)
        except WriterLost as e:
            raise Unavailable from e
