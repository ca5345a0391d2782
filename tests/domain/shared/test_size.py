"""Sizes are compared and joined component by component."""

from __future__ import annotations

from domain.shared.size import Size

WIDE, TALL = Size(4, 1024), Size(1, 8192)


def test_a_size_fits_only_if_both_components_do() -> None:
    assert Size(2, 4096).fits(Size(2, 4096))
    assert Size(1, 512).fits(Size(2, 4096))
    assert not Size(3, 4096).fits(Size(2, 4096))
    assert not Size(2, 4097).fits(Size(2, 4096))


def test_max_with_is_the_larger_of_each_component() -> None:
    assert WIDE.max_with(TALL) == TALL.max_with(WIDE) == Size(4, 8192)


def test_min_with_is_the_smaller_of_each_component() -> None:
    assert WIDE.min_with(TALL) == TALL.min_with(WIDE) == Size(1, 1024)


def test_a_size_reads_with_its_units() -> None:
    assert str(Size(2, 4096)) == "2 vCPUs / 4096 MiB"
