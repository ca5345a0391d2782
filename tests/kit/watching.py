"""A region whose hosts are watched, and what it says of what others did there."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any
from uuid import UUID

from adapters.bootstrap.relaying import running
from adapters.leadership.address import Leadership
from adapters.relay.watch.watch import HostWatchers
from adapters.relay.watch.watch_pace import WatchPace
from tests.kit.region import Region, until

NEVER = 3600.0
BY_EVENTS = WatchPace(sweep=NEVER, gather=0.02, again=0.05, longest_again=0.2, claim=0.05)
"""Sweeps once, at the start."""
BY_SWEEPS = WatchPace(sweep=0.05, gather=NEVER, again=0.05, longest_again=0.2, claim=0.05)


def watch(region: Region, pace: WatchPace = BY_EVENTS) -> HostWatchers:
    return HostWatchers(
        region.dsn,
        hosts=region.drivers(),
        leader=Leadership(region.dsn).address,
        token=region.tokens["service"],
        pace=pace,
    )


@contextmanager
def watched(region: Region, pace: WatchPace = BY_EVENTS) -> Iterator[HostWatchers]:
    """With a watch at work that has swept every host, so that what comes is by events."""
    before = {host: host.sweeps for host in region.hosts.values()}
    watch_ = watch(region, pace)
    with running(watch_):
        until(lambda: all(host.sweeps > before[host] for host in before))
        yield watch_


def drift(region: Region) -> list[dict[str, Any]]:
    """What is listed as drift."""
    listed: list[dict[str, Any]] = region.get("/v1/drift").json()
    return listed


def facts(region: Region, server: UUID) -> list[dict[str, Any]]:
    """The server's own, the oldest first."""
    page = region.get(f"/v1/history?server={server}&limit=1000").json()
    assert page["next"] is None
    return [one for one in reversed(page["items"]) if one["kind"].startswith("server.")]


def kinds(region: Region, server: UUID) -> list[str]:
    return [one["kind"] for one in facts(region, server)]


def observed(region: Region) -> list[dict[str, Any]]:
    """Every fact of the region that says that somebody else did something, the oldest first."""
    page = region.get("/v1/history?limit=1000&kind=server.drift-observed").json()
    assert page["next"] is None
    return list(reversed(page["items"]))
