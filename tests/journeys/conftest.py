"""A region of its own for every test, on a database of its own."""

from __future__ import annotations

from tests.kit.region_fixtures import new_region, region

__all__ = ["new_region", "region"]
