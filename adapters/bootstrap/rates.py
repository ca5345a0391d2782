"""What the settings say of how much each tenant may ask for in a time."""

from __future__ import annotations

from adapters.http.gateway.rates.limits import Rates
from adapters.settings import Settings


def rates(settings: Settings) -> Rates:
    """Those that are not named are the defaults.

    What a process gives its gateway: it knows settings, which the gateway does not.
    """
    return Rates(
        limits=settings.default_rate_limits,
        burst_seconds=settings.rate_burst_seconds,
        heavy_at_once=settings.heavy_reads_at_once,
        heavy_waiting=settings.heavy_reads_waiting,
        pause_seconds=settings.rate_pause_seconds,
    )
