"""Who is gone, in whatever way, leaves its group; who only failed at something stays."""

from __future__ import annotations

import pytest

from commands.command import Command
from commands.drift.adopt_drift import AdoptDrift
from commands.placement.delete_server_group import DeleteServerGroup
from tests.commands.kit.grouping import BUILD_IN_IT, GROUP, added, group, members, removed
from tests.commands.kit.region import Region
from tests.commands.kit.small_commands import cancel
from tests.commands.kit.standing import (
    GIVE_UP,
    RESOLVE,
    absent,
    at,
    flavor,
    host,
    image,
    observed,
    refused,
    scale,
)
from tests.commands.kit.standing import told as reported
from tests.commands.placement.test_group_members import DELETE, JOIN, in_group, of_group
from tests.commands.servers.test_adopt_server import ADOPT
from tests.kit.examples import HOST, LARGE, NEXT_OPERATION, SERVER


@pytest.fixture
def built(region: Region) -> Region:
    """In its group, and not there yet."""
    region.given(*flavor(), *image(), *host(HOST), *group())
    region.ask(BUILD_IN_IT)
    return region


def test_a_deleted_server_leaves_its_group(region: Region) -> None:
    in_group(region)
    region.ask(DELETE)
    assert members(region) == [SERVER]
    region.ask(absent("delete", NEXT_OPERATION))
    assert of_group(region)[1:] == [removed()]
    assert members(region) == []


def test_a_server_that_could_not_be_deleted_stays_in_its_group(region: Region) -> None:
    in_group(region)
    region.ask(DELETE)
    region.ask(refused("delete", operation=NEXT_OPERATION))
    assert members(region) == [SERVER]


@pytest.mark.parametrize("end", [refused("build"), absent("build"), cancel()], ids=str)
def test_a_server_whose_build_failed_leaves_its_group(built: Region, end: Command) -> None:
    built.ask(end)
    assert of_group(built)[1:] == [removed()]


def test_a_server_of_unknown_outcome_stays_in_its_group_until_it_is_known(built: Region) -> None:
    built.ask(GIVE_UP)
    assert members(built) == [SERVER]
    built.ask(RESOLVE)
    built.ask(absent("read-back"))
    assert members(built) == []


def test_a_server_deleted_by_others_leaves_its_group_once_adopted(region: Region) -> None:
    in_group(region)
    region.ask(observed(None, version=3))
    assert members(region) == [SERVER]
    region.ask(AdoptDrift(server=SERVER))
    assert of_group(region)[1:] == [removed()]


def test_a_server_that_failed_to_scale_stays_in_its_group(region: Region) -> None:
    in_group(region)
    region.ask(scale(LARGE))
    region.ask(refused())
    region.ask(scale(LARGE, operation=NEXT_OPERATION))
    region.ask(reported(at(LARGE), operation=NEXT_OPERATION))
    assert of_group(region) == [added()]


def test_a_server_adopted_again_is_in_no_group(region: Region) -> None:
    in_group(region)
    region.ask(DELETE)
    region.ask(absent("delete", NEXT_OPERATION))
    region.ask(ADOPT)
    assert members(region) == []
    region.ask(JOIN)
    assert of_group(region) == [added(), removed(), added()]


def test_a_server_of_a_deleted_group_leaves_nothing(region: Region) -> None:
    in_group(region)
    region.ask(DeleteServerGroup(group=GROUP))
    before = len(of_group(region))
    region.ask(DELETE)
    region.ask(absent("delete", NEXT_OPERATION))
    assert len(of_group(region)) == before
