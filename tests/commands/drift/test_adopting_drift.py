"""An operator takes what somebody else did into the books, or has it undone."""

from __future__ import annotations

import pytest

from commands.command import Command
from commands.drift.adopt_drift import AdoptDrift, DriftTaken
from domain.catalogue.region_policy import RegionRules
from domain.server import (
    Deleted,
    DriftAdopted,
    ScaleConfirmed,
    ScaleFailed,
    ScaleRequested,
    Seen,
)
from domain.shared.errors import (
    NothingDrifted,
    OutcomeUndecided,
    QuotaExceeded,
    ScaleInProgress,
    Shortage,
)
from domain.shared.events import Event
from domain.shared.size import Size
from tests.commands.drift.test_drift import REAPPLY, now
from tests.commands.kit.region import Region
from tests.commands.kit.region import told as answered
from tests.commands.kit.standing import (
    GIVE_UP,
    SECOND,
    at,
    claimed,
    events,
    held_by,
    left,
    limited,
    loaded,
    observed,
    power,
    refused,
    released,
    ruled,
    standing,
    told,
    used,
)
from tests.kit.examples import (
    DEADLINE,
    ENVELOPE,
    GREW,
    HOST,
    LARGE,
    OPERATION,
    PROJECT,
    SERVER,
    SMALL,
    TINY,
)

ADOPT = AdoptDrift(server=SERVER)
FORCE = AdoptDrift(server=SERVER, force=True)
GREATER = {"instances": 1, "cores": 4, "ram": 8192}


def drifted(region: Region, seen: Seen | None, *past: tuple[str, Event]) -> Region:
    region.given(*standing(), *past)
    region.ask(observed(seen))
    return region


def test_what_was_claimed_when_it_was_seen_is_not_claimed_again(region: Region) -> None:
    drifted(region, at(LARGE))
    answer = region.ask(ADOPT)
    assert events(region)[3:] == [DriftAdopted(was=SMALL, size=LARGE, host=HOST)]
    assert answered(answer, DriftTaken) == DriftTaken(
        server=SERVER, size=LARGE, host=HOST, exceeded={}
    )
    assert (loaded(region).size, loaded(region).drift, used(region)) == (LARGE, None, GREATER)


def test_what_has_shrunk_is_given_back_when_it_is_adopted(region: Region) -> None:
    drifted(region, at(TINY))
    region.ask(ADOPT)
    assert events(region)[1:] == [
        DriftAdopted(was=SMALL, size=TINY, host=HOST),
        released({"cores": 1, "ram": 3072}, {"instances": 1, "cores": 1, "ram": 1024}, None),
        left(Size(1, 3072), TINY, operation=None),
    ]


def test_adopting_obeys_the_quota(region: Region) -> None:
    drifted(region, at(LARGE), *limited(cores=3))
    with pytest.raises(QuotaExceeded) as short:
        region.ask(ADOPT)
    assert vars(short.value) == {
        "project": PROJECT,
        "shortages": [Shortage(resource="cores", asked=0, used=4, limit=3, left=0, node=PROJECT)],
        "would_fit": None,
    }
    assert len(events(region)) == 3


def test_or_says_by_how_much_it_is_exceeded(region: Region) -> None:
    drifted(region, at(LARGE), *limited(cores=3, ram=8000))
    answer = region.ask(FORCE)
    exceeded = {"cores": 1, "ram": 192}
    assert events(region)[3:] == [DriftAdopted(was=SMALL, size=LARGE, host=HOST, exceeded=exceeded)]
    assert answered(answer, DriftTaken).exceeded == exceeded


def test_what_has_shrunk_is_adopted_above_the_quota(region: Region) -> None:
    drifted(region, at(TINY), *limited(cores=0))
    region.ask(ADOPT)
    assert loaded(region).size == TINY


