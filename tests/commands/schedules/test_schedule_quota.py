"""A project has only so many schedules that wait, and gets each back when it is over."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

import pytest
from msgspec.structs import replace

from commands.engine.store import Answer
from commands.schedules.cancel_schedule import CancelSchedule
from commands.schedules.schedule_scale import ScheduleScale
from domain.quota import QuotaChanged, QuotaReleased, UserQuotaChanged
from domain.server import Deleted
from domain.shared.errors import QuotaExceeded, Shortage
from domain.shared.events import Event
from domain.shared.resources import ONE_SCHEDULE, SCHEDULES
from tests.commands.conftest import NewRegion
from tests.commands.kit.later import (
    ADOPTION,
    GONE,
    IN_A_WINDOW,
    SCHEDULE,
    SET,
    STREAM,
    TEN,
    WINDOW,
    claimed,
    made,
    run,
    schedule,
)
from tests.commands.kit.region import QUOTA_STREAM, SERVER_STREAM, Ask, Region
from tests.kit.examples import CLAIMED_AT_ADOPTION, LARGE, LATER, PROJECT

ONE = (QUOTA_STREAM, QuotaChanged(project=PROJECT, was={}, limits={SCHEDULES: 1}))
COUNTED = (*ADOPTION, ONE, (STREAM, made(counted=True)), claimed(CLAIMED_AT_ADOPTION.used))
CANCEL = CancelSchedule(schedule=SCHEDULE)


def another(number: int) -> ScheduleScale:
    return replace(schedule(LARGE, LATER), schedule=UUID(int=number))


def released(region: Region) -> list[int]:
    """How many schedules the project uses after each time that it gave one back."""
    events = [event for _, event in region.events if isinstance(event, QuotaReleased)]
    return [event.used[SCHEDULES] for event in events if event.amounts == ONE_SCHEDULE]


def test_one_above_the_limit_is_refused_with_the_numbers(region: Region) -> None:
    region.given(*COUNTED)
    with pytest.raises(QuotaExceeded) as refused:
        region.ask(another(7))
    short = Shortage(resource=SCHEDULES, asked=1, used=1, limit=1, left=0, node=PROJECT)
    assert refused.value.shortages == [short]
    assert region.events == []


def test_of_many_that_come_together_as_many_are_made_as_may(region: Region) -> None:
    region.given(*ADOPTION, ONE)
    outcomes = region.ask_together(*[Ask(another(n)) for n in range(1, 6)])
    assert [isinstance(one, Answer) for one in outcomes] == [True] + [False] * 4


def test_a_user_may_have_a_limit_of_its_own(region: Region) -> None:
    mine = UserQuotaChanged(project=PROJECT, user="ada", was={}, limits={SCHEDULES: 1})
    region.given(*ADOPTION, (QUOTA_STREAM, mine))
    region.ask(replace(another(1), user="ada"))
    with pytest.raises(QuotaExceeded) as refused:
        region.ask(replace(another(2), user="ada"))
    assert [one.scope for one in refused.value.shortages] == ["user"]
    region.ask(replace(another(3), user="ben"))
    region.ask(CancelSchedule(schedule=UUID(int=1)))
    region.ask(replace(another(4), user="ada"))


def test_a_cancelled_schedule_makes_room_for_another(region: Region) -> None:
    region.given(*COUNTED)
    region.ask(CANCEL)
    assert released(region) == [0]
    region.ask(another(7))


def test_a_schedule_that_ran_is_given_back_beside_what_its_scale_claims(region: Region) -> None:
    region.given(*COUNTED)
    region.ask(run(LATER))
    assert released(region) == [0]
    claims = [event for stream, event in region.events if stream == QUOTA_STREAM]
    assert len(claims) == 2


GONE_SERVER = ((SERVER_STREAM, Deleted()),)
IN_WINDOW = (
    *ADOPTION,
    (WINDOW, SET),
    (STREAM, made(IN_A_WINDOW, counted=True)),
    claimed(CLAIMED_AT_ADOPTION.used),
)


@pytest.mark.parametrize(
    ("past", "at"),
    [((*COUNTED, *GONE_SERVER), LATER), ((*IN_WINDOW, (WINDOW, GONE)), TEN)],
    ids=["server gone", "window gone"],
)
def test_a_refused_schedule_is_given_back(
    new_region: NewRegion, past: tuple[tuple[str, Event], ...], at: datetime
) -> None:
    region = new_region()
    region.given(*past)
    region.ask(run(at))
    assert released(region) == [0]


def test_a_schedule_of_before_there_was_a_quota_gives_nothing_back(region: Region) -> None:
    region.given(*ADOPTION, ONE, (STREAM, made()))
    region.ask(CANCEL)
    assert released(region) == []
