"""The tokens that live, in memory: read again every few seconds, and believed as long as set."""

from __future__ import annotations

import logging
import threading
import time
from collections.abc import Callable
from typing import LiteralString

import psycopg

from adapters.connections import BRIEF, connect
from adapters.readside.waiters import Waiters
from adapters.tokens import Actor, digest

_log = logging.getLogger(__name__)

# A revoked token is refused after this many seconds at the latest.
_REFRESH = 2.0
# Nobody has the table read more often than this, whatever tokens they invent.
_GATHER = 0.05
_PATIENCE = 1.0
BELIEVED = 60.0
"""Seconds."""

_LIVE: LiteralString = """
SELECT hash, name, role, project, consents FROM tokens WHERE revoked_at IS NULL
"""


class TokensOutdated(Exception):
    """The database cannot be asked since long which tokens were revoked: none is believed."""

    def __str__(self) -> str:
        return (
            "The database cannot be reached, so that nobody knows which tokens were revoked. "
            "Nothing was done; try again."
        )


class Tokens:
    """All live tokens, in memory. A token made a moment ago is looked for at once."""

    def __init__(
        self,
        dsn: str,
        *,
        believed: float = BELIEVED,
        elapsed: Callable[[], float] = time.monotonic,
    ) -> None:
        """``believed``: seconds for which tokens hold while they cannot be read again."""
        self._dsn = dsn
        self._believed = believed
        self._elapsed = elapsed
        self._read_at = elapsed()
        self._live: dict[bytes, Actor] = {}
        self._begun = self._done = 0
        self._wanted = threading.Event()
        self._waiters = Waiters()
        self._stopping = threading.Event()
        self._thread = threading.Thread(target=self._run, name="tokens", daemon=True)

    def start(self) -> None:
        self._thread.start()

    def stop(self) -> None:
        self._stopping.set()
        self._wanted.set()
        self._thread.join()

    async def find(self, token: str) -> Actor | None:
        """The same as `actor`; one that is not known is looked for again, with all others that are
        looked for at this moment. Raises TokensOutdated."""
        if (known := self.actor(token)) is None:
            next_ = self._begun + 1
            self._wanted.set()
            await self._waiters.until(lambda: self._done >= next_, _PATIENCE)
            known = self.actor(token)
        return known

    def actor(self, token: str) -> Actor | None:
        """None for what is no live token. Raises TokensOutdated."""
        if self.outdated:
            raise TokensOutdated
        return self._live.get(digest(token))

    @property
    def outdated(self) -> bool:
        """Whether nobody knows what has been revoked for longer than is borne."""
        return self._elapsed() - self._read_at > self._believed

    def refresh(self) -> None:
        """Read all live tokens again. Raises psycopg.Error."""
        asked = self._elapsed()
        with connect(self._dsn, patience=BRIEF) as connection:
            rows = connection.execute(_LIVE).fetchall()
        self._live = {
            bytes(hash_): Actor(
                name=name, user=name, role=role, home=project, consents=frozenset(consents)
            )
            for hash_, name, role, project, consents in rows
        }
        self._read_at = asked

    def _run(self) -> None:
        while not self._stopping.is_set():
            self._wanted.clear()
            self._begun += 1
            try:
                self.refresh()
            except psycopg.Error as e:
                _log.warning("tokens are as they were: %s", e)
            self._done = self._begun
            self._waiters.seen()
            self._stopping.wait(_GATHER)
            self._wanted.wait(_REFRESH - _GATHER)
