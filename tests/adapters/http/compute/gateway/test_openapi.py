"""The Compute door's description is complete and true, and whatever is made of it gets no 5xx."""

from __future__ import annotations

from pathlib import Path

import pytest
import schemathesis

from adapters import tokens
from adapters.http.compute.gateway.routes import declared
from adapters.http.compute.served import ROUTES
from tests.adapters.http.kit.served import OPEN
from tests.kit.described import finds_nothing
from tests.kit.region import OWN, Region

_DESCRIPTION = "/compute/v2.1/openapi.json"
_HERE = Path(__file__).parent


def test_the_compute_description_needs_a_token(shared: Region) -> None:
    assert shared.get(_DESCRIPTION, as_=None).status_code == 401


@pytest.mark.parametrize("minor", [1, 54, 55, 87, 88, 104])
def test_the_compute_description_is_valid_openapi_3_1_and_complete(
    shared: Region, minor: int
) -> None:
    headers = {"openstack-api-version": f"compute 2.{minor}"}
    document = shared.get(_DESCRIPTION, headers=headers).json()
    schemathesis.openapi.from_dict(document).validate()
    named = {one["operationId"] for path in document["paths"].values() for one in path.values()}
    routes = [declared(one) for one in ROUTES if not one.paths <= OPEN]
    assert named == {one.name for one in routes if one.since <= (2, minor) <= one.until}


@pytest.mark.takes(20)
@pytest.mark.xdist_group("schemathesis")
@pytest.mark.parametrize("minor", [1, 104])
def test_schemathesis_finds_nothing_wrong_with_the_compute_api(shared: Region, minor: int) -> None:
    """As an administrator of a project: who is of none makes nothing."""
    name = f"admin-{minor}"
    token = tokens.create(shared.dsn, name=name, role="admin", project=OWN)
    shared.limits(server_groups=-1)
    config, version = _HERE / "schemathesis.toml", f"2.{minor}"
    finds_nothing(config, shared.url, _DESCRIPTION, ULLAGE_TOKEN=token, ULLAGE_VERSION=version)
