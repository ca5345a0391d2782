"""A region of its own for every test, on a database of its own."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.kit.postgres import Server, database
from tests.kit.region import Region, regions
from tests.kit.region_fixtures import new_region, region


@pytest.fixture(scope="module")
def shared(postgres: Server) -> Iterator[Region]:
    """One region for all tests of a file, for those that leave nothing that others would see."""
    with database(postgres) as dsn, regions(dsn) as new:
        region = new().leading()
        region.limits(instances=-1, cores=-1, ram=-1)
        yield region


__all__ = ["new_region", "region"]
