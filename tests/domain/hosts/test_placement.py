"""A server goes to the host that has room for all of it and fits how it was asked for."""

from __future__ import annotations

import pytest
from msgspec.structs import replace

from domain.hosts.host import Host
from domain.hosts.placement import Candidate, Wanted, place
from domain.shared.request_spec import RequestSpec
from domain.shared.size import Size
from tests.domain.hosts.hosts import EXACTLY, room
from tests.kit.examples import LARGE, MIDDLE, SMALL

ANY = RequestSpec()


def found(size: Size, spec: RequestSpec = ANY, **hosts: Host) -> str:
    candidates = [Candidate(name, host) for name, host in hosts.items()]
    return place(candidates, Wanted(spec, size)) or "none"


def test_the_host_that_is_left_with_the_most_memory_is_taken() -> None:
    assert found(SMALL, a=room(Size(9, 9_000)), b=room(Size(9, 12_000)), c=room(LARGE)) == "b"
    assert found(SMALL, a=room(Size(9, 12_000), used=SMALL), b=room(Size(9, 9_000))) == "b"


def test_between_equals_the_name_decides_whatever_their_order() -> None:
    assert found(SMALL, b=room(LARGE), a=room(LARGE)) == "a"
    assert found(SMALL, a=room(LARGE), b=room(LARGE)) == "a"


@pytest.mark.parametrize("used", [Size(1, 0), Size(0, 1)])
def test_there_must_be_room_in_each_dimension(used: Size) -> None:
    assert found(LARGE, a=room(LARGE)) == "a"
    assert found(LARGE, a=room(LARGE, used=used)) == "none"


def test_a_host_that_has_not_reported_takes_nothing() -> None:
    assert found(SMALL, a=Host()) == "none"


def test_a_host_that_is_not_enabled_takes_nothing() -> None:
    assert found(SMALL, a=room(terms=replace(EXACTLY, enabled=False))) == "none"


@pytest.mark.parametrize(
    "spec", [RequestSpec(zone="east"), RequestSpec(pool="east"), RequestSpec(traits=("EAST",))]
)
def test_zone_pool_and_traits_are_those_asked_for(spec: RequestSpec) -> None:
    east = room(MIDDLE, terms=replace(EXACTLY, zone="east", pool="east", traits=("EAST", "FAST")))
    assert found(SMALL, spec, west=room(), east=east) == "east"
    assert found(SMALL, spec, west=room()) == "none"


def test_every_required_trait_is_needed() -> None:
    asked = RequestSpec(traits=("EAST", "FAST"))
    assert (
        found(SMALL, asked, a=room(traits=("EAST",)), b=room(LARGE, traits=("FAST", "EAST"))) == "b"
    )
