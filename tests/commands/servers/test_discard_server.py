"""Of a server that could not be built its record says why, until somebody puts it away."""

from __future__ import annotations

import pytest

from commands.command import Command
from commands.servers.discard_server import DiscardServer
from domain.server import BuildFailed, Deleted
from domain.shared.errors import NotFound
from tests.commands.kit.grouping import BUILD_IN_IT, GROUP_STREAM, group, members
from tests.commands.kit.region import SERVER_STREAM, Region
from tests.commands.kit.small_commands import cancel
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
from tests.commands.servers.test_adopt_server import ADOPT
from tests.kit.examples import HOST, OPERATION, SERVER

DISCARD = DiscardServer(server=SERVER, reason="seen")


@pytest.fixture
def failed(region: Region) -> Region:
    region.given(*flavor(), *image(), *host(HOST), *group())
    region.ask(BUILD_IN_IT)
    region.ask(refused("build"))
    return region


def test_a_failed_build_records_why(failed: Region) -> None:
    assert loaded(failed).fault == "as it came"
    assert BuildFailed(operation=OPERATION, reason="as it came") in events(failed)


def test_a_failed_build_is_discarded_once(failed: Region) -> None:
    before = len(failed.events)
    failed.ask(DISCARD)
    assert failed.events[before:] == [(SERVER_STREAM, Deleted(reason="seen"))]
    assert (loaded(failed).fault, loaded(failed).power) == (None, "gone")
    missing = refusal(failed, DISCARD)
    assert isinstance(missing, NotFound)
    assert vars(missing) == {"what": "server", "id": str(SERVER)}


def test_discarding_a_failed_build_gives_nothing_back(failed: Region) -> None:
    assert members(failed) == []
    before = {stream for stream, _ in failed.events}
    failed.ask(DISCARD)
    assert before >= {SERVER_STREAM, GROUP_STREAM}
    assert failed.events[-1][0] == SERVER_STREAM


@pytest.mark.parametrize("end", [told(at(), "build"), cancel()], ids=["built", "cancelled"])
def test_a_server_whose_build_did_not_fail_is_not_discarded(region: Region, end: Command) -> None:
    region.given(*flavor(), *image(), *host(HOST))
    region.ask(BUILD)
    assert isinstance(refusal(region, DISCARD), NotFound)
    region.ask(end)
    assert isinstance(refusal(region, DISCARD), NotFound)


def test_an_existing_server_is_not_discarded(region: Region) -> None:
    region.given(*standing())
    assert isinstance(refusal(region, DISCARD), NotFound)


def test_a_failed_build_that_is_found_after_all_is_not_discarded(failed: Region) -> None:
    failed.ask(ADOPT)
    assert loaded(failed).fault is None
    assert isinstance(refusal(failed, DISCARD), NotFound)


def test_a_build_of_which_nothing_was_found_can_be_discarded(region: Region) -> None:
    region.given(*flavor(), *image(), *host(HOST))
    region.ask(BUILD)
    region.ask(absent("build"))
    region.ask(DISCARD)
    assert loaded(region).fault is None
