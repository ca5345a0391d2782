"""The host name of a server, and the one that Nova makes of a name.

As nova.utils.sanitize_hostname.
"""

from __future__ import annotations

import re

from domain.server import Server

_LONGEST = 63


def hostname_of(name: str) -> str:
    """Empty where nothing of the name is left."""
    latin = name.encode("latin-1", "ignore").decode("latin-1")[:_LONGEST]
    return re.sub(r"[^\w-]+", "", re.sub(r"[ _.]", "-", latin)).lower().strip("-")


def hostname(server: Server) -> str:
    """What was said when it was built, or later; of one that was not built here, what Nova would
    make of its name."""
    return server.description.hostname or hostname_of(server.name) or "server"
