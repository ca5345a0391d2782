"""Another account than ours: what it can reach, what is made its own, and how it is called."""

from __future__ import annotations

import os
import pwd
import subprocess
from pathlib import Path

import msgspec


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


def name(user: int) -> str:
    """The account's name, or its number where it has none."""
    try:
        return pwd.getpwuid(user).pw_name
    except KeyError:
        return f"uid {user}"
