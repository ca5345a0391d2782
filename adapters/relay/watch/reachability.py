"""Whether one host answers: logged once on change, and noted for operators to see."""

from __future__ import annotations

import logging
from contextlib import suppress

import psycopg

from adapters.hypervisors.driver import Failure
from adapters.relay.carry.carry import plain
from adapters.relay.watch.watch_books import NotClaimed, WatchBooks

_log = logging.getLogger(__name__)


class Reachability:
    def __init__(self, host: str, books: WatchBooks) -> None:
        self._host = host
        self._books = books
        self._away = False

    def lost(self, why: Failure) -> None:
        """It does not answer, or lets nobody in. Noted at each attempt, so that a note which the
        database did not take is made up for."""
        if not self._away:
            _log.warning("host %s is unreachable: %s", self._host, why)
        self._away = True
        with suppress(NotClaimed, psycopg.Error):
            self._books.away(self._host, plain(why))

    def answered(self) -> None:
        """Also where it was not lost here: another process may have noted that it was. Raises
        NotClaimed, psycopg.Error."""
        if self._away:
            _log.info("host %s is reachable again", self._host)
        self._away = False
        self._books.answers(self._host)
