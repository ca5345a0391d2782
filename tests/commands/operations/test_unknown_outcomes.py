"""When nobody can tell what became of an operation it keeps what it may have, until it is known."""

from __future__ import annotations

from typing import NamedTuple

import pytest

from commands.command import Command
from domain.server import (
    BuildFailed,
    Built,
    Deleted,
    DeleteFailed,
    OutcomeUnknown,
    PowerChanged,
    PowerFailed,
    ReadBackRequested,
    ScaleConfirmed,
    ScaleFailed,
    ScalePartlyApplied,
)
from domain.shared.errors import NothingToResolve
from tests.commands.kit.region import Region
from tests.commands.kit.standing import (
    BUILD,
    GIVE_UP,
    RESOLVE,
    Past,
    absent,
    at,
    events,
    flavor,
    host,
    image,
    loaded,
    power,
    refused,
    scale,
    standing,
    told,
    used,
)
from tests.commands.servers.test_delete_server import DELETE
from tests.kit.examples import HOST, LARGE, LATER, MIDDLE, OPERATION, TINY

BUILDABLE: Past = (*flavor(), *image(), *host(HOST))


class Case(NamedTuple):
    """What was asked, what is found later, how it then ends, and how many cores it then has;
    ``meanwhile`` is what is claimed until then."""

    past: Past
    asked: Command
    found: Command
    end: type
    cores: int
    meanwhile: int


CASES = {
    "grown": Case(standing(), scale(LARGE), told(at(LARGE), "read-back"), ScaleConfirmed, 4, 4),
    "not grown": Case(standing(), scale(LARGE), told(at(), "read-back"), ScaleFailed, 2, 4),
    "half grown": Case(
        standing(), scale(LARGE), told(at(MIDDLE), "read-back"), ScalePartlyApplied, 3, 4
    ),
    "shrunk": Case(standing(), scale(TINY), told(at(TINY), "read-back"), ScaleConfirmed, 1, 2),
    "not shrunk": Case(standing(), scale(TINY), told(at(), "read-back"), ScaleFailed, 2, 2),
    "not found": Case(standing(), scale(LARGE), absent("read-back"), ScaleFailed, 2, 4),
    "built": Case(BUILDABLE, BUILD, told(at(), "read-back"), Built, 2, 2),
    "not built": Case(BUILDABLE, BUILD, absent("read-back"), BuildFailed, 0, 2),
    "deleted": Case(standing(), DELETE, absent("read-back"), Deleted, 0, 2),
    "not deleted": Case(standing(), DELETE, told(at(), "read-back"), DeleteFailed, 2, 2),
    "stopped": Case(
        standing(),
        power("stopped"),
        told(at(power="stopped"), "read-back"),
        PowerChanged,
        2,
        2,
    ),
    "not stopped": Case(standing(), power("stopped"), told(at(), "read-back"), PowerFailed, 2, 2),
}


@pytest.mark.parametrize("case", CASES.values(), ids=CASES)
def test_an_unknown_outcome_holds_both_sizes_until_it_is_read_back(
    region: Region, case: Case
) -> None:
    region.given(*case.past)
    region.ask(case.asked)
    region.ask(GIVE_UP)
    assert isinstance(events(region)[-1], OutcomeUnknown)
    assert used(region)["cores"] == case.meanwhile
    region.ask(RESOLVE)
    looked = events(region)[-1]
    assert isinstance(looked, ReadBackRequested)
    assert (looked.operation, looked.host, looked.deadline) == (OPERATION, HOST, LATER)
    assert used(region)["cores"] == case.meanwhile
    before = len(region.facts)
    region.ask(case.found)
    assert type(events(region)[before]) is case.end
    assert used(region)["cores"] == case.cores
    assert loaded(region).operation is None


@pytest.mark.parametrize("case", CASES.values(), ids=CASES)
def test_an_operation_may_be_given_up_and_read_back_more_than_once(
    region: Region, case: Case
) -> None:
    region.given(*case.past)
    region.ask(case.asked)
    for _ in range(3):
        region.ask(GIVE_UP)
        region.ask(GIVE_UP)
        region.ask(RESOLVE)
        with pytest.raises(NothingToResolve):
            region.ask(RESOLVE)
        assert used(region)["cores"] == case.meanwhile
    unknown = [e for e in events(region) if isinstance(e, OutcomeUnknown)]
    assert len(unknown) == 3
    region.ask(case.found)
    assert used(region)["cores"] == case.cores


def test_a_late_report_settles_an_unknown_outcome(region: Region) -> None:
    region.given(*standing())
    region.ask(scale(LARGE))
    region.ask(GIVE_UP)
    region.ask(refused())
    assert isinstance(events(region)[4], ScaleFailed)
    assert used(region)["cores"] == 2


def test_an_operation_that_is_still_open_is_not_read_back(region: Region) -> None:
    """What was read is of a time when it may not have been done yet."""
    region.given(*standing())
    region.ask(scale(LARGE))
    region.ask(told(at(), "read-back"))
    assert len(events(region)) == 3
    assert loaded(region).works_on(OPERATION)
