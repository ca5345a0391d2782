"""The serial line of the demo's guest: what the guest itself sees."""

from __future__ import annotations

import os
import re
import select
import tty
from collections.abc import Callable
from itertools import count
from pathlib import Path
from time import monotonic, sleep
from types import TracebackType
from typing import Self

_AGAIN = 0.05


class GuestIsSilent(Exception):
    """The guest did not answer in time."""


class Guest:
    """A running guest, asked over its serial line. One at a time per guest."""

    def __init__(self, line: Path) -> None:
        self._fd = os.open(line, os.O_RDWR | os.O_NOCTTY | os.O_NONBLOCK)
        tty.setraw(self._fd)
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

    def wait_until_ready(self, within: float = 120.0) -> None:
        """Until its shell answers. Raises GuestIsSilent after so many seconds."""
        ends = monotonic() + within
        while True:
            try:
                self.ask("true", within=1.0)
            except GuestIsSilent:
                if monotonic() > ends:
                    raise
            else:
                return

    def ask(self, command: str, within: float = 30.0) -> str:
        """What ``command`` prints in the guest's shell. Raises GuestIsSilent."""
        token = next(self._tokens)
        os.write(self._fd, f"{token} {command}\n".encode())
        answer = re.compile(rf"<{token}\r?\n(.*?){token}>\d+\r?\n", re.DOTALL)
        ends = monotonic() + within
        while not (found := answer.search(self._heard)):
            self._hear(ends)
        self._heard = self._heard[found.end() :]
        return found[1].replace("\r", "").strip()

    def _hear(self, ends: float) -> None:
        left = ends - monotonic()
        if left <= 0 or not select.select([self._fd], [], [], left)[0]:
            raise GuestIsSilent(f"the guest's last words: {self._heard[-300:]!r}")
        self._heard += os.read(self._fd, 4096).decode(errors="replace")

    def vcpus(self) -> int:
        """Online ones."""
        return int(self.ask("nproc"))

    def memory_mib(self) -> int:
        """MemTotal: a little less than what it was given, its kernel keeps some."""
        return int(self.ask("grep MemTotal /proc/meminfo").split()[1]) // 1024

    def up(self) -> float:
        """Seconds since it booted."""
        return float(self.ask("cat /proc/uptime").split()[0])

    def wait_for(self, so: Callable[[Guest], bool], within: float = 20.0) -> bool:
        """Whether it comes to be so in as many seconds."""
        ends = monotonic() + within
        while not so(self):
            if monotonic() > ends:
                return False
            sleep(_AGAIN)
        return True
