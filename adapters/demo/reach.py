"""Where what root starts as another account keeps its files, so that the account can reach them.

Nothing outside the demo's own folders gets other permissions: what cannot be reached is put
elsewhere.
"""

from __future__ import annotations

import hashlib
import os
from pathlib import Path

from adapters.demo.account import Account

ELSEWHERE = Path("/var/lib/ullage")


def stand_in(asked: Path) -> Path:
    """The folder that stands in for one that is out of reach; always the same for it."""
    return ELSEWHERE / hashlib.sha256(os.fsencode(asked)).hexdigest()[:12]


def make_open(folder: Path) -> None:
    """Make the folder and its parents where they are not there, and let others pass them."""
    for path in (*reversed(folder.parents), folder):
        if not path.exists():
            path.mkdir(exist_ok=True)
            # A strict umask would shut the other account out of what was just made for it.
            path.chmod(0o755)


def can_enter(account: Account, folder: Path) -> bool:
    return account.can("test", "-x", str(folder))
