"""How a scale goes: live, by migration, by restart, or not at all (CloudStack's three cases).

The ceiling comes before the quota, the quota before capacity, and all of them before any
hypervisor is asked.
"""

from __future__ import annotations

from collections.abc import Container, Iterable
from typing import Protocol

import msgspec

from domain.hosts.host import NONE, Host
from domain.hosts.neighbours import Neighbours
from domain.hosts.placement import Candidate, place
from domain.server import Consent, Mode, Server, scaling
from domain.shared.errors import NeedsMigration, NoValidHost, Refused
from domain.shared.size import Size


class Hosts(Protocol):
    """The hosts of the region, and where the others of a server's group are, as far as a scale has
    to know them."""

    def host(self, name: str) -> Host: ...
    def pool(self, name: str) -> Iterable[Candidate]: ...
    def neighbours(self, server: Server) -> Neighbours | None: ...


class Route(msgspec.Struct, frozen=True, kw_only=True):
    """``mode`` needs ``to_host`` if it is a migration. ``needs`` is why it does not go live."""

    mode: Mode
    to_host: str | None = None
    needs: tuple[Refused, ...] = ()

    def consented(self, consent: Consent) -> bool:
        """Nothing more than consented ever happens."""
        return self.mode in {"live", "stopped", consent}


def choose_route(server: Server, to: Size, hosts: Hosts, *, limits: tuple[Refused, ...]) -> Route:
    """The least that a scale takes of those who use the server. Raises NoValidHost.

    ``limits`` are what stands against it while the server runs.
    """
    lacking = _lacking(server, to, hosts)
    here = lacking == NONE
    if limits or server.power == "stopped":
        if not here:
            raise NoValidHost(asked=to)
        return Route(mode="restart", needs=limits) if limits else Route(mode="stopped")
    if here:
        return Route(mode="live")
    if (there := elsewhere(server, to, hosts)) is None:
        raise NoValidHost(asked=to, would_fit=_would_fit(server, to, lacking))
    needs = NeedsMigration(asked=to)
    return Route(mode="migrate", to_host=there, needs=(needs,))


def elsewhere(
    server: Server, to: Size, hosts: Hosts, *, without: Container[str] = ()
) -> str | None:
    """Another host of the pool with room for the whole new size that fits the request spec and
    breaks no policy of its group; and for what the server has, since that is how it arrives
    there."""
    others = [
        one
        for one in hosts.pool(hosts.host(server.host).terms.pool)
        if one.name != server.host and one.name not in without
    ]
    return place(
        others,
        spec=server.spec,
        size=to.max_with(server.size),
        neighbours=hosts.neighbours(server),
    )


def _lacking(server: Server, to: Size, hosts: Hosts) -> Size:
    """What its own host has too little of, for the difference."""
    more = Size(to.vcpus - server.size.vcpus, to.memory_mib - server.size.memory_mib)
    return hosts.host(server.host).lacks(more)


def _would_fit(server: Server, to: Size, lacking: Size) -> Size:
    most = Size(to.vcpus - lacking.vcpus, to.memory_mib - lacking.memory_mib)
    return scaling.nearest(server, to, most.max_with(server.size.min_with(to)))
