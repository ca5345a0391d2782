"""psycopg's errors as the library's, as its own recorders raise them, and those as the engine's."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

import psycopg
from eventsourcing.persistence import (
    IntegrityError,
    InterfaceError,
    OperationalError,
    PersistenceError,
)
from psycopg_pool import PoolTimeout

from adapters.eventlog.writing_line import NotDurable
from commands.engine.store import WriterLost


@contextmanager
def translated() -> Iterator[None]:
    """Raises the library's errors for psycopg's."""
    try:
        yield
    except psycopg.errors.DivisionByZero as e:  # see term.CHECK
        raise OperationalError("the term is over: another process leads") from e
    except psycopg.IntegrityError as e:
        raise IntegrityError(e.diag.constraint_name or str(e)) from e
    except NotDurable as e:
        raise OperationalError(str(e)) from e
    except psycopg.InterfaceError as e:
        raise InterfaceError(str(e)) from e
    except psycopg.OperationalError as e:
        raise OperationalError(str(e)) from e
    except psycopg.Error as e:
        raise PersistenceError(str(e)) from e


AWAY = (
    InterfaceError,
    OperationalError,
    psycopg.OperationalError,
    psycopg.InterfaceError,
    PoolTimeout,
)


@contextmanager
def lost() -> Iterator[None]:
    """Turn every error of an unreachable database into WriterLost."""
    try:
        yield
    except AWAY as e:
        raise WriterLost(str(e)) from e
