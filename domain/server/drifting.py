"""What somebody else did to a server: seen, and then adopted or undone by an operator."""

from __future__ import annotations

from domain.errors import NothingDrifted
from domain.resources import Amounts
from domain.server.events import (
    Deleted,
    DriftAdopted,
    DriftObserved,
    EnvelopeRead,
    PowerChanged,
)
from domain.server.server import Server
from domain.server.words import Drift, Seen
from domain.size import Size

Observed = DriftObserved | PowerChanged | EnvelopeRead


def observed(server: Server, seen: Seen | None, *, counted: bool) -> list[Observed]:
    """What is new about a server on which no operation is open. ``seen`` None: its host does not
    know it any more. ``counted``: whether it counts against cores and ram with that power.

    A guest that was shut down, or started, by whomever, is no drift: its power is recorded. Its
    size and its host are the books' own, so that another one is.
    """
    if seen is None:
        return [] if _is_elsewhere(server) else _drifts(server, Drift(seen=None))
    if seen.size != server.size or seen.host != server.host:
        return _drifts(server, Drift(seen=seen))
    found: list[Observed] = []
    if server.drift:
        found += _drifts(server, None)
    if seen.power != server.power:
        found.append(_powered(server, seen, counted=counted))
    elif seen.envelope != server.envelope:
        found.append(EnvelopeRead(envelope=seen.envelope, guest=seen.guest))
    return found


def adopted(
    server: Server, exceeded: Amounts, reason: str = "", *, counted: bool = True
) -> DriftAdopted | Deleted:
    """What was seen stands in the books from now on. ``counted``: whether it counts against cores
    and ram with the power that was seen. Raises NothingDrifted."""
    if server.drift is None:
        raise NothingDrifted
    if server.drift.seen is None:
        return Deleted(reason=reason or "its host did not know it any more")
    return DriftAdopted(
        was=server.size,
        size=server.drift.seen.size,
        host=server.drift.seen.host,
        counted=counted,
        exceeded=exceeded,
        reason=reason,
    )


def recorded_size(server: Server) -> Size:
    """What the server is to be brought back to. Raises NothingDrifted."""
    if server.drift is None or server.drift.seen is None or server.drift.seen.host != server.host:
        raise NothingDrifted
    return server.size


def _is_elsewhere(server: Server) -> bool:
    """Another host has told that it runs there, so of course this one does not know it."""
    seen = server.drift.seen if server.drift else None
    return seen is not None and seen.host != server.host


def _drifts(server: Server, drift: Drift | None) -> list[Observed]:
    """Once, however often it is seen."""
    if drift == server.drift or (drift and server.drift and _same(drift, server.drift)):
        return []
    return [DriftObserved(was=server.size, host=server.host, drift=drift)]


def _same(one: Drift, other: Drift) -> bool:
    """What the guest says of itself moves all the time, and is no drift."""
    if one.seen is None or other.seen is None:
        return one.seen is other.seen
    return (one.seen.host, one.seen.size, one.seen.power) == (
        other.seen.host,
        other.seen.size,
        other.seen.power,
    )


def _powered(server: Server, seen: Seen, *, counted: bool) -> PowerChanged:
    return PowerChanged(
        was=server.power,
        power=seen.power,
        size=seen.size,
        guest=seen.guest,
        envelope=seen.envelope,
        counted=counted,
    )
