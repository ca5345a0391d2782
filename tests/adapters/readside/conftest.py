"""A region of its own for every test, on a database of its own, with the hosts of the story."""

from __future__ import annotations

import pytest

from tests.adapters.readside.server_story import HOSTS
from tests.kit.hypervisor import ScriptedHost
from tests.kit.region import NewRegion, Region
from tests.kit.region_fixtures import new_region


@pytest.fixture
def region(new_region: NewRegion) -> Region:
    """One that leads."""
    return new_region({name: ScriptedHost() for name in HOSTS}).leading()


__all__ = ["new_region", "region"]
