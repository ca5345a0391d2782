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


def test_adopting_claims_nothing_that_was_claimed_when_seen(region: Region) -> None:
    drifted(region, at(LARGE))
    answer = region.ask(ADOPT)
    assert events(region)[3:] == [DriftAdopted(was=SMALL, size=LARGE, host=HOST)]
    assert answered(answer, DriftTaken) == DriftTaken(
        server=SERVER, size=LARGE, host=HOST, exceeded={}
    )
    assert (loaded(region).size, loaded(region).drift, used(region)) == (LARGE, None, GREATER)


def test_a_shrunk_server_gives_back_when_it_is_adopted(region: Region) -> None:
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


def test_forced_adoption_says_by_how_much_the_quota_is_exceeded(region: Region) -> None:
    drifted(region, at(LARGE), *limited(cores=3, ram=8000))
    answer = region.ask(FORCE)
    exceeded = {"cores": 1, "ram": 192}
    assert events(region)[3:] == [DriftAdopted(was=SMALL, size=LARGE, host=HOST, exceeded=exceeded)]
    assert answered(answer, DriftTaken).exceeded == exceeded


def test_a_shrunk_server_is_adopted_even_above_the_quota(region: Region) -> None:
    drifted(region, at(TINY), *limited(cores=0))
    region.ask(ADOPT)
    assert loaded(region).size == TINY


def test_adopting_a_moved_server_holds_it_on_its_new_host_only(region: Region) -> None:
    drifted(region, at(on=SECOND))
    region.ask(ADOPT)
    assert events(region)[2:] == [
        DriftAdopted(was=SMALL, size=SMALL, host=SECOND),
        left(SMALL, Size(0, 0), operation=None),
    ]
    assert held_by(region, SECOND) == SMALL


def test_adopting_a_missing_server_deletes_it_and_gives_everything_back(region: Region) -> None:
    drifted(region, None)
    region.ask(ADOPT)
    held = {"instances": 1, "cores": 2, "ram": 4096}
    assert events(region)[1:] == [
        Deleted(reason="its host no longer knows the server"),
        released(held, {"instances": 0, "cores": 0, "ram": 0}, None),
        left(SMALL, Size(0, 0), operation=None),
    ]


def test_a_drifted_server_that_was_also_started_counts_once_adopted(region: Region) -> None:
    region.given(*standing(), *ruled(RegionRules(stopped_servers="when-running")))
    region.ask(power("stopped"))
    region.ask(told(at(power="stopped"), "stop"))
    region.ask(now(region, at(LARGE)))
    region.ask(ADOPT)
    assert (loaded(region).power, loaded(region).counted) == ("running", True)
    assert used(region) == GREATER


def test_a_drifted_server_that_was_also_stopped_stops_counting_once_adopted(region: Region) -> None:
    region.given(*standing(), *ruled(RegionRules(stopped_servers="when-running")))
    region.ask(observed(at(LARGE, power="stopped")))
    region.ask(ADOPT)
    assert used(region) == {"instances": 1, "cores": 0, "ram": 0}


def test_without_drift_there_is_nothing_to_adopt_or_to_reapply(region: Region) -> None:
    region.given(*standing())
    for wish in (ADOPT, FORCE, REAPPLY):
        with pytest.raises(NothingDrifted):
            region.ask(wish)


def test_reapplying_brings_a_server_back_to_its_recorded_size(region: Region) -> None:
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
def test_a_failed_reapplication_leaves_the_drift_and_its_claim(
    region: Region, end: Command
) -> None:
    drifted(region, at(LARGE))
    region.ask(REAPPLY)
    region.ask(end)
    assert [type(e) for e in events(region)[4:]] == [ScaleFailed]
    assert loaded(region).drift is not None
    assert used(region) == GREATER


@pytest.mark.parametrize("seen", [None, at(on=SECOND), at(LARGE, on=SECOND)])
def test_drift_to_another_host_cannot_be_reapplied(region: Region, seen: Seen | None) -> None:
    drifted(region, seen)
    with pytest.raises(NothingDrifted):
        region.ask(REAPPLY)


def test_drift_is_not_adopted_while_it_is_being_undone(region: Region) -> None:
    drifted(region, at(LARGE))
    region.ask(REAPPLY)
    with pytest.raises(ScaleInProgress):
        region.ask(FORCE)
    region.ask(GIVE_UP)
    with pytest.raises(OutcomeUndecided):
        region.ask(FORCE)


def test_reapplying_a_larger_recorded_size_claims_it_again(region: Region) -> None:
    drifted(region, at(TINY))
    region.ask(REAPPLY)
    region.ask(told(at()))
    assert loaded(region).drift is None
    assert used(region) == claimed({}, {"instances": 1, "cores": 2, "ram": 4096}).used
