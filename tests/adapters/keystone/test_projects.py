"""Projects that somebody names are asked of Keystone before anything is set for them."""

from __future__ import annotations

import pytest

from tests.adapters.keystone.conftest import World
from tests.kit.region import Region

QUOTA = "/compute/v2.1/os-quota-sets"


@pytest.mark.parametrize("method", ["GET", "PUT"])
def test_a_project_that_keystone_does_not_know_gets_no_quota(
    shared: Region, world: World, method: str
) -> None:
    body = {"quota_set": {"cores": 5}} if method == "PUT" else None
    answer = shared.ask(method, f"{QUOTA}/nope", body)
    said = "Project ID nope is not a valid project."
    assert (answer.status_code, answer.json()["badRequest"]["message"]) == (400, said)
    assert shared.ask(method, f"{QUOTA}/{world.demo}", body).is_success


def test_limits_of_a_project_that_is_gone_can_be_removed(shared: Region) -> None:
    """Keystone does not know it any more; Nova does not ask either."""
    path = "/v1/projects/gone/quota"
    shared.put(path, {"limits": {"cores": 5}})
    assert shared.ask("DELETE", f"{QUOTA}/gone").status_code == 202
    assert shared.get(path).json()["own"] == {}


def test_a_project_that_keystone_does_not_know_gets_no_flavor_access(shared: Region) -> None:
    private = {"name": "few", "ram": 1, "vcpus": 1, "disk": 1, "os-flavor-access:is_public": False}
    made = shared.post("/compute/v2.1/flavors", {"flavor": private}).json()["flavor"]["id"]
    grant = {"addTenantAccess": {"tenant": "nope"}}
    answer = shared.post(f"/compute/v2.1/flavors/{made}/action", grant)
    said = "Project ID nope is not a valid project."
    assert (answer.status_code, answer.json()["badRequest"]["message"]) == (400, said)
