"""A region for the tests of each file."""

from __future__ import annotations

from tests.adapters.http.conftest import new_region, region, shared

__all__ = ["new_region", "region", "shared"]
