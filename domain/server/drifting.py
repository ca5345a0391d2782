"""Changes made past this program: seen, then adopted or undone by an operator."""

from __future__ import annotations

from domain.server.drift_events import DriftAdopted, DriftObserved, EnvelopeRead
from domain.server.guest_follows import has_followed
from domain.server.lifecycle_events import Deleted, PowerChanged
from domain.server.server import Server
from domain.server.values import Drift, Seen
from domain.shared.errors import NothingDrifted
from domain.shared.resources import Amounts
from domain.shared.size import Size

Observed = DriftObserved | PowerChanged | EnvelopeRead


def is_busy(server: Server) -> bool:
    """Whether an operation is at work, so that a difference means nothing.

    One whose outcome is unknown does not count: the server may have more than is claimed.
    """
    return server.operation is not None and not server.operation.undecided


def observed(server: Server, seen: Seen | None, *, counted: bool) -> list[Observed]:
    """The events that follow from reading a server that is not `busy`.

    ``seen`` None: its host does not know it. ``counted``: whether cores and ram count with the
    power that was seen. A change of power is no drift, whoever made it: it is recorded. Size and
    host are ours to change, so another one is drift.
    """
    if seen is None:
        told_of = is_elsewhere(server) or _may_be_ours(server, None)
        return [] if told_of else _drifts(server, Drift(seen=None))
    differs = seen.size != server.size or seen.host != server.host
    if differs and not _may_be_ours(server, seen):
        return _drifts(server, Drift(seen=seen))
    found: list[Observed] = []
    if server.drift:
        found += _drifts(server, None)
    if server.operation:
        return found  # its power and its envelope are told when that is resolved
    if seen.power != server.power:
        found.append(_powered(server, seen, counted=counted))
    elif seen.envelope != server.envelope or _has_followed(server, seen):
        has = _has_followed(server, seen) or None
        found.append(EnvelopeRead(envelope=seen.envelope, guest=seen.guest, seen_by_guest=has))
    return found


def adopted(
    server: Server, exceeded: Amounts, reason: str = "", *, counted: bool = True
) -> DriftAdopted | Deleted:
    """Take what was seen as what the server has. ``counted``: whether cores and ram count with
    the power that was seen. Raises NothingDrifted."""
    if server.drift is None:
        raise NothingDrifted
    if server.drift.seen is None:
        return Deleted(reason=reason or "its host no longer knows the server")
    return DriftAdopted(
        was=server.size,
        size=server.drift.seen.size,
        host=server.drift.seen.host,
        counted=counted,
        exceeded=exceeded,
        reason=reason,
    )


def recorded_size(server: Server) -> Size:
    """The size that the server is to be brought back to. Raises NothingDrifted."""
    if server.drift is None or server.drift.seen is None or server.drift.seen.host != server.host:
        raise NothingDrifted
    return server.size


def _may_be_ours(server: Server, seen: Seen | None) -> bool:
    """Whether the operation of unknown outcome can have done this.

    It is claimed already, and recorded when the operation is resolved.
    """
    if (operation := server.operation) is None:
        return False
    if seen is None:
        return operation.kind == "delete" or operation.to_host is not None
    if seen.power not in {server.power, "stopped"}:
        return False  # somebody has started it, so that it may count
    if operation.to_host:  # it arrives there as it is, and is scaled afterwards
        return seen.host == operation.to_host and seen.size == server.size
    least, most = server.size.min_with(operation.to), server.size.max_with(operation.to)
    return seen.host == server.host and least.fits(seen.size) and seen.size.fits(most)


def _has_followed(server: Server, seen: Seen) -> bool:
    """Whether the guest now has a change that was applied before."""
    if server.awaited is None:
        return False
    moved = (server.awaited.memory_mib or 0) - (server.guest.memory_mib or 0)
    return has_followed(seen.guest, server.awaited, moved)


def is_elsewhere(server: Server) -> bool:
    """Whether another host has reported the server, so that its own rightly does not know it."""
    seen = server.drift.seen if server.drift else None
    return seen is not None and seen.host != server.host


def _drifts(server: Server, drift: Drift | None) -> list[Observed]:
    """The event for a drift that was not known before; each is recorded once."""
    if drift == server.drift or (drift and server.drift and _same(drift, server.drift)):
        return []
    return [DriftObserved(was=server.size, host=server.host, drift=drift)]


def _same(one: Drift, other: Drift) -> bool:
    """Whether two drifts are the same. What the guest reports changes all the time, and is no
    drift."""
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
