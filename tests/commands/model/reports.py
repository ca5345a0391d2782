"""What a letter changes in the books that were worked out a second time."""

from __future__ import annotations

from domain.server import Power
from tests.commands.model.accounts import MISSING, Account, Accounts, Job, Kind
from tests.commands.model.ledger import Ledger
from tests.commands.model.machine import Letter
from tests.commands.model.world import Guest


def told(books: Accounts, ledger: Ledger, letter: Letter, one: Account) -> bool:
    """Whether it was news: about the step that is open, or of the server as it stands."""
    if letter.says == "observed":
        return _observed(books, ledger, letter, one)
    job = one.job
    if job is None or job.id != letter.job:
        return False
    if job.late != (letter.ask == "read-back") and (not job.late or letter.step != job.step):
        return False
    if letter.step != job.step:
        return False
    job.flying = False
    if letter.says == "seen" and letter.truth:
        _seen(books, one, job, letter.truth, migrating=letter.ask == "migrate")
    elif letter.says == "absent" and job.kind == "delete":
        _gone(one)
    elif not (letter.says == "no room" and _goes_on(books, one, job)):
        _failed(books, one, job)
    return True


def _seen(books: Accounts, one: Account, job: Job, guest: Guest, *, migrating: bool) -> None:
    match job.kind:
        case "scale":
            _scaled(books, one, job, guest, migrating=migrating)
        case "build":
            one.room, one.power, one.told, one.job = guest.room, guest.power, None, None
        case "delete":
            one.job = None
        case "start" | "stop":
            wanted = "running" if job.kind == "start" else "stopped"
            if guest.power == wanted:
                one.room, one.told = guest.room, None
            one.power, one.counted, one.job = guest.power, books.counts(guest.power), None


def _scaled(books: Accounts, one: Account, job: Job, guest: Guest, *, migrating: bool) -> None:
    """It ends as what it is now; unless it has only arrived where the scale goes on."""
    if guest.host != one.host:
        one.host, one.room, one.told = guest.host, guest.room, None
        if migrating and guest.room != job.to and not job.late:
            job.next_step(None)
            return
    reached, was = guest.room == job.to, one.elsewhere.room if one.elsewhere else one.room
    before = one.kind
    one.job = None
    if not reached and guest.room == was and guest.power == one.power:
        return  # as it was before, and so is what was told of it
    if guest.power != one.power:
        one.counted = books.counts(guest.power)
    one.room, one.power, one.told = guest.room, guest.power, None
    if reached:
        _reached(one, job, before)


def _reached(one: Account, job: Job, before: Kind) -> None:
    one.reached = job.to
    if job.resize:
        one.was = None if job.reverts else before
        one.become(job.resize)


def _goes_on(books: Accounts, one: Account, job: Job) -> bool:
    """By way of another host, if that was consented to, and not too often."""
    tried = (*job.tried, job.to_host or one.host)
    if job.kind != "scale" or job.consent != "migrate" or job.mode == "stopped" or job.late:
        return False
    there = books.other_host(one, job.to, tried) if len(tried) <= books.retries else None
    if there is None:
        return False
    job.tried, job.mode = tried, "migrate"
    job.next_step(there)
    return True


def _failed(books: Accounts, one: Account, job: Job) -> None:
    one.job = None
    if job.kind == "build":
        _gone(one)
    if job.kind in {"start", "stop"}:
        one.counted = books.counts(one.power)


def _gone(one: Account) -> None:
    gone: Power = "gone"
    one.power, one.job, one.told, one.was = gone, None, None, None


def _observed(books: Accounts, ledger: Ledger, letter: Letter, one: Account) -> bool:
    """Of the past, if anything of ours has happened since; nothing while a relay is at work."""
    if (
        (one.job and not one.job.undecided)
        or not one.alive
        or ledger.versions[f"server:{letter.server}"] != letter.facts
    ):
        return False
    guest, was = letter.truth, (one.told, one.guest, one.counted)
    ours = one.job is not None and _of_our_own(one, one.job, guest)
    if guest is None:
        other = one.elsewhere is not None and one.elsewhere.host != one.host
        one.told = one.told if other or ours else MISSING
    elif (guest.host, guest.room) != (one.host, one.room) and not ours:
        one.told = guest
    else:
        one.told = None
        if guest.power != one.power and not one.job:
            one.power, one.counted = guest.power, books.counts(guest.power)
    return (one.told, one.guest, one.counted) != was


def _of_our_own(one: Account, job: Job, guest: Guest | None) -> bool:
    """Nobody knows what the job did, and it may have done just that."""
    if guest is None:
        return job.kind == "delete" or job.to_host is not None
    if guest.power not in {one.power, "stopped"}:
        return False
    if job.to_host:
        return (guest.host, guest.room) == (job.to_host, one.room)
    between = all(
        min(had, to) <= has <= max(had, to)
        for had, to, has in zip(one.room, job.to, guest.room, strict=True)
    )
    return guest.host == one.host and between
