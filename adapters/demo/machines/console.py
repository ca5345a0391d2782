"""The serial line of the demo's guest: what the guest itself sees."""

from __future__ import annotations

import os
import re
import select
import termios
import tty
from collections.abc import Callable
from contextlib import suppress
from itertools import count
from pathlib import Path
from time import monotonic, sleep
from types import TracebackType
from typing import Self, TypeVar
from uuid import UUID

from adapters.demo.machines.last_words import last_words
from adapters.demo.progress import waited

_AGAIN = 0.05

T = TypeVar("T")


class CannotReadGuest(Exception):
    """The guest's console does not tell what it was asked; the text says what it told instead."""


class GuestIsSilent(CannotReadGuest):
    """The guest did not answer in time."""


class Guest:
    """A running guest, asked over its serial line. One at a time per guest.

    ``log`` is where all is kept that the line ever said, also while nobody listened.
    ``progress`` differs from one call to the next as long as the guest does anything. Everything
    raises CannotReadGuest.
    """

    def __init__(
        self, line: Path, *, log: Path | None = None, progress: Callable[[], object] = lambda: None
    ) -> None:
        self._line = line
        self._log = log
        self._progress = progress
        try:
            self._fd = os.open(line, os.O_RDWR | os.O_NOCTTY | os.O_NONBLOCK)
            tty.setraw(self._fd)
        except (OSError, termios.error) as e:
            raise CannotReadGuest(f"{line} cannot be opened: {e}") from e
        self._heard = ""
        self._tokens = (f"q{os.getpid()}-{n}" for n in count())

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.close()

    def close(self) -> None:
        os.close(self._fd)

    def wait_until_ready(self, patience: float = 30.0) -> None:
        """Until its shell answers, as long as it gets on. Raises GuestIsSilent when it did nothing
        for ``patience`` seconds, or after ten times as long."""
        if not waited(self._answers, progress=self._how_far, patience=patience):
            raise GuestIsSilent(
                f"The guest's shell was waited for, and does not answer on {self._line}. "
                f"The guest's last words: {self.last_words()}"
            )

    def _answers(self) -> bool:
        try:
            self.ask("true", within=1.0)
        except GuestIsSilent:
            return False
        return True

    def _how_far(self) -> tuple[int, object]:
        return len(self._heard), self._progress()

    def last_words(self) -> str:
        """The last lines on its console, or those of its kernel's last panic."""
        said = self._heard
        if self._log:
            with suppress(OSError):
                said = self._log.read_text(errors="replace")
        return last_words(said)

    def ask(self, command: str, within: float = 30.0) -> str:
        """What ``command`` prints in the guest's shell. Raises GuestIsSilent."""
        token = next(self._tokens)
        self._say(f"{token} {command}\n")
        answer = re.compile(rf"<{token}\r?\n(.*?){token}>\d+\r?\n", re.DOTALL)
        ends = monotonic() + within
        while not (found := answer.search(self._heard)):
            self._hear(ends)
        self._heard = self._heard[found.end() :]
        return found[1].replace("\r", "").strip()

    def _say(self, line: str) -> None:
        try:
            os.write(self._fd, line.encode())
        except OSError as e:  # its other end is gone, or nobody has read it for long
            raise GuestIsSilent(f"{self._line} takes nothing: {e.strerror}") from e

    def _hear(self, ends: float) -> None:
        left = ends - monotonic()
        if left <= 0 or not select.select([self._fd], [], [], left)[0]:
            raise GuestIsSilent(f"The guest's last words: {self.last_words()}")
        try:
            heard = os.read(self._fd, 4096)
        except OSError as e:
            raise CannotReadGuest(f"{self._line} cannot be read: {e.strerror}") from e
        if not heard:
            raise CannotReadGuest(f"{self._line} ended: nothing runs behind it")
        self._heard += heard.decode(errors="replace")

    def vcpus(self) -> int:
        """Online ones."""
        return self._told("nproc", int)

    def memory_mib(self) -> int:
        """MemTotal: a little less than what it was given, its kernel keeps some."""
        return self._told("grep MemTotal /proc/meminfo", lambda line: int(line.split()[1])) // 1024

    def up(self) -> float:
        """Seconds since it booted."""
        return self._told("cat /proc/uptime", lambda line: float(line.split()[0]))

    def boot(self) -> UUID:
        """Which boot it is: another one after each start, and the same after a move."""
        return self._told("cat /proc/sys/kernel/random/boot_id", UUID)

    def _told(self, command: str, meant: Callable[[str], T]) -> T:
        """Raises CannotReadGuest where the answer is none."""
        answer = self.ask(command)
        try:
            return meant(answer)
        except (ValueError, IndexError) as e:
            raise CannotReadGuest(f"`{command}` was answered with {answer!r}") from e

    def wait_for(self, so: Callable[[Guest], bool], within: float = 20.0) -> bool:
        """Whether it comes to be so in as many seconds."""
        ends = monotonic() + within
        while not so(self):
            if monotonic() > ends:
                return False
            sleep(_AGAIN)
        return True
