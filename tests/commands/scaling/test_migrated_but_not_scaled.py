"""Migrated and then not reconfigured: it has its old size on the new host, and so in the books."""

from __future__ import annotations

import pytest
from msgspec.structs import replace

from commands.operations.end_operation import EndOperation
from domain.server import Migrated, OutcomeUnknown, ScaleFailed, ScalePartlyApplied
from domain.shared.size import Size
from tests.commands.kit.region import Region
from tests.commands.kit.standing import (
    GIVE_UP,
    RESOLVE,
    SECOND,
    at,
    events,
    held_by,
    left,
    loaded,
    refused,
    released,
    scale,
    standing,
    told,
    used,
)
from tests.commands.scaling.test_three_cases import ARRIVED
from tests.kit.examples import ENVELOPE, GREW, HOST, LARGE, LATER, MIDDLE, OPERATION, SMALL

FAILED = ScaleFailed(operation=OPERATION, to=LARGE, size=SMALL, reason="as it came")
REFUNDED = released({"cores": 2, "ram": 4096}, {"instances": 1, "cores": 2, "ram": 4096})
NOTHING = Size(0, 0)


@pytest.fixture
def moving(region: Region) -> Region:
    region.given(*standing(first=SMALL))
    region.ask(scale(LARGE, "migrate"))
    return region


@pytest.fixture
def moved(moving: Region) -> Region:
    moving.ask(told(at(on=SECOND), "migrate", SECOND, HOST))
    return moving


@pytest.mark.parametrize(
    "end",
    [refused(host=SECOND), told(at(on=SECOND), host=SECOND)],
    ids=["refused", "read back as it was"],
)
def test_a_server_migrated_and_not_scaled_stays_there_and_is_refunded_once(
    moved: Region, end: EndOperation
) -> None:
    moved.ask(end)
    assert events(moved)[5:] == [FAILED, REFUNDED, left(Size(2, 4096), SMALL, SECOND)]
    moved.ask(end)
    assert len(events(moved)) == 8
    server = loaded(moved)
    assert (server.host, server.size, server.operation) == (SECOND, SMALL, None)
    assert (held_by(moved, HOST), held_by(moved, SECOND)) == (NOTHING, SMALL)


def test_a_server_migrated_and_partly_scaled_keeps_what_it_reached(moved: Region) -> None:
    moved.ask(told(at(MIDDLE, on=SECOND), host=SECOND))
    assert events(moved)[5] == ScalePartlyApplied(
        operation=OPERATION,
        was=SMALL,
        to=LARGE,
        size=MIDDLE,
        guest=GREW,
        envelope=ENVELOPE,
        reason="as it came",
        power="running",
    )
    assert held_by(moved, SECOND) == MIDDLE
    assert used(moved) == {"instances": 1, "cores": 3, "ram": 6144}


def test_a_migration_that_was_refused_gives_back_what_the_other_host_held(moving: Region) -> None:
    moving.ask(refused("migrate", SECOND, HOST))
    assert events(moving)[3:] == [FAILED, REFUNDED, left(LARGE, NOTHING, SECOND)]
    assert loaded(moving).host == HOST


def test_a_migration_that_was_turned_back_is_read_where_it_began(moving: Region) -> None:
    moving.ask(told(at(), "migrate", SECOND, HOST))
    assert events(moving)[3:] == [FAILED, REFUNDED, left(LARGE, NOTHING, SECOND)]


def test_of_a_migration_of_unknown_outcome_both_hosts_hold_what_may_be_there(
    moving: Region,
) -> None:
    moving.ask(GIVE_UP)
    assert events(moving)[3:] == [
        OutcomeUnknown(
            operation=OPERATION,
            was=SMALL,
            to=LARGE,
            reason="the host is silent",
            host=HOST,
            to_host=SECOND,
        )
    ]
    assert (held_by(moving, HOST), held_by(moving, SECOND)) == (SMALL, LARGE)
    assert used(moving)["cores"] == 4


def test_an_undecided_migration_is_settled_by_where_the_server_is_found(moving: Region) -> None:
    moving.ask(GIVE_UP)
    moving.ask(RESOLVE)
    moving.ask(told(at(on=SECOND), "read-back", SECOND, HOST))
    assert events(moving)[5:] == [
        replace(ARRIVED, deadline=LATER),
        FAILED,
        REFUNDED,
        left(SMALL, NOTHING),
        left(Size(2, 4096), SMALL, SECOND),
    ]


def test_a_late_word_that_it_arrived_ends_what_was_given_up(moving: Region) -> None:
    """Its deadline has passed: nobody is asked to go on."""
    moving.ask(GIVE_UP)
    moving.ask(told(at(on=SECOND), "migrate", SECOND, HOST))
    assert [type(e) for e in events(moving)[4:6]] == [Migrated, ScaleFailed]
    assert loaded(moving).operation is None
    assert held_by(moving, SECOND) == SMALL
