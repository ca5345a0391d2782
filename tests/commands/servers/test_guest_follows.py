"""A guest that takes its time to take over what was applied is seen to have it, once."""

from __future__ import annotations

import pytest
from msgspec.structs import replace

from domain.server import EnvelopeRead, ScaleConfirmed, Seen
from domain.shared.size import GuestView, Size
from tests.commands.drift.test_drift import now
from tests.commands.kit.region import Region
from tests.commands.kit.standing import at, events, loaded, scale, standing, told
from tests.kit.examples import ENVELOPE, GUEST, HUGE, LARGE, NEXT_OPERATION

HAS = GuestView(vcpus=4, memory_mib=8106)
"""Of LARGE the guest keeps as much for itself as it did before."""


def saying(guest: GuestView) -> Seen:
    return replace(at(LARGE), guest=guest)


@pytest.fixture
def applied(region: Region) -> Region:
    """LARGE is allocated, and the guest is as before."""
    region.given(*standing())
    region.ask(scale(LARGE))
    region.ask(told(saying(GUEST)))
    confirmed = events(region)[3]
    assert isinstance(confirmed, ScaleConfirmed)
    assert (confirmed.seen_by_guest, confirmed.awaited) == (False, HAS)
    return region


def later(region: Region, *guests: GuestView) -> list[object]:
    """What is recorded when the guest is seen so, one after another."""
    before = len(events(region))
    for guest in guests:
        region.ask(now(region, saying(guest)))
    return list(events(region)[before:])


def test_a_guest_that_has_followed_is_recorded_once(applied: Region) -> None:
    followed = EnvelopeRead(envelope=ENVELOPE, guest=HAS, seen_by_guest=True)
    assert later(applied, HAS, HAS, replace(HAS, memory_mib=8000)) == [followed]
    server = loaded(applied)
    assert (server.seen_by_guest, server.guest, server.awaited) == (True, HAS, None)


@pytest.mark.parametrize(
    "guest",
    [
        GUEST,
        replace(HAS, vcpus=2),
        replace(HAS, memory_mib=GUEST.memory_mib),
        replace(HAS, memory_mib=6000),
        GuestView(),
    ],
)
def test_a_guest_that_has_not_followed_yet_records_nothing(
    applied: Region, guest: GuestView
) -> None:
    assert later(applied, guest) == []
    assert loaded(applied).seen_by_guest is False


def test_memory_that_the_guests_kernel_keeps_is_not_missing(applied: Region) -> None:
    assert len(later(applied, replace(HAS, memory_mib=8106 - 64))) == 1
    assert loaded(applied).seen_by_guest is True


def test_a_later_change_is_awaited_of_the_guest_instead(applied: Region) -> None:
    applied.ask(scale(HUGE, operation=NEXT_OPERATION))
    applied.ask(told(replace(at(HUGE), guest=GUEST), operation=NEXT_OPERATION))
    assert loaded(applied).awaited == GuestView(vcpus=16, memory_mib=65536 - (8192 - 4010))


def test_a_guest_that_followed_at_once_awaits_nothing(region: Region) -> None:
    region.given(*standing())
    region.ask(scale(LARGE))
    region.ask(told(saying(HAS)))
    assert (loaded(region).seen_by_guest, loaded(region).awaited) == (True, None)
    assert later(region, replace(HAS, memory_mib=8000)) == []


def test_a_guest_silent_about_memory_is_judged_by_its_vcpus(region: Region) -> None:
    region.given(*standing())
    region.ask(scale(Size(4, 4096)))
    silent = replace(at(Size(4, 4096)), guest=GuestView(vcpus=2))
    region.ask(told(silent))
    region.ask(now(region, replace(silent, guest=GuestView(vcpus=4))))
    assert loaded(region).seen_by_guest is True
