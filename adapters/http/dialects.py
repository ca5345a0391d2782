"""The APIs that are served: the one place where they are named."""

from __future__ import annotations

from adapters.http.compute.dialect import Compute
from adapters.http.dialect import Dialect
from adapters.http.native.dialect import Native
from adapters.settings import Settings


def dialects(settings: Settings) -> tuple[Dialect, ...]:
    """A new one is a folder, and a line here."""
    return (
        Native(),
        Compute(over_quota=settings.over_quota_status),
    )