def test_one_that_was_moved_is_held_where_it_is(region: Region) -> None:
    drifted(region, at(on=SECOND))
    region.ask(ADOPT)
    assert events(region)[2:] == [
        DriftAdopted(was=SMALL, size=SMALL, host=SECOND),
        left(SMALL, Size(0, 0), operation=None),
    ]
    assert held_by(region, SECOND) == SMALL


def test_one_that_is_missing_is_deleted_and_gives_everything_back(region: Region) -> None:
    drifted(region, None)
    region.ask(ADOPT)
    held = {"instances": 1, "cores": 2, "ram": 4096}
    assert events(region)[1:] == [
        Deleted(reason="its host no longer knows the server"),
        released(held, {"instances": 0, "cores": 0, "ram": 0}, None),
        left(SMALL, Size(0, 0), operation=None),
    ]


def test_one_that_was_started_besides_counts_from_then_on(region: Region) -> None:
    region.given(*standing(), *ruled(RegionRules(stopped_servers="when-running")))
    region.ask(power("stopped"))
    region.ask(told(at(power="stopped"), "stop"))
    region.ask(now(region, at(LARGE)))
    region.ask(ADOPT)
    assert (loaded(region).power, loaded(region).counted) == ("running", True)
    assert used(region) == GREATER


def test_one_that_was_stopped_besides_counts_no_longer(region: Region) -> None:
    region.given(*standing(), *ruled(RegionRules(stopped_servers="when-running")))
    region.ask(observed(at(LARGE, power="stopped")))
    region.ask(ADOPT)
    assert used(region) == {"instances": 1, "cores": 0, "ram": 0}


def test_without_drift_there_is_nothing_to_adopt_or_to_reapply(region: Region) -> None:
    region.given(*standing())
    for wish in (ADOPT, FORCE, REAPPLY):
        with pytest.raises(NothingDrifted):
            region.ask(wish)


def test_reapplying_brings_it_back_to_what_is_in_the_books(region: Region) -> None:
    drifted(region, at(LARGE))
    region.ask(REAPPLY)
    assert events(region)[3:] == [
        ScaleRequested(operation=OPERATION, host=HOST, was=SMALL, to=SMALL, deadline=DEADLINE)
    ]
    region.ask(told(at()))
    assert events(region)[4:] == [
        ScaleConfirmed(
            operation=OPERATION,
            was=SMALL,
            size=SMALL,
            guest=GREW,
            envelope=ENVELOPE,
            power="running",
        ),
        released({"cores": 2, "ram": 4096}, {"instances": 1, "cores": 2, "ram": 4096}),
        left(Size(2, 4096), SMALL),
    ]


@pytest.mark.parametrize("end", [refused(), told(at(LARGE))], ids=["refused", "as it was"])
def test_what_could_not_be_undone_is_still_drift_and_still_claimed(
    region: Region, end: Command
) -> None:
    drifted(region, at(LARGE))
    region.ask(REAPPLY)
    region.ask(end)
    assert [type(e) for e in events(region)[4:]] == [ScaleFailed]
    assert loaded(region).drift is not None
    assert used(region) == GREATER


@pytest.mark.parametrize("seen", [None, at(on=SECOND), at(LARGE, on=SECOND)])
def test_what_is_not_on_its_host_cannot_be_undone(region: Region, seen: Seen | None) -> None:
    drifted(region, seen)
    with pytest.raises(NothingDrifted):
        region.ask(REAPPLY)


def test_what_is_being_undone_is_not_adopted_meanwhile(region: Region) -> None:
    drifted(region, at(LARGE))
    region.ask(REAPPLY)
    with pytest.raises(ScaleInProgress):
        region.ask(FORCE)
    region.ask(GIVE_UP)
    with pytest.raises(OutcomeUndecided):
        region.ask(FORCE)


def test_a_smaller_claim_is_taken_up_again_when_the_books_are_the_larger(region: Region) -> None:
    drifted(region, at(TINY))
    region.ask(REAPPLY)
    region.ask(told(at()))
    assert loaded(region).drift is None
    assert used(region) == claimed({}, {"instances": 1, "cores": 2, "ram": 4096}).used
