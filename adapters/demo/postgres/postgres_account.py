"""As whom the embedded PostgreSQL runs: as us, or for root as a harmless account."""

from __future__ import annotations

import os
import pwd
import subprocess
from pathlib import Path

import msgspec

_KNOWN = ("postgres", "nobody")


class NotStarted(Exception):
    """The embedded PostgreSQL cannot be started. Its text says why, and what helps."""


class Account(msgspec.Struct, frozen=True):
    """What ``subprocess`` is told about who runs a program; all None: whoever runs us."""

    user: int | None = None
    group: int | None = None
    extra_groups: tuple[int, ...] | None = None

    def __str__(self) -> str:
        return name(os.geteuid() if self.user is None else self.user)

    def can(self, *command: str) -> bool:
        """Whether it can run the command. The kernel knows best: modes are not everything."""
        try:
            done = subprocess.run(
                command,
                cwd="/",
                check=False,
                capture_output=True,
                user=self.user,
                group=self.group,
                extra_groups=self.extra_groups,
            )
        except OSError:
            return False
        return done.returncode == 0

    def take(self, path: Path) -> None:
        """Make one file or folder its own; nothing where it is us."""
        if self.user is not None and self.group is not None:
            os.chown(path, self.user, self.group, follow_symlinks=False)


def for_root(folder: Path) -> Account:
    """Who runs it on ``folder`` when we are root: its owner, so that root and he can take turns.

    Raises NotStarted when it has no such owner and there is no account known to be harmless.
    """
    if folder.exists() and (was := folder.stat()).st_uid != 0:
        return Account(was.st_uid, was.st_gid, ())
    for known in _KNOWN:
        try:
            entry = pwd.getpwnam(known)
        except KeyError:
            continue
        return Account(entry.pw_uid, entry.pw_gid, ())
    raise NotStarted(f"PostgreSQL refuses to run as root, and none of {_KNOWN} exists")


def name(user: int) -> str:
    """The account's name, or its number where it has none."""
    try:
        return pwd.getpwuid(user).pw_name
    except KeyError:
        return f"uid {user}"
