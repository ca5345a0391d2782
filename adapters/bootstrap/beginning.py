"""Begins a serving process as soon as its database can be used, and says what it waits for."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable

import psycopg
from psycopg.conninfo import make_conninfo
from psycopg.pq import PGconn, Ping

from adapters import schema
from adapters.bootstrap.process import Process
from adapters.settings import Settings
from commands.engine.store import WriterLost

_log = logging.getLogger(__name__)

_AGAIN = 0.5
_PATIENCE = 5
_WHY = {
    Ping.REJECT: "PostgreSQL is starting, recovering or shutting down, and takes no connections.",
    Ping.NO_RESPONSE: "PostgreSQL does not answer.",
}
_FAILED = (psycopg.OperationalError, WriterLost)
_STANDBY = "PostgreSQL is in recovery, and cannot be written."


class DatabaseAway(Exception):
    """The database cannot be used yet. ``why`` is for everybody to read, the text for operators."""

    def __init__(self, why: str, error: Exception) -> None:
        super().__init__(f"{why} ({' '.join(str(error).split())})")
        self.why = why


def begin(settings: Settings) -> Process:
    """One that was started. Raises DatabaseAway, DatabaseUnfit, psycopg.Error."""
    try:
        return _begun(settings)
    except psycopg.errors.ReadOnlySqlTransaction as e:
        raise DatabaseAway(_STANDBY, e) from e
    except _FAILED as e:
        if why := away(settings.dsn):
            raise DatabaseAway(why, e) from e
        raise


def away(dsn: str) -> str | None:
    """Why no connection is taken now; None: some are, so that it is not for being away that one
    failed."""
    asked = make_conninfo(dsn, connect_timeout=_PATIENCE)
    return _WHY.get(Ping(PGconn.ping(asked.encode())))


async def begin_when_there(
    settings: Settings, stopping: asyncio.Event, say: Callable[[str], None]
) -> Process | None:
    """Try until it begins; None: ``stopping`` came first. ``say`` is told what is waited for, the
    log once for each reason. Raises DatabaseUnfit, psycopg.Error."""
    said = ""
    while not stopping.is_set():
        try:
            return await asyncio.to_thread(_twice, settings)
        except DatabaseAway as e:
            say(e.why)
            if e.why != said:
                _log.warning("waiting for the database: %s", e)
            said = e.why
        try:
            await asyncio.wait_for(stopping.wait(), _AGAIN)
        except TimeoutError:
            continue
    return None


def _twice(settings: Settings) -> Process:
    """It may have come between a connection that failed and the question why."""
    try:
        return begin(settings)
    except _FAILED:
        return begin(settings)


def _begun(settings: Settings) -> Process:
    schema.bring_up(settings.dsn)
    process = Process(settings)
    try:
        process.start()
    except BaseException:
        process.stop()
        raise
    return process
