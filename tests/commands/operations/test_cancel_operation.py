"""What was not sent to a hypervisor yet can be called off, and gives back all that it claimed."""

from __future__ import annotations

import pytest

from domain.server import OperationCancelled, ScaleFailed
from domain.shared.errors import NotFound, NothingToCancel
from domain.shared.size import Size
from tests.commands.drift.test_drift import REAPPLY
from tests.commands.kit.region import Ask, Region
from tests.commands.kit.small_commands import cancel
from tests.commands.kit.standing import (
    GIVE_UP,
    RESOLVE,
    SECOND,
    at,
    events,
    held_by,
    left,
    loaded,
    observed,
    power,
    refused,
    released,
    scale,
    standing,
    told,
    used,
)
from tests.kit.examples import HOST, LARGE, NEXT_OPERATION, OPERATION, SMALL, TINY

CANCELLED = OperationCancelled(operation=OPERATION)
REFUNDED = released({"cores": 2, "ram": 4096}, {"instances": 1, "cores": 2, "ram": 4096})


@pytest.fixture
def growing(region: Region) -> Region:
    region.given(*standing())
    region.ask(scale(LARGE))
    return region


def test_a_cancelled_growth_gives_back_what_it_claimed(growing: Region) -> None:
    growing.ask(cancel())
    assert events(growing)[3:] == [CANCELLED, REFUNDED, left(Size(2, 4096), SMALL)]
    assert (loaded(growing).size, loaded(growing).operation) == (SMALL, None)


def test_a_cancelled_shrink_has_nothing_to_give_back(region: Region) -> None:
    region.given(*standing())
    region.ask(scale(TINY))
    region.ask(cancel())
    assert events(region)[1:] == [CANCELLED]


def test_a_cancelled_migration_gives_back_what_the_other_host_held(region: Region) -> None:
    region.given(*standing(first=SMALL))
    region.ask(scale(LARGE, "migrate"))
    region.ask(cancel())
    assert events(region)[3:] == [CANCELLED, REFUNDED, left(LARGE, Size(0, 0), SECOND)]


def test_a_migrated_server_stays_where_it_is_and_its_scale_fails(region: Region) -> None:
    """It was migrated, which no cancelled operation does."""
    region.given(*standing(first=SMALL))
    region.ask(scale(LARGE, "migrate"))
    region.ask(told(at(on=SECOND), "migrate", SECOND, HOST))
    before = len(events(region))
    region.ask(cancel())
    assert events(region)[before:] == [
        ScaleFailed(
            operation=OPERATION, to=LARGE, size=SMALL, reason="cancelled after the migration"
        ),
        REFUNDED,
        left(Size(2, 4096), SMALL, SECOND),
    ]
    assert (loaded(region).host, loaded(region).size) == (SECOND, SMALL)
    assert held_by(region, SECOND) == SMALL


def test_a_cancelled_stop_leaves_the_server_running(region: Region) -> None:
    region.given(*standing())
    region.ask(power("stopped"))
    region.ask(cancel())
    assert events(region)[1:] == [CANCELLED]
    assert loaded(region).power == "running"


def test_a_cancelled_reapplication_leaves_the_drift(region: Region) -> None:
    region.given(*standing())
    region.ask(observed(at(LARGE)))
    region.ask(REAPPLY)
    region.ask(cancel())
    assert events(region)[-1] == CANCELLED
    assert loaded(region).drift is not None
    assert used(region)["cores"] == 4


def test_a_finished_operation_is_not_cancelled(growing: Region) -> None:
    growing.ask(told(at(LARGE)))
    with pytest.raises(NothingToCancel) as late:
        growing.ask(cancel())
    assert late.value.operation == OPERATION


def test_an_operation_that_is_not_the_open_one_is_not_cancelled(growing: Region) -> None:
    with pytest.raises(NothingToCancel):
        growing.ask(cancel(NEXT_OPERATION))


def test_an_operation_of_unknown_outcome_is_not_cancelled(growing: Region) -> None:
    growing.ask(GIVE_UP)
    with pytest.raises(NothingToCancel):
        growing.ask(cancel())
    growing.ask(RESOLVE)
    with pytest.raises(NothingToCancel):
        growing.ask(cancel())
    assert used(growing)["cores"] == 4


def test_of_two_cancellations_at_a_time_the_first_counts(growing: Region) -> None:
    first, second = growing.ask_together(Ask(cancel()), Ask(refused()))
    assert not isinstance(first, Exception)
    assert not isinstance(second, Exception)
    assert events(growing)[3:] == [CANCELLED, REFUNDED, left(Size(2, 4096), SMALL)]


def test_an_operation_of_an_unknown_server_is_not_found(region: Region) -> None:
    with pytest.raises(NotFound):
        region.ask(cancel())
