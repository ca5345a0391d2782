"""How a server was asked for is recorded before it exists, and obeyed by every later placement."""

from __future__ import annotations

import pytest
from msgspec.structs import replace

from commands.catalogue.change_flavor import ChangeFlavor
from commands.placement.set_host_terms import SetHostTerms
from commands.scaling.declare_ceiling import DeclareCeiling
from domain.server import BuildRequested, Server
from domain.shared.errors import NoValidHost
from domain.shared.request_spec import RequestSpec
from domain.shared.size import Size
from tests.commands.conftest import NewRegion
from tests.commands.kit.grouping import GROUP, group
from tests.commands.kit.region import SERVER_STREAM, Region
from tests.commands.kit.small_commands import cancel
from tests.commands.kit.standing import (
    BUILD,
    SECOND,
    THIRD,
    at,
    events,
    flavor,
    held_by,
    host,
    image,
    refused,
    scale,
    told,
)
from tests.domain.hosts.hosts import EXACTLY
from tests.kit.examples import HOST, LARGE, NEXT_OPERATION, SERVER, SMALL

FAST = replace(EXACTLY, traits=("CUSTOM_FAST",), zone="east")
TRAIT = {"trait:CUSTOM_FAST": "required"}
LIMITS = {"hw:max_vcpus": "16", "hw:max_memory_mb": "65536"}
GROW = scale(LARGE, "migrate", NEXT_OPERATION)


def spec(region: Region) -> RequestSpec:
    """As it stands in the log."""
    stream = region.store.load(Server, SERVER_STREAM)
    assert stream
    return stream.state.spec


@pytest.fixture
def built(region: Region) -> Region:
    """On a fast host without room for more; another fast one is smaller than a slow one."""
    region.given(
        *flavor(LIMITS | TRAIT),
        *image(),
        *group(),
        *host(HOST, SMALL, FAST),
        *host(SECOND),
        *host(THIRD, LARGE, FAST),
    )
    region.ask(SetHostTerms(host=THIRD, terms=replace(FAST, enabled=False)))
    asked = replace(
        BUILD,
        zone="east",
        traits=("CUSTOM_FAST",),
        group=GROUP,
        hints={"different_host": "web-0"},
    )
    region.ask(asked)
    region.ask(told(at(), "build"))
    region.ask(SetHostTerms(host=THIRD, terms=FAST))
    return region


def test_the_request_spec_is_recorded_before_the_server_exists(built: Region) -> None:
    requested = next(e for e in events(built) if isinstance(e, BuildRequested))
    assert requested.spec == spec(built)
    assert (requested.spec.version, requested.spec.size) == (1, SMALL)
    assert (requested.spec.zone, requested.spec.traits) == ("east", ("CUSTOM_FAST",))
    assert (requested.spec.group, requested.spec.hints) == (
        GROUP,
        {"different_host": "web-0"},
    )
    assert (requested.spec.max_vcpus, requested.spec.max_memory_mib) == (16, 65_536)


def test_a_later_placement_obeys_the_request_spec(built: Region) -> None:
    built.ask(GROW)
    assert (held_by(built, THIRD), held_by(built, SECOND)) == (LARGE, Size(0, 0))


def test_the_request_spec_is_obeyed_after_a_restart(built: Region, new_region: NewRegion) -> None:
    built.end()
    again = new_region(built.store)
    again.ask(GROW)
    assert held_by(again, THIRD) == LARGE


def test_a_scale_that_no_host_fits_changes_nothing(built: Region) -> None:
    built.ask(SetHostTerms(host=THIRD, terms=replace(FAST, zone="west")))
    with pytest.raises(NoValidHost):
        built.ask(GROW)


def test_a_retry_obeys_the_request_spec(built: Region) -> None:
    roomy = replace(FAST, cpu_allocation_ratio=8.0, ram_allocation_ratio=8.0)
    built.ask(SetHostTerms(host=HOST, terms=roomy))
    built.ask(GROW)
    built.ask(refused(host=HOST, no_capacity=True, operation=NEXT_OPERATION))
    assert (held_by(built, THIRD), held_by(built, SECOND)) == (LARGE, Size(0, 0))


def test_a_scale_updates_only_size_and_version_of_the_request_spec(built: Region) -> None:
    before = spec(built)
    built.ask(GROW)
    built.ask(told(at(on=THIRD), "migrate", THIRD, HOST, operation=NEXT_OPERATION))
    assert spec(built) == before
    built.ask(told(at(LARGE, on=THIRD), host=THIRD, operation=NEXT_OPERATION))
    assert spec(built) == replace(before, version=2, size=LARGE)


@pytest.mark.parametrize("end", ["refused", "partly", "cancelled"])
def test_a_failed_scale_leaves_the_request_spec_as_it_was(built: Region, end: str) -> None:
    before = spec(built)
    small = scale(Size(1, 4096), operation=NEXT_OPERATION)
    built.ask(small)
    match end:
        case "refused":
            built.ask(refused(operation=NEXT_OPERATION))
        case "partly":
            built.ask(told(at(Size(1, 2048)), operation=NEXT_OPERATION))
        case _:
            built.ask(cancel(NEXT_OPERATION))
    assert spec(built) == before


def test_a_flavor_changed_later_stays_as_it_was_in_the_request_spec(built: Region) -> None:
    before = spec(built)
    built.ask(ChangeFlavor(flavor="small", extra_specs={"hw:max_vcpus": "2"}))
    assert spec(built) == before
    built.ask(GROW)


def test_a_declared_ceiling_replaces_only_the_maxima_of_the_request_spec(built: Region) -> None:
    before = spec(built)
    built.ask(DeclareCeiling(server=SERVER, ceiling=LARGE))
    assert spec(built) == replace(before, version=2, max_vcpus=4, max_memory_mib=8192)
