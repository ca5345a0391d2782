"""A server by a flavor, and resized to others: what tests of that begin with."""

from __future__ import annotations

from uuid import UUID

from msgspec.structs import replace

from commands.scaling.resize_server import ConfirmResize, ResizeServer, RevertResize
from domain.catalogue.flavor import FlavorCreated, FlavorSettings
from domain.server import (
    FlavorTerms,
    ScaleRequested,
)
from domain.shared.events import Event
from domain.shared.request_spec import FlavorCopy
from domain.shared.size import Size
from tests.commands.kit.region import Region
from tests.commands.kit.standing import BUILD, Past, at, events, flavor, host, image, told
from tests.domain.hosts.hosts import EXACTLY
from tests.kit.examples import DEADLINE, HOST, HUGE, LARGE, NEXT_OPERATION, SERVER, SMALL, TINY

UP = ResizeServer(server=SERVER, flavor="large", operation=NEXT_OPERATION, deadline=DEADLINE)
DOWN: ResizeServer = replace(UP, flavor="tiny")
CONFIRM = ConfirmResize(server=SERVER, reason="why")
THIRD_OPERATION = UUID(int=0x3)
REVERT = RevertResize(server=SERVER, operation=THIRD_OPERATION, deadline=DEADLINE, reason="why")
LIMITS = {"hw:max_vcpus": "8", "hw:max_memory_mb": "16384"}


def of(size: Size) -> dict[str, int]:
    return {"instances": 1, "cores": size.vcpus, "ram": size.memory_mib}


def another(id_: str, size: Size, specs: dict[str, str]) -> Past:
    created = FlavorCreated(
        name=id_,
        vcpus=size.vcpus,
        memory_mib=size.memory_mib,
        to=FlavorSettings(extra_specs=specs),
    )
    return ((f"flavor:{id_}", created),)


def copy(id_: str, size: Size, specs: dict[str, str]) -> FlavorCopy:
    return FlavorCopy(
        id=id_, name=id_, vcpus=size.vcpus, memory_mib=size.memory_mib, extra_specs=specs
    )


FAST = {"trait:CUSTOM_FAST": "required"}
CATALOGUE: Past = (
    *flavor(LIMITS | FAST),
    *another("large", LARGE, {}),
    *another("tiny", TINY, LIMITS),
    *image(),
    *host(HOST, HUGE, replace(EXACTLY, traits=("CUSTOM_FAST", "CUSTOM_OWN"))),
)
WAS = FlavorTerms(
    flavor=copy("small", SMALL, LIMITS | FAST),
    size=SMALL,
    ceiling=Size(8, 16_384),
    traits=("CUSTOM_FAST", "CUSTOM_OWN"),
    max_vcpus=8,
    max_memory_mib=16_384,
)
GROWN = FlavorTerms(
    flavor=copy("large", LARGE, {}), size=LARGE, ceiling=None, traits=("CUSTOM_OWN",)
)


def build(region: Region) -> Region:
    """By the flavor small, with a trait that somebody asked for beside it."""
    region.given(*CATALOGUE)
    region.ask(replace(BUILD, traits=("CUSTOM_OWN",)))
    region.ask(told(at(), "build"))
    return region


def resize(region: Region, wish: ResizeServer, to: Size) -> Region:
    """Done, and not confirmed."""
    region.ask(wish)
    region.ask(told(at(to), "restart", operation=NEXT_OPERATION))
    return region


# Of building there are three facts with what they claim, and one that it is there.
BUILD_FACTS = 4
MORE = Size(LARGE.vcpus - SMALL.vcpus, LARGE.memory_mib - SMALL.memory_mib)
ASKED = ScaleRequested(
    operation=NEXT_OPERATION,
    host=HOST,
    was=SMALL,
    to=LARGE,
    deadline=DEADLINE,
    consent="restart",
    mode="restart",
    resize=GROWN,
)


def since(region: Region, count: int = BUILD_FACTS) -> list[Event]:
    return events(region)[count:]
