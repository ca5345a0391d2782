"""A server is scaled only where region, flavor, image and server all allow it."""

from __future__ import annotations

from itertools import product

import pytest

from commands.catalogue.change_flavor import ChangeFlavor
from commands.catalogue.change_image import ChangeImage
from commands.placement.set_region_policy import SetRegionPolicy
from commands.scaling.flag_server import FlagServer, FlagSet
from domain.catalogue.region_policy import RegionRules
from domain.server import ScalableSet, ScaleRequested
from domain.shared.errors import NotFound, NotScalable
from tests.commands.kit.region import Region
from tests.commands.kit.region import told as answered
from tests.commands.kit.standing import BUILD, at, events, flavor, host, image, ruled, scale, told
from tests.kit.examples import HOST, LARGE, NEXT_OPERATION, SERVER, SMALL

ALL = list(product([True, False], repeat=4))
NAMES = ("region", "flavor", "image", "server")
LIMITS = {"hw:max_vcpus": "16", "hw:max_memory_mb": "65536"}
GROW = scale(LARGE, operation=NEXT_OPERATION)


def built(region: Region, *, of_region: bool, of_flavor: bool, of_image: bool) -> None:
    region.given(
        *ruled(RegionRules(scaling=of_region)),
        *flavor(LIMITS, scalable=of_flavor),
        *image(scalable=of_image),
        *host(HOST),
    )
    region.ask(BUILD)
    region.ask(told(at(), "build"))


@pytest.mark.parametrize("flags", ALL, ids=lambda flags: "-".join(str(f) for f in flags))
def test_of_sixteen_combinations_one_allows_it(region: Region, flags: tuple[bool, ...]) -> None:
    of_region, of_flavor, of_image, of_server = flags
    built(region, of_region=of_region, of_flavor=of_flavor, of_image=of_image)
    region.ask(FlagServer(server=SERVER, scalable=of_server))
    before = len(region.facts)
    if all(flags):
        region.ask(GROW)
        assert isinstance(events(region)[before], ScaleRequested)
        return
    with pytest.raises(NotScalable) as closed:
        region.ask(GROW)
    shut = tuple(name for name, open_ in zip(NAMES, flags, strict=True) if not open_)
    assert vars(closed.value) == {"server_size": SMALL, "closed": shut}
    assert len(region.facts) == before


def test_a_flavor_or_an_image_that_is_closed_later_closes_no_server_that_is_built(
    region: Region,
) -> None:
    built(region, of_region=True, of_flavor=True, of_image=True)
    region.ask(ChangeFlavor(flavor="small", scalable=False))
    region.ask(ChangeImage(image="debian", scalable=False))
    region.ask(GROW)
    assert isinstance(events(region)[-3], ScaleRequested)


def test_the_region_closes_what_is_built_and_opens_it_again(region: Region) -> None:
    built(region, of_region=True, of_flavor=True, of_image=True)
    region.ask(SetRegionPolicy(scaling=False))
    with pytest.raises(NotScalable) as closed:
        region.ask(GROW)
    assert closed.value.closed == ("region",)
    region.ask(SetRegionPolicy(scaling=True))
    region.ask(GROW)


def test_a_servers_own_flag_is_recorded_when_it_changes(region: Region) -> None:
    built(region, of_region=True, of_flavor=True, of_image=True)
    for scalable in (False, False, True):
        answer = region.ask(FlagServer(server=SERVER, scalable=scalable, reason="a licence"))
        assert answered(answer, FlagSet) == FlagSet(server=SERVER, scalable=scalable)
    assert events(region)[-2:] == [
        ScalableSet(was=True, scalable=False, reason="a licence"),
        ScalableSet(was=False, scalable=True, reason="a licence"),
    ]


def test_nobody_knows_a_server_that_never_was(region: Region) -> None:
    with pytest.raises(NotFound):
        region.ask(FlagServer(server=SERVER, scalable=False))
