"""How far a server may be scaled by its flavor and its image, and by whose leave."""

from __future__ import annotations

from itertools import product

import pytest

from domain.catalogue.scalability import Maxima, closed, count, maxima

NAMES = ("region", "flavor", "image", "server")


def cores(flavor: str | None, image: str | None) -> Maxima:
    return maxima(
        {"hw:max_vcpus": flavor} if flavor else {}, {"hw_max_vcpus": image} if image else {}
    )


@pytest.mark.parametrize(
    ("flavor", "image", "most", "ignored"),
    [
        ("8", None, 8, ()),
        (None, "4", 4, ()),
        ("8", "4", 4, ()),
        ("8", "16", 8, ("hw_max_vcpus",)),
        ("8", "8", 8, ("hw_max_vcpus",)),
        ("10", "9", 9, ()),
        (None, None, None, ()),
    ],
)
def test_the_images_maximum_counts_only_where_it_is_lower(
    flavor: str | None, image: str | None, most: int | None, ignored: tuple[str, ...]
) -> None:
    """V1, V2: compared as numbers, and what does not count is told."""
    assert cores(flavor, image) == Maxima(vcpus=most, memory_mib=None, ignored=ignored)


def test_the_maxima_of_each_dimension_are_decided_alone() -> None:
    """V3: what nobody named a maximum for is not scalable."""
    extra_specs = {"hw:max_vcpus": "8", "hw:max_memory_mb": "4096", "hw:cpu_policy": "shared"}
    properties = {"hw_max_vcpus": "16", "hw_max_memory_mb": "2048", "os_type": "linux"}
    assert maxima(extra_specs, properties) == Maxima(
        vcpus=8, memory_mib=2048, ignored=("hw_max_vcpus",)
    )
    assert maxima({"hw:max_memory_mb": "4096"}, {}) == Maxima(vcpus=None, memory_mib=4096)
    assert maxima({}, {}) == Maxima(vcpus=None, memory_mib=None)


def test_every_ignored_image_property_is_named() -> None:
    extra_specs = {"hw:max_vcpus": "2", "hw:max_memory_mb": "1024"}
    properties = {"hw_max_vcpus": "4", "hw_max_memory_mb": "1024"}
    assert maxima(extra_specs, properties).ignored == ("hw_max_vcpus", "hw_max_memory_mb")


@pytest.mark.parametrize("flags", list(product((True, False), repeat=4)))
def test_scaling_is_open_only_if_all_four_flags_say_so(
    flags: tuple[bool, bool, bool, bool],
) -> None:
    """C-R11: each flag that says no is named; sixteen combinations, one of them open."""
    shut = closed(**dict(zip(NAMES, flags, strict=True)))
    assert shut == tuple(name for name, flag in zip(NAMES, flags, strict=True) if not flag)
    assert (shut == ()) == (flags == (True, True, True, True))


@pytest.mark.parametrize(
    "written", ["", "0", "-1", "+1", "1.0", " 1", "1\n", "08", "0x8", "٤", "many", "9" * 19]
)
def test_a_maximum_is_a_whole_number_above_0(written: str) -> None:
    assert count(written) is None


@pytest.mark.parametrize(("written", "number"), [("1", 1), ("64", 64), ("9" * 18, 10**18 - 1)])
def test_whole_numbers_above_0_are_read_as_maxima(written: str, number: int) -> None:
    assert count(written) == number
