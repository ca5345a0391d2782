"""Compares what a host shows with what stands in the books.

The books are read first. Whatever we do ourselves to a server in the meantime moves its version on,
and by that the leader knows what was seen as of the past: so no change of ours is ever drift,
however late the tables are, or the look at the host.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from uuid import UUID

import msgspec

from adapters.hypervisors.driver import Driver, Found
from adapters.hypervisors.failures import Gone
from adapters.relay.carry.carry import plain
from adapters.relay.carry.locate import seen
from adapters.relay.watch.watch_books import WatchBooks
from adapters.relay_wire import HostTold, Observation
from domain.hosts.host import HostRead
from domain.server import Server, drifting
from domain.shared.size import Size
from projections.host_books import OperationProgress
from projections.servers import ServerRow


class Swept(msgspec.Struct, frozen=True, kw_only=True):
    """``strangers`` run here without standing in the books of this host as at rest: of another
    host, being worked on, or none of ours. They were read before their books, which tells nothing
    yet."""

    differ: list[Observation]
    strangers: set[UUID]


class Looked(msgspec.Struct, frozen=True, kw_only=True):
    """``busy``: an operation is open on them, so that it cannot be said yet. ``progress``: how far
    the tables were when they were read, at least."""

    differ: list[Observation]
    busy: set[UUID]
    progress: OperationProgress


def sweep(host: str, driver: Driver, books: WatchBooks) -> Swept:
    """The whole host, in one call. Raises Failure, NotClaimed, psycopg.Error."""
    rows = books.servers_of(host)
    found = {one.server: one for one in driver.inspect_all()}
    running = {id_ for id_, one in found.items() if one.state == "running"}
    return Swept(
        differ=_differ(rows, host, found), strangers=running.difference(row.id for row in rows)
    )


def look(host: str, driver: Driver, books: WatchBooks, servers: Iterable[UUID]) -> Looked:
    """Some servers, wherever they stand in the books. Raises as `sweep`."""
    progress = books.progress()
    rows = books.servers(servers)
    free = [row for row in rows if not drifting.is_busy(row.state)]
    busy = {row.id for row in rows if drifting.is_busy(row.state)}
    differ = _differ(free, host, _found(driver, free))
    return Looked(differ=differ, busy=busy, progress=progress)


def host_told(host: str, driver: Driver, books: WatchBooks) -> HostTold | None:
    """What the host has, where the books do not say so. Raises as `sweep`."""
    facts = driver.read_host()
    told = HostTold(
        host=host,
        capacity=Size(facts.vcpus, facts.memory_mib),
        traits=facts.traits,
        hypervisor=plain(facts.hypervisor),
    )
    read = HostRead(
        host=host, capacity=told.capacity, traits=told.traits, hypervisor=told.hypervisor
    )
    known = books.host(host)
    return None if known and known.after(read) == known else told


def _found(driver: Driver, rows: list[ServerRow]) -> dict[UUID, Found]:
    """A single one is asked itself, which its guest may hold up for a while; many are not."""
    if len(rows) > 1:
        return {one.server: one for one in driver.inspect_all()}
    found = {}
    for row in rows:
        try:
            found[row.id] = driver.inspect(row.id)
        except Gone:
            continue
    return found


def _differ(rows: list[ServerRow], host: str, found: Mapping[UUID, Found]) -> list[Observation]:
    told = (_difference(row, host, found.get(row.id)) for row in rows)
    return [observation for observation in told if observation]


def _difference(row: ServerRow, host: str, found: Found | None) -> Observation | None:
    """What differs is what would be recorded: the same rule says so here as in the leader."""
    if row.state.host != host and (found is None or found.state != "running"):
        return None  # nobody expects it here
    if found and found.state != "running" and _was_seen_elsewhere(row.state, host):
        return None  # what is left of it, where it ran before
    now = seen(host, found) if found else None
    if not drifting.observed(row.state, now, counted=row.state.counted):
        return None
    return Observation(server=row.id, version=row.version, seen=now)


def _was_seen_elsewhere(server: Server, host: str) -> bool:
    last = server.drift.seen if server.drift else None
    return last is not None and last.host != host
