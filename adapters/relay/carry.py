"""One message to its hypervisor, and what became of it."""

from __future__ import annotations

import re
from contextlib import suppress
from datetime import UTC, datetime
from typing import NamedTuple

from adapters.hypervisors import driver
from adapters.hypervisors.driver import Driver, Found
from adapters.hypervisors.hosts import Hosts, HostUnknown
from adapters.reports import Failed, Outcome, ReadBack
from domain.size import Size
from projections.outbox import Ask

_CONTROL = re.compile(r"[\x00-\x1f\x7f]+")


class Again(NamedTuple):
    """It is to be asked again. ``sent``: this time it may have reached the hypervisor.
    ``unreachable``: the host did not answer at all, so its whole lane rests."""

    sent: bool
    unreachable: bool
    why: str


def carry(ask: Ask, hosts: Hosts, *, call_seconds: float) -> Outcome | Again:
    """Never raises: whatever happens is an outcome, or a reason to ask again."""
    try:
        return _call(ask, hosts.driver(ask.host), call_seconds)
    except (driver.Refused, HostUnknown) as e:
        return _refused(ask, hosts, plain(e))
    except driver.Unavailable as e:
        down = isinstance(e, driver.Unreachable)
        return Again(sent=False, unreachable=down, why=plain(e))
    except driver.OutcomeUnknown as e:
        return Again(sent=True, unreachable=False, why=plain(e))
    except Exception as bug:  # noqa: BLE001 (a driver's bug: what it did is not known)
        return Again(sent=True, unreachable=False, why=f"{type(bug).__name__}: {plain(bug)}")


def _refused(ask: Ask, hosts: Hosts, why: str) -> Outcome | Again:
    """A first attempt that was refused has changed nothing. An earlier one may have: then only
    what can be read back is believed."""
    if ask.ask == "reconfigure" and not ask.sent_before:
        return Failed(server=ask.server, operation=ask.operation, reason=why)
    with suppress(driver.Failure, HostUnknown):
        return _read_back(ask, hosts.driver(ask.host).inspect(ask.server), why)
    return Again(sent=True, unreachable=False, why=why)


def _call(ask: Ask, host: Driver, call_seconds: float) -> Outcome | Again:
    if ask.ask == "read-back":
        return _read_back(ask, host.inspect(ask.server), "")
    left = (ask.deadline - datetime.now(UTC)).total_seconds()
    if left <= 0:  # it waited behind others; nobody expects a change any more
        return Again(sent=ask.sent_before, unreachable=False, why="its deadline has passed")
    done = host.reconfigure(
        ask.server,
        operation=ask.operation,
        to=Size(ask.vcpus, ask.memory_mib),
        within=max(1.0, min(call_seconds, left)),
    )
    return _read_back(ask, done.found, done.shortfall or "")


def _read_back(ask: Ask, found: Found, shortfall: str) -> ReadBack:
    asked = Size(ask.vcpus, ask.memory_mib)
    return ReadBack(
        server=ask.server,
        operation=ask.operation,
        size=found.allocated,
        guest=found.guest,
        envelope=found.envelope,
        shortfall=plain(shortfall) or f"read back as {found.allocated}, {asked} was asked",
    )


def plain(error: object) -> str:
    """A hypervisor's words as one line without control characters, 1000 bytes at most."""
    text = _CONTROL.sub(" ", str(error)).strip().encode(errors="replace")
    return text[:1000].decode(errors="ignore")
