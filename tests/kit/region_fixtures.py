"""A region of its own for every test, on a database of its own; conftest files take it in."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.kit.region import NewRegion, Region, regions


@pytest.fixture
def new_region(database: str) -> Iterator[NewRegion]:
    """Makes regions that are not started yet, all of them on one database."""
    with regions(database) as new:
        yield new


@pytest.fixture
def region(new_region: NewRegion) -> Region:
    """One that leads."""
    return new_region().leading()
