"""A region for every test, ended with it."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import ExitStack
from typing import Any

import pytest

from tests.commands.kit.region import Region

NewRegion = Callable[..., Region]


@pytest.fixture
def new_region() -> Iterator[NewRegion]:
    """Makes regions, also several on one store, one after another or at the same time."""
    with ExitStack() as ending:

        def new(*args: Any, **kwargs: Any) -> Region:
            region = Region(*args, **kwargs)
            ending.callback(region.end)
            return region

        yield new


@pytest.fixture
def region(new_region: NewRegion) -> Region:
    return new_region()
