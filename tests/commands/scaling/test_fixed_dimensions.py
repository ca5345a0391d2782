"""In a dimension that neither flavor nor image names a maximum for, a server stays as it was built;
the image's maximum counts only where it is lower, or the only one."""

from __future__ import annotations

import pytest

from commands.scaling.declare_ceiling import DeclareCeiling
from commands.scaling.scale_server import ScaleAccepted
from commands.servers.build_server import BuildAccepted
from domain.quota import ProjectQuota
from domain.scaling.assess import Scale
from domain.scaling.plan import plan
from domain.server import Server
from domain.shared.errors import AboveCeiling, NotScalable
from domain.shared.size import Size
from tests.commands.kit.region import Region
from tests.commands.kit.region import told as answered
from tests.commands.kit.standing import BUILD, at, flavor, host, image, scale, told
from tests.domain.hosts.hosts import Region as Hosts
from tests.domain.quota.quotas import path
from tests.kit.examples import HOST, HUGE, LARGE, NEXT_OPERATION, SERVER, SMALL

VCPUS, MEMORY = "hw:max_vcpus", "hw:max_memory_mb"
OF_IMAGE = {VCPUS: "hw_max_vcpus", MEMORY: "hw_max_memory_mb"}


def built(region: Region, of_flavor: dict[str, str], of_image: dict[str, str]) -> Size | None:
    """The ceiling that was built in."""
    properties = {OF_IMAGE[name]: value for name, value in of_image.items()}
    region.given(*flavor(of_flavor), *image(properties), *host(HOST))
    answer = region.ask(BUILD)
    region.ask(told(at(), "build"))
    ceiling: Size | None = answered(answer, BuildAccepted).ceiling
    return ceiling


@pytest.mark.parametrize(
    ("of_flavor", "of_image", "ceiling"),
    [
        ({VCPUS: "8", MEMORY: "16384"}, {}, Size(8, 16_384)),
        ({}, {VCPUS: "8", MEMORY: "16384"}, Size(8, 16_384)),
        ({VCPUS: "8"}, {MEMORY: "16384"}, Size(8, 16_384)),
        ({VCPUS: "8", MEMORY: "16384"}, {VCPUS: "4", MEMORY: "8192"}, LARGE),
        ({VCPUS: "8", MEMORY: "16384"}, {VCPUS: "16", MEMORY: "65536"}, Size(8, 16_384)),
        ({VCPUS: "8"}, {}, Size(8, 4096)),
        ({MEMORY: "16384"}, {}, Size(2, 16_384)),
        ({VCPUS: "8", MEMORY: "16384"}, {VCPUS: "1"}, Size(2, 16_384)),
        ({}, {}, None),
    ],
    ids=[
        "flavor",
        "image",
        "one each",
        "image lower",
        "image higher",
        "vcpus only",
        "memory only",
        "image below what it is built with",
        "neither",
    ],
)
def test_the_ceiling_is_built_in(
    region: Region, of_flavor: dict[str, str], of_image: dict[str, str], ceiling: Size | None
) -> None:
    assert built(region, of_flavor, of_image) == ceiling


def refused(region: Region, to: Size) -> NotScalable:
    with pytest.raises(NotScalable) as fixed:
        region.ask(scale(to, "restart", NEXT_OPERATION))
    return fixed.value


@pytest.mark.parametrize("to", [Size(2, 8192), Size(2, 1024), Size(4, 8192)])
def test_memory_without_a_maximum_neither_grows_nor_shrinks(region: Region, to: Size) -> None:
    built(region, {VCPUS: "8"}, {})
    assert vars(refused(region, to)) == {"server_size": SMALL, "closed": ("memory",)}


@pytest.mark.parametrize("to", [Size(4, 4096), Size(1, 4096), Size(4, 8192)])
def test_vcpus_without_a_maximum_neither_grow_nor_shrink(region: Region, to: Size) -> None:
    built(region, {MEMORY: "16384"}, {})
    assert vars(refused(region, to)) == {"server_size": SMALL, "closed": ("vcpus",)}


def test_the_other_dimension_is_scaled(region: Region) -> None:
    built(region, {VCPUS: "8"}, {})
    answer = region.ask(scale(Size(8, 4096), operation=NEXT_OPERATION))
    assert answered(answer, ScaleAccepted).mode == "live"


def test_without_any_maximum_it_is_not_scalable(region: Region) -> None:
    built(region, {}, {})
    assert refused(region, LARGE).closed == ("vcpus", "memory")


def test_above_the_maximum_it_is_refused_with_the_ceiling(region: Region) -> None:
    built(region, {VCPUS: "8", MEMORY: "16384"}, {VCPUS: "4"})
    with pytest.raises(AboveCeiling) as above:
        region.ask(scale(Size(5, 4096), operation=NEXT_OPERATION))
    assert above.value.ceiling == Size(4, 16_384)


def test_an_administrators_word_names_both_maxima(region: Region) -> None:
    built(region, {VCPUS: "8"}, {})
    region.ask(DeclareCeiling(server=SERVER, ceiling=HUGE))
    region.ask(scale(LARGE, operation=NEXT_OPERATION))


def test_the_nearest_size_leaves_what_is_fixed(region: Region) -> None:
    built(region, {VCPUS: "8"}, {})
    stream = region.store.load(Server, f"server:{SERVER}")
    assert stream
    quota = path(ProjectQuota())
    scale = Scale(server=stream.state, quota=quota, to=Size(9, 1024), hosts=Hosts())
    assert plan(scale).nearest == Size(8, 4096)
