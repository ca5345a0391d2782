"""Processes of our own: started, waited for on a condition, ended by their numbers."""

from __future__ import annotations

import os
import select
import shutil
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path

from adapters.demo.progress import of_process, waited

_END = 20.0  # seconds; a relay finishes the calls that it has begun


class ChildFailed(Exception):
    """A process of the region ended, or does not get ready. The text ends with its last words."""


class Child:
    """One ``ullage`` command in a process of its own; what it says goes to ``log``.

    ``environment`` is all that it gets.
    """

    def __init__(self, words: list[str], *, environment: Mapping[str, str], log: Path) -> None:
        self.name = words[0]
        self._log = log
        # The kernel then ends it when we are gone, however we went.
        ends_with_us = ["setpriv", "--pdeathsig", "TERM"] if shutil.which("setpriv") else []
        with log.open("wb") as said:
            self._process = subprocess.Popen(
                [*ends_with_us, sys.executable, "-m", "adapters.cli", *words],
                env=dict(environment),
                stdin=subprocess.DEVNULL,
                stdout=said,
                stderr=said,
                # Ctrl-C is for us: we then stop it in our own order.
                start_new_session=True,
            )

    @property
    def pid(self) -> int:
        return self._process.pid

    def wait_until(self, ready: Callable[[], bool], *, patience: float = 60.0) -> None:
        """Wait until ``ready``. Raises ChildFailed when it has ended, or makes no progress for
        ``patience`` seconds."""

        def ready_or_dead() -> bool:
            self.check()
            return ready()

        def progress() -> object:
            return of_process(self.pid, self._log)

        if not waited(ready_or_dead, progress=progress, patience=patience):
            raise ChildFailed(
                f"`ullage {self.name}` was waited for, and is not ready: {self._last_words()}"
            )

    def check(self) -> None:
        """Check that it still runs. Raises ChildFailed."""
        if self._ended(0):
            raise ChildFailed(f"`ullage {self.name}` ended: {self._last_words()}")

    def stop(self) -> None:
        """Ask it to end; after a bounded wait it is killed."""
        self._process.terminate()
        if not self._ended(_END):
            self._process.kill()
            self._process.wait()

    def _ended(self, within: float) -> bool:
        try:
            self._process.wait(within)
        except subprocess.TimeoutExpired:
            return False
        return True

    def _last_words(self) -> str:
        lines = self._log.read_text(errors="replace").splitlines()[-5:]
        return "\n".join([*lines, f"(all of it: {self._log})"])


@contextmanager
def running(words: list[str], *, environment: Mapping[str, str], log: Path) -> Iterator[Child]:
    child = Child(words, environment=environment, log=log)
    try:
        yield child
    finally:
        child.stop()


def watch(watched: Sequence[Child]) -> None:
    """Until one of them ends, which none should. Raises ChildFailed."""
    files = [os.pidfd_open(child.pid) for child in watched]
    try:
        # A process's file becomes readable when the process ends.
        select.select(files, [], [])
    finally:
        for file in files:
            os.close(file)
    for child in watched:
        child.check()


@contextmanager
def undisturbed() -> Iterator[None]:
    """Stopping takes bounded time: whoever is impatient is asked to wait for it."""
    numbers = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)
    before = [signal.signal(number, signal.SIG_IGN) for number in numbers]
    try:
        yield
    finally:
        for number, handler in zip(numbers, before, strict=True):
            signal.signal(number, handler)
