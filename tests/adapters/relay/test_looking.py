"""A server is read back wherever it is, and its absence is told only if every host has answered."""

from __future__ import annotations

from time import monotonic

import pytest
from msgspec.structs import replace

from adapters.relay.carry.carry import Again
from adapters.relay_wire import Absent
from domain.server import Power
from projections.outbox.lanes import Message
from tests.adapters.relay.carrying import HERE, THERE, World, is_about, seen_by
from tests.kit.hypervisor import SMALL


@pytest.fixture
def world() -> World:
    return World()


def _read_back(world: World, to_host: str | None = None) -> Message:
    return replace(world.ask("read-back", sent_before=True), to_host=to_host)


def test_a_server_is_read_back_where_it_is(world: World) -> None:
    assert seen_by(world.carry(_read_back(world))) == (HERE, SMALL, "running")


def test_a_migrated_server_is_read_back_on_its_new_host(world: World) -> None:
    ask = _read_back(world, to_host=THERE)
    world.here.move(ask.server, world.there)
    assert seen_by(world.carry(ask)) == (THERE, SMALL, "running")


@pytest.mark.parametrize("left", [None, "stopped", "paused"])
def test_a_server_that_did_not_migrate_is_read_back_on_its_old_host(
    world: World, left: Power | None
) -> None:
    """What a migration that failed has left there does not run."""
    ask = _read_back(world, to_host=THERE)
    if left == "stopped" or left == "paused":  # noqa: PLR1714 (mypy narrows by this)
        world.there.sizes[ask.server], world.there.powers[ask.server] = SMALL, left
    assert seen_by(world.carry(ask)) == (HERE, SMALL, "running")


def test_a_server_that_no_host_knows_is_absent(world: World) -> None:
    ask = _read_back(world, to_host=THERE)
    world.here.forget(ask.server)
    became = world.carry(ask)
    assert isinstance(became, Absent)
    assert is_about(became, ask)


@pytest.mark.parametrize("silent", [HERE, THERE])
def test_an_absence_is_not_reported_while_a_host_is_silent(world: World, silent: str) -> None:
    ask = _read_back(world, to_host=THERE)
    world.here.forget(ask.server)
    {HERE: world.here, THERE: world.there}[silent].down = True
    became = world.carry(ask)
    assert isinstance(became, Again)
    assert world.effects() == 0


def test_a_read_back_is_made_after_the_deadline_too(world: World) -> None:
    ask = replace(_read_back(world), expires=monotonic() - 1)
    assert seen_by(world.carry(ask)) == (HERE, SMALL, "running")


def test_a_read_back_on_a_host_that_is_not_known_is_asked_again(world: World) -> None:
    became = world.carry(replace(_read_back(world), host="elsewhere"))
    assert isinstance(became, Again)
    assert became.sent
