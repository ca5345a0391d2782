"""Of a server that could not be built its record says why, until somebody puts it away."""

from __future__ import annotations

import pytest

from commands.command import Command
from commands.servers.discard_server import DiscardServer
from domain.server import BuildFailed, Deleted
from domain.shared.errors import NotFound
from tests.commands.kit.grouping import BUILD_IN_IT, GROUP_STREAM, group, members
from tests.commands.kit.region import SERVER_STREAM, Region
from tests.commands.kit.standing import (
    BUILD,
    absent,
    at,
    events,
    flavor,
    host,
    image,
    loaded,
    refusal,
    refused,
    standing,
    told,
)
from tests.commands.kit.wishes import cancel
from tests.commands.servers.test_adopt_server import ADOPT
from tests.kit.examples import HOST, OPERATION, SERVER

DISCARD = DiscardServer(server=SERVER, reason="seen")


@pytest.fixture
def failed(region: Region) -> Region:
    region.given(*flavor(), *image(), *host(HOST), *group())
    region.ask(BUILD_IN_IT)
    region.ask(refused("build"))
    return region


def test_why_it_could_not_be_built_stands_in_its_record(failed: Region) -> None:
    assert loaded(failed).fault == "as it came"
    assert BuildFailed(operation=OPERATION, reason="as it came") in events(failed)


def test_it_is_put_away_once(failed: Region) -> None:
    before = len(failed.events)
    failed.ask(DISCARD)
    assert failed.events[before:] == [(SERVER_STREAM, Deleted(reason="seen"))]
    assert (loaded(failed).fault, loaded(failed).power) == (None, "gone")
    missing = refusal(failed, DISCARD)
    assert isinstance(missing, NotFound)
    assert vars(missing) == {"what": "server", "id": str(SERVER)}


def test_nothing_was_left_to_give_back(failed: Region) -> None:
    assert members(failed) == []
    before = {stream for stream, _ in failed.events}
    failed.ask(DISCARD)
    assert before >= {SERVER_STREAM, GROUP_STREAM}
    assert failed.events[-1][0] == SERVER_STREAM


@pytest.mark.parametrize("end", [told(at(), "build"), cancel()], ids=["built", "cancelled"])
def test_only_what_failed_is_put_away(region: Region, end: Command) -> None:
    region.given(*flavor(), *image(), *host(HOST))
    region.ask(BUILD)
    assert isinstance(refusal(region, DISCARD), NotFound)
    region.ask(end)
    assert isinstance(refusal(region, DISCARD), NotFound)


def test_a_server_that_is_there_is_not_put_away(region: Region) -> None:
    region.given(*standing())
    assert isinstance(refusal(region, DISCARD), NotFound)


def test_nor_is_one_that_is_found_after_all(failed: Region) -> None:
    failed.ask(ADOPT)
    assert loaded(failed).fault is None
    assert isinstance(refusal(failed, DISCARD), NotFound)


def test_one_of_which_nothing_was_found_has_failed_too(region: Region) -> None:
    region.given(*flavor(), *image(), *host(HOST))
    region.ask(BUILD)
    region.ask(absent("build"))
    region.ask(DISCARD)
    assert loaded(region).fault is None
