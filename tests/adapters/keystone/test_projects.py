"""Projects that somebody names are asked of Keystone before anything is set for them."""

from __future__ import annotations

import pytest

from tests.adapters.keystone.conftest import World
from tests.region import Region

QUOTA = "/compute/v2.1/os-quota-sets"


@pytest.mark.parametrize("method", ["GET", "PUT", "DELETE"])
def test_one_that_keystone_does_not_know_has_no_quota(
    shared: Region, world: World, method: str
) -> None:
    body = {"quota_set": {"cores": 5}} if method == "PUT" else None
    answer = shared.ask(method, f"{QUOTA}/nope", body)
    said = "Project ID nope is not a valid project."
    assert (answer.status_code, answer.json()["badRequest"]["message"]) == (400, said)
    assert shared.ask(method, f"{QUOTA}/{world.demo}", body).is_success
