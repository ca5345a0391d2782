"""Traits that a host must have, as flavors and images ask for them: ``trait:<NAME>=required``."""

from __future__ import annotations

import re
from collections.abc import Mapping

PREFIX = "trait:"

# As in os-traits: capital letters, digits and underscores, 255 at most.
_NAME = re.compile(r"[A-Z0-9_]{1,255}")


def fault(key: str, value: str) -> str | None:
    """What is wrong with an entry whose key begins with `PREFIX`; None: nothing."""
    if not _NAME.fullmatch(key.removeprefix(PREFIX)):
        return "a trait's name has capital letters, digits and underscores only"
    if value != "required":
        return "a trait can only be 'required'"
    return None


def required(*entries: Mapping[str, str]) -> tuple[str, ...]:
    """The traits that any of these extra specs or properties ask for, without prefix, sorted."""
    names = {key for one in entries for key, value in one.items() if value == "required"}
    return tuple(sorted(name.removeprefix(PREFIX) for name in names if name.startswith(PREFIX)))
