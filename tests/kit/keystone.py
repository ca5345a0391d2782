"""The genuine Keystone of the tests, and what only they do to it."""

from __future__ import annotations

import os
import signal
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from adapters.demo.identity.genuine_keystone import (
    SYSTEM,
    GenuineKeystone,
    TokenScope,
)
from adapters.demo.identity.keystone_process import nursing

__all__ = ["PASSWORD", "SYSTEM", "Keystone", "TokenScope", "alongside", "of", "serving"]

PASSWORD = "hush-7c1d"  # noqa: S105 (of every user of the tests' own Keystone)


class Keystone(GenuineKeystone):
    """Stopped, forgotten and revoked at will."""

    def __init__(self, folder: Path, nursery: subprocess.Popen[str]) -> None:
        super().__init__(folder, nursery, password=PASSWORD)

    @contextmanager
    def hanging(self) -> Iterator[None]:
        """It takes connections and answers nothing."""
        os.kill(self._process, signal.SIGSTOP)
        try:
            yield
        finally:
            os.kill(self._process, signal.SIGCONT)

    def change_password(self, name: str) -> None:
        """To another, and back: all tokens of the user are revoked with each."""
        user = self.user(name)
        for password in (f"{PASSWORD}-other", PASSWORD):
            self._asked("PATCH", f"/users/{user}", body={"user": {"password": password}})

    def remove(self, path: str) -> None:
        self._asked("DELETE", path)

    def revoke(self, token: str) -> None:
        self._asked("DELETE", "/auth/tokens", {"x-subject-token": token})


def of(project: str) -> TokenScope:
    return {"project": {"id": project}}


@contextmanager
def serving(folder: Path) -> Iterator[Keystone]:
    with nursing() as nursery:
        yield Keystone(folder, nursery).prepare().start()


@contextmanager
def alongside(keystone: Keystone, *, expiration: int) -> Iterator[Keystone]:
    """Another process on the same books, whose tokens live for so many seconds."""
    other = Keystone(keystone.folder, keystone.nursery)
    try:
        yield other.start(expiration=expiration)
    finally:
        other.kill()
