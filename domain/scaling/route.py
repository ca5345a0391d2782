"""How a scale goes: live, by migration, by restart, or not at all (CloudStack's three cases)."""

from __future__ import annotations

from collections.abc import Container

import msgspec

from domain.hosts.host import NONE, Host
from domain.hosts.placement import Candidate, Wanted, place, ruled_out
from domain.hosts.view import HostsView
from domain.server import Consent, FlavorTerms, Mode, Server
from domain.shared.errors import NeedsMigration, NoValidHost, Refused
from domain.shared.ruled_out import RuledOut
from domain.shared.size import Size


class Route(msgspec.Struct, frozen=True, kw_only=True):
    """How a scale goes. ``to_host``: where it migrates first. ``needs``: why it does not go
    live."""

    mode: Mode
    to_host: str | None = None
    needs: tuple[Refused, ...] = ()

    def consented(self, consent: Consent) -> bool:
        """Whether ``consent`` covers it: nothing more than consented ever happens."""
        return self.mode in {"live", "stopped", consent}


def choose_route(
    server: Server, to: Size, hosts: HostsView, *, limits: tuple[Refused, ...]
) -> Route | NoValidHost:
    """The route that disturbs the server's users least. ``limits``: what stands against a live
    change."""
    own = hosts.host(server.host)
    fits = own.lacks(_more(server, to)) == NONE
    if limits or server.power == "stopped":
        if not fits:
            return _in_place(to, RuledOut(reason="room", hosts=1))
        return Route(mode="restart" if limits else "stopped", needs=limits)
    if fits:
        return Route(mode="live")
    others, wanted = _others(server, to, own, hosts)
    if (there := place(others, wanted)) is None:
        return NoValidHost(asked=to, ruled_out=ruled_out(others, wanted, full=1))
    return Route(mode="migrate", to_host=there, needs=(NeedsMigration(asked=to),))


def resize_route(server: Server, terms: FlavorTerms, hosts: HostsView) -> Route | NoValidHost:
    """A resize stays on its host, which needs the room and what else the new flavor asks for."""
    own = hosts.host(server.host)
    if lacking := {*terms.traits} - {*server.spec.traits} - own.traits:
        trait = RuledOut(reason="trait", hosts=1, asked=" or ".join(sorted(lacking)))
        return _in_place(terms.size, trait)
    if own.lacks(_more(server, terms.size)) != NONE:
        return _in_place(terms.size, RuledOut(reason="room", hosts=1))
    return Route(mode="stopped" if server.power == "stopped" else "restart")


def elsewhere(
    server: Server, to: Size, hosts: HostsView, *, without: Container[str] = ()
) -> str | None:
    """Another host of the pool that suits the server and has room for the larger of both sizes.

    It arrives there with what it has. None: there is none, beside those in ``without``.
    """
    others, wanted = _others(server, to, hosts.host(server.host), hosts)
    return place([one for one in others if one.name not in without], wanted)


def _others(
    server: Server, to: Size, own: Host, hosts: HostsView
) -> tuple[list[Candidate], Wanted]:
    others = [one for one in hosts.pool(own.terms.pool) if one.name != server.host]
    neighbours = hosts.neighbours(server.spec.group)
    return others, Wanted(server.spec, to.max_with(server.size), neighbours)


def _in_place(asked: Size, why: RuledOut) -> NoValidHost:
    return NoValidHost(asked=asked, ruled_out=(why,), in_place=True)


def _more(server: Server, to: Size) -> Size:
    """The difference is all that its own host must have."""
    return Size(to.vcpus - server.size.vcpus, to.memory_mib - server.size.memory_mib)
