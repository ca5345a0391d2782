"""The demo's folder: made, used by one demo at a time, and renewed when an earlier one left it."""

from __future__ import annotations

import fcntl
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO

from adapters.demo.database import CannotRun, Say


@contextmanager
def alone(folder: Path, say: Say) -> Iterator[None]:
    """The folder is this process's meanwhile. Says so where an earlier demo has left its files.

    Raises CannotRun where it is no folder that can be written to, or another demo runs in it.
    """
    with _opened(folder) as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError as e:
            raise CannotRun(
                f"Another demo, process {_number(lock)}, runs in {folder}: stop it, or give this "
                "one a folder of its own: --folder FOLDER."
            ) from e
        if _number(lock):
            say(f"An earlier demo ran in {folder}: its files are used again")
        _note(lock)
        yield


def _opened(folder: Path) -> IO[str]:
    """Raises CannotRun."""
    try:
        folder.mkdir(parents=True, exist_ok=True)
        return (folder / "lock").open("a+")
    except FileExistsError as e:
        raise _unfit(folder, "it is a file") from e
    except OSError as e:
        raise _unfit(folder, f"{e.strerror} ({e.filename})") from e


def _unfit(folder: Path, why: str) -> CannotRun:
    return CannotRun(
        f"{folder} cannot be the demo's folder: {why}. Name another one: --folder FOLDER."
    )


def _number(lock: IO[str]) -> str:
    """Of the process that took it last; empty if none did."""
    lock.seek(0)
    return lock.read().strip()


def _note(lock: IO[str]) -> None:
    lock.truncate(0)
    lock.write(f"{os.getpid()}\n")
    lock.flush()
