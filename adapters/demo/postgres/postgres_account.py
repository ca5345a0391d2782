"""As whom the embedded PostgreSQL runs where root starts it: as a harmless account."""

from __future__ import annotations

import pwd
from pathlib import Path

from adapters.demo.account import Account

_KNOWN = ("postgres", "nobody")


class NotStarted(Exception):
    """The embedded PostgreSQL cannot be started. Its text says why, and what helps."""


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
