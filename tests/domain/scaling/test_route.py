"""A scale goes live where its host has room, else by another host of the pool, else not at all."""

from __future__ import annotations

from typing import get_args

import pytest
from msgspec.structs import replace

from domain.hosts.host import Host
from domain.scaling.route import Route, choose_route, elsewhere
from domain.server import Consent, Mode, Server
from domain.shared.errors import NeedsMigration, NeedsRestart, NoValidHost
from domain.shared.request_spec import RequestSpec
from domain.shared.ruled_out import RuledOut
from domain.shared.size import Size
from tests.domain.hosts.hosts import EXACTLY, Region, room
from tests.kit.examples import ADOPTED, DECLARED, HUGE, LARGE, MIDDLE, SMALL, TINY
from tests.kit.scenario import given

SERVER = given(Server, ADOPTED, DECLARED).state
STOPPED = replace(SERVER, power="stopped")
FULL = room(SMALL, used=SMALL)
LIMIT = (NeedsRestart(asked=HUGE, floor=TINY, ceiling=LARGE),)
LACKING = Size(2, 4096)


def test_a_scale_goes_live_where_its_host_has_room_for_the_difference() -> None:
    exactly = Region(host_1=room(LARGE, used=SMALL), host_2=room())
    assert choose_route(SERVER, LARGE, exactly, limits=()) == Route(mode="live")


def test_a_scale_goes_live_on_a_host_that_has_not_reported() -> None:
    assert choose_route(SERVER, LARGE, Region(), limits=()) == Route(mode="live")


def test_a_scale_migrates_to_a_host_of_the_pool_with_room_for_the_new_size() -> None:
    found = choose_route(SERVER, LARGE, Region(host_1=FULL, host_2=room(LARGE)), limits=())
    assert isinstance(found, Route)
    assert (found.mode, found.to_host) == ("migrate", "host-2")
    (needs,) = found.needs
    assert isinstance(needs, NeedsMigration)
    assert vars(needs) == {
        "asked": LARGE,
        "consent": "migrate",
    }


@pytest.mark.parametrize(
    ("other", "why"),
    [
        (room(Size(4, 8191)), [RuledOut(reason="room", hosts=2)]),
        (room(LARGE, used=Size(1, 0)), [RuledOut(reason="room", hosts=2)]),
        (room(terms=replace(EXACTLY, pool="other")), [RuledOut(reason="room", hosts=1)]),
        (
            room(terms=replace(EXACTLY, enabled=False)),
            [RuledOut(reason="maintenance", hosts=1), RuledOut(reason="room", hosts=1)],
        ),
        (
            room(capacity=None),
            [RuledOut(reason="unread", hosts=1), RuledOut(reason="room", hosts=1)],
        ),
    ],
    ids=["too small", "half full", "another pool", "disabled", "never told"],
)
def test_a_scale_has_no_route_where_no_host_of_the_pool_has_room(
    other: Host, why: list[RuledOut]
) -> None:
    refused = choose_route(SERVER, LARGE, Region(host_1=FULL, host_2=other), limits=())
    assert isinstance(refused, NoValidHost)
    assert (refused.asked, list(refused.ruled_out), refused.in_place) == (LARGE, why, False)


def test_another_host_must_hold_what_it_has_until_it_has_shrunk_there() -> None:
    """A server arrives with the size that it had."""
    narrow, wide = room(Size(1, 65_536)), room(Size(2, 8192))
    to = Size(1, 8192)
    assert elsewhere(SERVER, to, Region(host_1=FULL, host_2=narrow, host_3=wide)) == "host-3"


def test_a_later_placement_obeys_how_it_was_asked_for() -> None:
    asked = replace(SERVER, spec=RequestSpec(size=SMALL, traits=("FAST",)))
    hosts = Region(host_1=FULL, host_2=room(), host_3=room(LARGE, traits=("FAST",)))
    found = choose_route(asked, LARGE, hosts, limits=())
    assert isinstance(found, Route)
    assert (found.mode, found.to_host) == ("migrate", "host-3")


def test_a_scale_that_cannot_go_live_needs_a_restart_on_its_host() -> None:
    hosts = Region(host_1=room(HUGE), host_2=room())
    assert choose_route(SERVER, HUGE, hosts, limits=LIMIT) == Route(mode="restart", needs=LIMIT)


def test_a_restart_brings_it_to_no_other_host() -> None:
    refused = choose_route(SERVER, LARGE, Region(host_1=FULL, host_2=room()), limits=LIMIT)
    assert isinstance(refused, NoValidHost)
    assert (refused.ruled_out, refused.in_place) == ((RuledOut(reason="room", hosts=1),), True)


def test_a_stopped_server_takes_no_more_than_its_host_has() -> None:
    assert choose_route(STOPPED, LARGE, Region(host_1=room(LARGE, used=SMALL)), limits=()) == Route(
        mode="stopped"
    )
    refused = choose_route(STOPPED, LARGE, Region(host_1=FULL, host_2=room()), limits=())
    assert isinstance(refused, NoValidHost)
    assert refused.in_place


def test_shrinking_goes_live_on_a_host_that_holds_too_much() -> None:
    found = choose_route(SERVER, TINY, Region(host_1=room(TINY, used=MIDDLE)), limits=())
    assert found == Route(mode="live")


@pytest.mark.parametrize("mode", get_args(Mode))
@pytest.mark.parametrize("consent", get_args(Consent))
def test_one_consent_never_includes_another(mode: Mode, consent: Consent) -> None:
    harmless = mode in {"live", "stopped"}
    assert Route(mode=mode).consented(consent) == (harmless or mode == consent)
