"""A server is pinned to the zone that it is in, and its later placements obey that."""

from __future__ import annotations

import pytest

from commands.servers.pin_server import PinServer
from domain.server import ZonePinned
from domain.server.pinning import NotInZone, PinnedElsewhere
from domain.shared.errors import NotFound, Refused
from tests.commands.kit.region import SERVER_STREAM, Region
from tests.commands.kit.standing import loaded, standing
from tests.kit.examples import SERVER

PINNED = ZonePinned(was="", zone="nova")


def pin(zone: str | None) -> PinServer:
    return PinServer(server=SERVER, zone=zone)


def refusal(region: Region, command: PinServer) -> Refused:
    with pytest.raises(Refused) as caught:
        region.ask(command)
    assert region.events == []
    return caught.value


def test_a_server_is_pinned_to_its_current_zone(region: Region) -> None:
    region.given(*standing())
    region.ask(pin("nova"))
    assert region.events == [(SERVER_STREAM, PINNED)]
    assert loaded(region).spec.zone == "nova"


def test_a_pinned_server_is_unpinned(region: Region) -> None:
    region.given(*standing(), (SERVER_STREAM, PINNED))
    region.ask(pin(None))
    assert region.events == [(SERVER_STREAM, ZonePinned(was="nova", zone=""))]


@pytest.mark.parametrize("zone", ["nova", None])
def test_pinning_to_the_same_zone_records_nothing(region: Region, zone: str | None) -> None:
    region.given(*standing(), *([(SERVER_STREAM, PINNED)] if zone else []))
    region.ask(pin(zone))
    assert region.events == []


def test_a_server_is_not_pinned_to_a_zone_it_is_not_in(region: Region) -> None:
    region.given(*standing())
    refused = refusal(region, pin("mars"))
    assert isinstance(refused, NotInZone)
    assert (refused.current, refused.asked) == ("nova", "mars")


def test_a_pinned_server_is_not_pinned_to_another_zone(region: Region) -> None:
    region.given(*standing(), (SERVER_STREAM, PINNED))
    assert isinstance(refusal(region, pin("mars")), PinnedElsewhere)


def test_an_unknown_server_is_not_pinned(region: Region) -> None:
    assert isinstance(refusal(region, pin(None)), NotFound)
