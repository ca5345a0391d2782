"""A server that was deleted comes back only to whom it was, and counts as it is found."""

from __future__ import annotations

import pytest
from msgspec.structs import replace

from domain.catalogue.region_policy import RegionRules
from domain.server import Power
from domain.shared.errors import AlreadyAdopted
from tests.commands.kit.region import SERVER_STREAM, Region
from tests.commands.kit.standing import (
    absent,
    events,
    held_by,
    host,
    limited,
    loaded,
    refusal,
    ruled,
    standing,
    used,
)
from tests.commands.servers.test_adopt_server import ADOPT
from tests.commands.servers.test_delete_server import DELETE
from tests.kit.examples import HOST, PROJECT, SERVER, SMALL

WHEN_RUNNING = ruled(RegionRules(stopped_servers="when-running"))
ALONE = {"instances": 1, "cores": 0, "ram": 0}
WHOLE = {"instances": 1, "cores": 2, "ram": 4096}


@pytest.fixture
def deleted(region: Region) -> Region:
    region.given(*standing())
    region.ask(DELETE)
    region.ask(absent("delete"))
    return region


def test_another_project_never_gets_a_deleted_server_or_its_history(deleted: Region) -> None:
    refused = refusal(deleted, replace(ADOPT, project="other"))
    assert isinstance(refused, AlreadyAdopted)
    assert refused.server == SERVER
    assert loaded(deleted).project == PROJECT


def test_its_own_project_adopts_a_deleted_server_again_without_its_old_settings(
    deleted: Region,
) -> None:
    deleted.ask(ADOPT)
    server = loaded(deleted)
    assert (server.project, server.power, server.ceiling) == (PROJECT, "running", None)
    assert used(deleted) == WHOLE


@pytest.mark.parametrize(("power", "counts"), [("stopped", ALONE), ("running", WHOLE)])
def test_a_server_found_stopped_has_no_cores_where_only_running_ones_count(
    region: Region, power: Power, counts: dict[str, int]
) -> None:
    region.given(*host(HOST), *WHEN_RUNNING)
    region.ask(replace(ADOPT, power=power))
    assert used(region) == counts
    assert loaded(region).counted == (power == "running")
    assert held_by(region, HOST) == SMALL


def test_a_server_found_stopped_needs_no_quota_of_cores_where_only_running_ones_count(
    region: Region,
) -> None:
    region.given(*host(HOST), *WHEN_RUNNING, *limited(cores=0, ram=0))
    region.ask(replace(ADOPT, power="stopped"))
    assert (SERVER_STREAM, loaded(region).power) == (region.events[0][0], "stopped")


def test_a_server_found_stopped_counts_where_stopped_servers_count(region: Region) -> None:
    region.given(*host(HOST))
    region.ask(replace(ADOPT, power="stopped"))
    assert used(region) == WHOLE
    assert len(events(region)) == 3
