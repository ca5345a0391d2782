"""What must become of a request, by the rules as they are written down and not as they are coded:
the refusal that is due first, or how it goes."""

from __future__ import annotations

import dataclasses
from typing import NamedTuple

from domain.server import Consent, Mode
from domain.server.unconfirmed import NotResized, ResizeUnconfirmed
from domain.shared.errors import (
    AboveCeiling,
    DriftOpen,
    Misaligned,
    NeedsMigration,
    NeedsRestart,
    NothingDrifted,
    NothingToChange,
    NotScalable,
    NoValidHost,
    OutcomeUndecided,
    PowerForbids,
    QuotaExceeded,
    Refused,
    ScaleInProgress,
)
from tests.commands.model.accounts import MISSING, Account, Accounts, Kind
from tests.commands.model.world import LIMITS_OF_GUESTS, STEP, Room


class Goes(NamedTuple):
    mode: Mode
    to_host: str | None = None


Due = type[Refused] | None


def scale(books: Accounts, one: Account, to: Room, consent: Consent) -> type[Refused] | Goes:
    """The ceiling before the quota, the quota before capacity, capacity before consent."""
    refused = (
        busy(one)
        or (PowerForbids if one.power not in {"running", "stopped"} else None)
        or _ceiling(books, one, to)
        or (NothingToChange if to == one.room == one.reached else None)
    )
    if refused:
        return refused
    if books.over(one.project, growth(one, to), one.user):
        return QuotaExceeded
    return _capacity(books, one, to, consent)


def growth(one: Account, to: Room) -> dict[str, int]:
    """What must be claimed: only what grows, and only while it counts."""
    more = {"cores": to.cpus - one.room.cpus, "ram": to.mib - one.room.mib}
    return {name: amount for name, amount in more.items() if amount > 0 and one.counted}


def busy(one: Account) -> Due:
    return (
        working(one)
        or (DriftOpen if one.told else None)
        or (ResizeUnconfirmed if one.was else None)
    )


def resize(books: Accounts, one: Account, to: Kind) -> Due:
    """Neither flags nor a ceiling stand against it; the quota comes before the room where it is."""
    refused = (
        busy(one)
        or (PowerForbids if one.power not in {"running", "stopped"} else None)
        or (NothingToChange if to.flavor == one.flavor else None)
    )
    if refused:
        return refused
    if books.over(one.project, growth(one, to.room), one.user):
        return QuotaExceeded
    return NoValidHost if _lacks(books, one, to.room) else None


def confirmation(one: Account) -> Due:
    return working(one) or (None if one.was else NotResized)


def reversion(one: Account) -> Due:
    return confirmation(one) or (DriftOpen if one.told else None)


def working(one: Account) -> Due:
    if one.job is None:
        return None
    return OutcomeUndecided if one.job.undecided else ScaleInProgress


def power(books: Accounts, one: Account, *, start: bool) -> Due:
    if due := busy(one):
        return due
    if one.power not in ({"stopped"} if start else {"running", "paused"}):
        return PowerForbids
    claims = {"cores": one.room.cpus, "ram": one.room.mib} if start and not one.counted else {}
    return QuotaExceeded if books.over(one.project, claims, one.user) else None


def deletion(one: Account) -> Due:
    """Its own host is asked, so that it must not be known to be on another."""
    if due := working(one):
        return due
    if one.elsewhere and one.elsewhere.host != one.host:
        return DriftOpen
    return PowerForbids if one.power in {"building", "gone"} else None


def adoption_of_drift(books: Accounts, one: Account, *, force: bool) -> Due:
    """What somebody else added obeys the quota, unless it is forced."""
    if due := working(one):
        return due
    if one.told is None:
        return NothingDrifted
    if one.elsewhere is None or force:
        return None
    counted = books.counts(one.elsewhere.power)
    taken = dataclasses.replace(
        one, room=one.elsewhere.room, power=one.elsewhere.power, counted=counted, told=None
    )
    now, was = taken.claim(), dataclasses.replace(one, told=None).claim()
    held = one.claim()
    grown = {name: now[name] - held[name] for name in now if now[name] > was[name]}
    return QuotaExceeded if books.over(one.project, grown, one.user) else None


def reapplication(one: Account) -> Due:
    if due := working(one):
        return due
    here = one.told not in {None, MISSING} and one.elsewhere and one.elsewhere.host == one.host
    return None if here else NothingDrifted


def _ceiling(books: Accounts, one: Account, to: Room) -> Due:
    moved = {"cpus"} if to.cpus != one.room.cpus else set()
    moved |= {"mib"} if to.mib != one.room.mib else set()
    if one.closed or not books.scaling or one.ceiling is None or moved & one.fixed:
        return NotScalable
    above = to.cpus > max(one.ceiling.cpus, one.room.cpus)
    return AboveCeiling if above or to.mib > max(one.ceiling.mib, one.room.mib) else None


def _live(one: Account, to: Room) -> Due:
    if one.power == "stopped":
        return None
    least, most = LIMITS_OF_GUESTS
    if not (least.cpus <= to.cpus <= most.cpus and least.mib <= to.mib <= most.mib):
        return NeedsRestart
    return Misaligned if (to.mib - one.room.mib) % STEP else None


def _lacks(books: Accounts, one: Account, to: Room) -> bool:
    """Whether its own host has too little for the difference."""
    more, left = Room(to.cpus - one.room.cpus, to.mib - one.room.mib), books.left(one.host)
    return 0 < more.cpus > left.cpus or 0 < more.mib > left.mib


def _capacity(books: Accounts, one: Account, to: Room, consent: Consent) -> type[Refused] | Goes:
    lacks = _lacks(books, one, to)
    limit = _live(one, to)
    if lacks and (limit or one.power == "stopped"):
        return NoValidHost
    if limit:
        return Goes("restart") if consent == "restart" else limit
    if not lacks:
        return Goes("stopped" if one.power == "stopped" else "live")
    there = books.other_host(one, to)
    if there is None:
        return NoValidHost
    return Goes("migrate", there) if consent == "migrate" else NeedsMigration
