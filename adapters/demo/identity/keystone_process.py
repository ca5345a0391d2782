"""A genuine Keystone in a process and a folder of its own: its start and its end."""

from __future__ import annotations

import importlib.util
import os
import signal
import socket
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from subprocess import DEVNULL, PIPE
from time import monotonic, sleep
from typing import Any, Self

import httpx
import msgspec

_START = 60.0  # seconds
_AGAIN = 0.05
_CONFIG = """
[DEFAULT]
log_file = {folder}/keystone.log
[database]
connection = sqlite:///{folder}/keystone.db
[fernet_tokens]
key_repository = {folder}/keys
[fernet_receipts]
key_repository = {folder}/keys
[identity]
password_hash_rounds = 4
"""


class KeystoneFailed(Exception):
    """Keystone is not there, does not start, or refuses. The text says which, and why."""


class KeystoneProcess:
    """One process on a loopback port. Several of them may share a folder, and so all books.

    ``password`` is its admin's. Everything raises KeystoneFailed.
    """

    def __init__(self, folder: Path, nursery: subprocess.Popen[str], *, password: str) -> None:
        self.folder = folder
        self.port = _free_port()
        self.url = f"http://127.0.0.1:{self.port}"
        self.nursery = nursery
        self.password = password
        self._config = folder / "keystone.conf"
        self._client = httpx.Client(base_url=f"{self.url}/v3", timeout=30, trust_env=False)
        self._process = 0

    def prepare(self) -> Self:
        """Schema, keys, and what Keystone's own bootstrap makes: the domain, its admin, roles."""
        self._config.write_text(_CONFIG.format(folder=self.folder))
        owner = ["--keystone-user", str(os.getuid()), "--keystone-group", str(os.getgid())]
        made = ["--bootstrap-password", self.password, "--bootstrap-region-id", "RegionOne"]
        made += ["--bootstrap-public-url", f"{self.url}/v3"]
        for words in (["db_sync"], ["fernet_setup", *owner], ["bootstrap", *made]):
            if self._done(manage=words) != 0:
                raise KeystoneFailed(f"keystone-manage {words[0]} failed: {self._said()}")
        return self

    def start(self, *, expiration: int = 3600) -> Self:
        """On the same port as before. Its tokens live for ``expiration`` seconds."""
        self._process = self._done(port=self.port, expiration=expiration)
        self._wait(self._answers)
        return self

    def kill(self) -> None:
        if self._process:
            os.kill(self._process, signal.SIGKILL)
            self._process = 0
            self._wait(lambda: not self._answers())

    def _done(self, **asked: Any) -> int:
        """What the nursery answers."""
        line = msgspec.json.encode({"config": str(self._config), **asked}).decode()
        if not (self.nursery.stdin and self.nursery.stdout):
            raise KeystoneFailed("its nursery has no pipes")
        self.nursery.stdin.write(f"{line}\n")
        self.nursery.stdin.flush()
        if not (answer := self.nursery.stdout.readline()):
            raise KeystoneFailed("its nursery ended: is the package keystone whole?")
        return int(answer)

    def _wait(self, so: Callable[[], bool]) -> None:
        ends = monotonic() + _START
        while not so():
            if monotonic() > ends:
                raise KeystoneFailed(f"no answer in {_START:g} seconds: {self._said()}")
            sleep(_AGAIN)

    def _answers(self) -> bool:
        try:
            return self._client.get("").is_success
        except httpx.TransportError:
            return False

    def _said(self) -> str:
        return (self.folder / "keystone.log").read_text()[-2000:]


def _free_port() -> int:
    with socket.socket() as tried:
        tried.bind(("127.0.0.1", 0))
        return int(tried.getsockname()[1])


@contextmanager
def nursing() -> Iterator[subprocess.Popen[str]]:
    """The process of which Keystone's are children: all of them end with it, and it with us."""
    if importlib.util.find_spec("keystone") is None:
        raise KeystoneFailed("the Python package keystone is not installed")
    command = [sys.executable, "-m", "adapters.demo.identity.keystone_nursery"]
    nursery = subprocess.Popen(
        command, stdin=PIPE, stdout=PIPE, stderr=DEVNULL, text=True, start_new_session=True
    )
    try:
        yield nursery
    finally:
        nursery.communicate()
