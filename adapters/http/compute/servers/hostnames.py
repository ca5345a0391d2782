"""The host name that Nova makes of a server's name (nova.utils.sanitize_hostname)."""

from __future__ import annotations

import re

_LONGEST = 63


def hostname_of(name: str) -> str:
    """Empty where nothing of the name is left."""
    latin = name.encode("latin-1", "ignore").decode("latin-1")[:_LONGEST]
    return re.sub(r"[^\w-]+", "", re.sub(r"[ _.]", "-", latin)).lower().strip("-")
