"""One message to its hypervisor, and what became of it."""

from __future__ import annotations

import re
from contextlib import suppress
from time import monotonic
from typing import NamedTuple

import msgspec

from adapters.hypervisors import failures
from adapters.hypervisors.driver import Build, Driver, Found
from adapters.hypervisors.registry import DriverRegistry, HostUnknown
from adapters.relay.carry.locate import seen, where_it_is
from adapters.relay_wire import Absent, Failed, ReadBack, ReportedOutcome
from domain.shared.size import Size
from projections.outbox.asks import Details
from projections.outbox.lanes import Message

_CONTROL = re.compile(r"[\x00-\x1f\x7f]+")

# What takes longer than a change of size, in units of its time.
_LONGER = {"migrate": 10.0, "restart": 4.0, "build": 4.0, "stop": 4.0, "delete": 4.0, "start": 2.0}

_details = msgspec.json.Decoder(Details).decode


class Again(NamedTuple):
    """It is to be asked again. ``sent``: this time it may have reached the hypervisor.
    ``unreachable``: the host did not answer at all, so its whole lane rests."""

    sent: bool
    unreachable: bool
    why: str


def carry(ask: Message, hosts: DriverRegistry, *, call_seconds: float) -> ReportedOutcome | Again:
    """Never raises: whatever happens is an outcome, or a reason to ask again."""
    try:
        return _call(ask, hosts, call_seconds)
    except (failures.DriverRefused, HostUnknown) as e:
        return _refused(ask, hosts, plain(e), no_capacity=isinstance(e, failures.NoCapacity))
    except failures.DriverUnavailable as e:
        down = isinstance(e, failures.Unreachable)
        return Again(sent=False, unreachable=down, why=plain(e))
    except failures.DriverOutcomeUnknown as e:
        return Again(sent=True, unreachable=False, why=plain(e))
    except Exception as bug:  # noqa: BLE001 (a driver's bug: what it did is not known)
        return Again(sent=True, unreachable=False, why=f"{type(bug).__name__}: {plain(bug)}")


def _refused(
    ask: Message, hosts: DriverRegistry, why: str, *, no_capacity: bool
) -> ReportedOutcome | Again:
    """A first attempt that was refused has changed nothing. An earlier one may have: then only
    what can be read back is believed."""
    if ask.ask != "read-back" and not ask.sent_before:
        return Failed.of(ask, reason=why, no_capacity=no_capacity)
    with suppress(failures.Failure, HostUnknown):
        return _look(ask, hosts, why)
    return Again(sent=True, unreachable=False, why=why)


def _call(ask: Message, hosts: DriverRegistry, call_seconds: float) -> ReportedOutcome | Again:
    if ask.ask == "read-back":
        return _look(ask, hosts, "")
    left = ask.expires - monotonic()
    if left <= 0:  # it waited behind others; nobody expects a change any more
        return Again(sent=ask.sent_before, unreachable=False, why="its deadline has passed")
    within = max(1.0, min(call_seconds * _LONGER.get(ask.ask, 1.0), left))
    return _do(ask, hosts, hosts.driver(ask.host), within)


def _do(ask: Message, hosts: DriverRegistry, host: Driver, within: float) -> ReportedOutcome:
    match ask.ask:
        case "reconfigure" | "restart":
            change = host.reconfigure if ask.ask == "reconfigure" else host.restart
            done = change(ask.server, operation=ask.operation, to=_size(ask), within=within)
            return _read_back(ask, ask.host, done.found, done.shortfall or "")
        case "migrate":
            to = ask.to_host or ask.host
            found = host.migrate(
                ask.server, hosts.driver(to), operation=ask.operation, within=within
            )
            return _read_back(ask, to, found, "")
        case "build":
            return _read_back(ask, ask.host, host.build(_build(ask), within=within), "")
        case "start":
            return _read_back(ask, ask.host, host.start(ask.server, within=within), "")
        case "stop":
            return _read_back(ask, ask.host, host.stop(ask.server, within=within), "")
        case _:
            host.delete(ask.server, within=within)
            return _absent(ask, "")


def _build(ask: Message) -> Build:
    details = _details(ask.details)
    return Build(
        server=ask.server,
        name=details.name,
        size=_size(ask),
        ceiling=details.ceiling,
        template=details.template,
        memory_by="virtio-mem" if details.memory_by == "virtio-mem" else "dimm",
    )


def _look(ask: Message, hosts: DriverRegistry, why: str) -> ReportedOutcome:
    """What the server is now, wherever it is."""
    found = where_it_is(ask, hosts)
    return _read_back(ask, found[0], found[1], why) if found else _absent(ask, why)


def _size(ask: Message) -> Size:
    if ask.size is None:
        raise ValueError(f"a {ask.ask} without a size")
    return ask.size


def _absent(ask: Message, why: str) -> Absent:
    return Absent.of(ask, reason=why)


def _read_back(ask: Message, host: str, found: Found, shortfall: str) -> ReadBack:
    return ReadBack.of(ask, seen=seen(host, found), shortfall=plain(shortfall))


def plain(error: object) -> str:
    """A hypervisor's words as one line without control characters, 1000 bytes at most."""
    text = _CONTROL.sub(" ", str(error)).strip().encode(errors="replace")
    return text[:1000].decode(errors="ignore")
