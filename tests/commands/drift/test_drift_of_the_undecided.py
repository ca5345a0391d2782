"""While nobody knows what came of an operation others go on changing its server: that is told."""

from __future__ import annotations

import pytest

from commands.command import Command
from domain.server import Drift, DriftObserved, OutcomeUnknown, ScalePartlyApplied, Seen
from domain.shared.size import Size
from tests.commands.drift.test_drift import now
from tests.commands.kit.region import Region
from tests.commands.kit.standing import (
    GIVE_UP,
    RESOLVE,
    SECOND,
    THIRD,
    at,
    events,
    held_by,
    loaded,
    power,
    scale,
    standing,
    told,
    used,
)
from tests.commands.servers.test_delete_server import DELETE
from tests.kit.examples import HOST, HUGE, LARGE, MIDDLE, SMALL, TINY

GREATER = {"instances": 1, "cores": 16, "ram": 65536}
LIVE, MOVING = scale(LARGE), scale(LARGE, "migrate")


def undecided(region: Region, asked: Command, first: Size = HUGE) -> int:
    """How many facts there are when it has been given up."""
    region.given(*standing(first=first, third=HUGE))
    region.ask(asked)
    region.ask(GIVE_UP)
    assert isinstance(events(region)[-1], OutcomeUnknown)
    return len(events(region))


def test_more_than_the_undecided_operation_asked_for_is_drift_and_claimed(region: Region) -> None:
    before = undecided(region, LIVE)
    region.ask(now(region, at(HUGE)))
    drift = DriftObserved(was=SMALL, host=HOST, drift=Drift(seen=at(HUGE)))
    assert events(region)[before] == drift
    assert (used(region), held_by(region, HOST)) == (GREATER, HUGE)
    assert loaded(region).operation is not None


@pytest.mark.parametrize(
    "seen", [at(TINY), at(Size(1, 8192)), at(on=THIRD), at(LARGE, power="paused"), None]
)
def test_what_the_undecided_operation_cannot_have_done_is_drift(
    region: Region, seen: Seen | None
) -> None:
    before = undecided(region, LIVE)
    region.ask(now(region, seen))
    drift = DriftObserved(was=SMALL, host=HOST, drift=Drift(seen=seen))
    assert events(region)[before] == drift


@pytest.mark.parametrize(
    ("asked", "first", "seen"),
    [
        (LIVE, HUGE, at()),
        (LIVE, HUGE, at(LARGE)),
        (LIVE, HUGE, at(MIDDLE)),
        (LIVE, HUGE, at(LARGE, power="stopped")),
        (MOVING, SMALL, at(on=SECOND)),
        (MOVING, SMALL, None),
        (DELETE, HUGE, None),
        (power("stopped"), HUGE, at(power="stopped")),
    ],
)
def test_what_the_undecided_operation_may_have_done_is_no_drift(
    region: Region, asked: Command, first: Size, seen: Seen | None
) -> None:
    before = undecided(region, asked, first)
    claimed = used(region)
    region.ask(now(region, seen))
    assert len(events(region)) == before
    assert used(region) == claimed


def test_drift_ends_when_only_the_undecided_operation_explains_the_server(region: Region) -> None:
    before = undecided(region, LIVE)
    region.ask(now(region, at(HUGE)))
    more = len(events(region))
    region.ask(now(region, at(LARGE)))
    assert events(region)[more] == DriftObserved(was=SMALL, host=HOST, drift=None)
    assert (loaded(region).drift, used(region)["cores"]) == (None, 4)
    assert more > before


@pytest.mark.parametrize("found", [HUGE, MIDDLE])
def test_a_resolved_operation_holds_the_server_as_it_is(region: Region, found: Size) -> None:
    undecided(region, LIVE)
    region.ask(now(region, at(MIDDLE)))
    if found == HUGE:
        region.ask(now(region, at(HUGE)))
    region.ask(RESOLVE)
    region.ask(now(region, at(TINY)))  # a relay is at work: it says nothing
    region.ask(told(at(found), "read-back"))
    server = loaded(region)
    assert server.operation is None
    assert used(region)["cores"] == found.vcpus
    assert held_by(region, HOST) == found
    if found == MIDDLE:
        assert [type(e) for e in events(region)].count(ScalePartlyApplied) == 1
        assert (server.size, server.drift) == (MIDDLE, None)
