"""Waiting for a process that starts: as long as it gets on, and not for a fixed time."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from time import monotonic, sleep

_AGAIN = 0.05
_MOST = 10  # times its patience: what never gets ready may keep busy all the same
_CPU = slice(11, 13)  # ticks in user and system mode, after the name in proc_pid_stat(5)


def waited(ready: Callable[[], bool], *, progress: Callable[[], object], patience: float) -> bool:
    """Whether it got ready. False when ``progress`` was the same for ``patience`` seconds, which a
    busy machine does not cause, or after ten times as long."""
    last, gives_up, ends = progress(), monotonic() + patience, monotonic() + _MOST * patience
    while not ready():
        sleep(_AGAIN)
        if monotonic() > ends:
            return False
        if (now := progress()) != last:
            last, gives_up = now, monotonic() + patience
        elif monotonic() > gives_up:
            return False
    return True


def of_process(pid: int, log: Path) -> tuple[int, int]:
    """How far a process has come: the CPU time that it has used, and how much it has logged."""
    ticks = size = 0
    with suppress(OSError):  # it may have ended
        fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
        ticks = sum(int(field) for field in fields[_CPU])
    with suppress(OSError):
        size = log.stat().st_size
    return ticks, size
