"""What a killed PostgreSQL leaves behind in its data folder, ended before the next one starts."""

from __future__ import annotations

import os
import select
import signal
import time
from collections.abc import Iterable
from contextlib import suppress
from pathlib import Path


def clear(data: Path, *, within: float) -> None:
    """End every process that still works on ``data``, and remove the note of a dead postmaster.

    Only for who holds the folder's lock: then a postmaster that still runs has lost its owner.
    It is asked to shut down, and backends without a postmaster to end; after ``within`` seconds
    they are killed, which PostgreSQL recovers from. Raises TimeoutError if that does not help.
    """
    note = data / "postmaster.pid"
    left = _processes(data)
    postmaster = _noted(note)
    if postmaster in left:
        _send(signal.SIGINT, [postmaster])
    else:
        _send(signal.SIGTERM, left)
    if not ended(left, within=within):
        # A postmaster that went in the meantime may have left others than we first saw.
        left = _processes(data)
        _send(signal.SIGKILL, left)
        if not ended(left, within=within):
            raise TimeoutError(f"processes {sorted(left)} do not let go of {data}")
    # Its number may meanwhile be another process's, and PostgreSQL would then refuse to start.
    note.unlink(missing_ok=True)


def ended(processes: Iterable[int], *, within: float) -> bool:
    """Wait at most ``within`` seconds until all are gone. They need not be our children."""
    until = time.monotonic() + within
    return all(_has_ended(process, within=until - time.monotonic()) for process in processes)


def _has_ended(process: int, *, within: float) -> bool:
    try:
        file = os.pidfd_open(process)
    except ProcessLookupError:
        return True
    try:
        # A process's file becomes readable when the process ends.
        ending = select.poll()
        ending.register(file, select.POLLIN)
        return bool(ending.poll(max(0.0, within) * 1000))
    finally:
        os.close(file)


def _processes(data: Path) -> set[int]:
    """Whoever has ``data`` as its working folder: each of PostgreSQL's processes has."""
    found = set()
    for entry in Path("/proc").iterdir():
        # Other people's processes cannot be read, and processes come and go.
        with suppress(OSError):
            if entry.name.isdecimal() and (entry / "cwd").readlink() == data:
                found.add(int(entry.name))
    return found - {os.getpid()}


def _noted(note: Path) -> int:
    """The postmaster's number as it wrote it down; -1 where there is none."""
    try:
        return int(note.read_text().partition("\n")[0])
    except (FileNotFoundError, ValueError):
        return -1


def _send(what: signal.Signals, processes: Iterable[int]) -> None:
    for process in processes:
        with suppress(ProcessLookupError):
            os.kill(process, what)
