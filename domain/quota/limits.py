"""What a limit may be: -1 for unlimited, or a count."""

from __future__ import annotations

from collections.abc import Mapping

from domain.shared.errors import LimitInvalid, ResourceUnknown
from domain.shared.resources import RESOURCES, UNLIMITED

# As Nova keeps its limits: a signed 32 bit integer.
MOST = 2**31 - 1


def check(limits: Mapping[str, int | None]) -> None:
    """Check names and values; None: no limit of its own. Raises ResourceUnknown, LimitInvalid."""
    for name, limit in limits.items():
        if name not in RESOURCES:
            raise ResourceUnknown(resource=name)
        if limit is not None and not UNLIMITED <= limit <= MOST:
            raise LimitInvalid(resource=name, limit=limit)
