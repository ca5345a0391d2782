"""Real processes of the program: started, killed without a word, started again."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
import weakref
from collections.abc import Callable, Mapping
from pathlib import Path
from time import monotonic, sleep

import httpx

_RUN = "from adapters.cli import main; main()"


class Program:
    """One ``ullage`` process. Its words go to a file that a failing test can show."""

    def __init__(self, verb: str, environ: Mapping[str, str], log: Path) -> None:
        self._verb = verb
        self._environ = {**os.environ, **environ}
        self.log = log
        self._process: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        with self.log.open("ab") as words:
            self._process = subprocess.Popen(
                [sys.executable, "-c", _RUN, self._verb],
                env=self._environ,
                stdin=subprocess.DEVNULL,
                stdout=words,
                stderr=words,
            )

    @property
    def runs(self) -> bool:
        return self._process is not None and self._process.poll() is None

    def send(self, number: signal.Signals) -> None:
        if self._process is not None and self.runs:
            self._process.send_signal(number)

    def kill(self) -> None:
        self.send(signal.SIGKILL)
        self._wait()

    def stop(self) -> None:
        self.send(signal.SIGTERM)
        try:
            self._wait()
        except subprocess.TimeoutExpired:
            self.kill()
            raise

    def _wait(self) -> None:
        if self._process is not None:
            self._process.wait(30)


class Serving(Program):
    """``ullage serve`` on a port of its own."""

    def __init__(self, environ: Mapping[str, str], folder: Path) -> None:
        self.port = free_port()
        self.api = f"http://127.0.0.1:{self.port}"
        own = {"ULLAGE_PORT": str(self.port), "ULLAGE_API": self.api}
        super().__init__("serve", {**environ, **own}, folder / f"serve-{self.port}.log")
        # One for all questions: a new one loads certificates, which takes longer than the answer.
        self.client = httpx.Client(
            base_url=self.api,
            timeout=30.0,
            verify=False,  # noqa: S501
            trust_env=False,
        )
        weakref.finalize(self, self.client.close)

    def role(self) -> str | None:
        try:
            answer = self.client.get("/healthz", timeout=2.0)
        except httpx.HTTPError:
            return None
        return str(answer.json()["role"])

    def until(self, *roles: str) -> str:
        """Wait until the process is in one of these roles."""
        wait_until(lambda: self.role() in roles, what=f"{self.api} is {roles}", log=self.log)
        return str(self.role())


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def wait_until(
    condition: Callable[[], object], *, what: str, log: Path | None = None, within: float = 60.0
) -> float:
    """Seconds it took until ``condition()`` was true; fails after ``within``."""
    began = monotonic()
    while not condition():
        if monotonic() - began > within:
            words = log.read_text(errors="replace")[-4000:] if log and log.exists() else ""
            raise AssertionError(f"not within {within} s: {what}\n{words}")
        sleep(0.01)
    return monotonic() - began
