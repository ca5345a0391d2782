"""CloudStack's rules of what a scale comes to, each by its number; see test_rules.py."""

from __future__ import annotations

from itertools import pairwise

import pytest

from commands.engine.store import Answer
from domain.server import (
    OutcomeUnknown,
    ScaleConfirmed,
    ScaleFailed,
    ScalePartlyApplied,
    ScaleRequested,
)
from domain.shared.errors import ScaleInProgress
from domain.shared.resources import held
from domain.shared.size import Size
from tests.commands.kit.region import Ask, Region
from tests.commands.kit.standing import (
    GIVE_UP,
    RESOLVE,
    at,
    events,
    held_by,
    loaded,
    scale,
    standing,
    told,
    used,
)
from tests.kit.examples import HOST, LARGE, MIDDLE, NEXT_OPERATION, SMALL


def test_cr25_the_quota_holds_the_size_that_was_reached(region: Region) -> None:
    region.given(*standing())
    region.ask(scale(LARGE))
    region.ask(told(at(Size(2, 8192))))
    (partly,) = (e for e in events(region) if isinstance(e, ScalePartlyApplied))
    assert (partly.was, partly.to, partly.size) == (SMALL, LARGE, Size(2, 8192))
    assert used(region) == held(Size(2, 8192))
    assert held_by(region, HOST) == loaded(region).size == Size(2, 8192)


def test_cr27_a_success_is_recorded_once_however_often_it_is_reported(region: Region) -> None:
    region.given(*standing())
    region.ask(scale(LARGE))
    for _ in range(3):
        region.ask(told(at(LARGE)))
    assert [type(e) for e in events(region)].count(ScaleConfirmed) == 1
    assert (used(region), held_by(region, HOST)) == (held(LARGE), LARGE)


def test_cr28_a_second_scale_is_decided_on_the_result_of_the_first(region: Region) -> None:
    region.given(*standing())
    first, second = region.ask_together(
        Ask(scale(LARGE)), Ask(scale(MIDDLE, operation=NEXT_OPERATION))
    )
    assert isinstance(first, Answer)
    assert isinstance(second, ScaleInProgress)
    region.ask(told(at(LARGE)))
    region.ask(scale(MIDDLE, operation=NEXT_OPERATION))
    asked = [e for e in events(region) if isinstance(e, ScaleRequested)]
    assert [e.was for e in asked] == [SMALL, LARGE]
    assert all(one.at <= other.at for one, other in pairwise(region.store.facts))


@pytest.mark.parametrize(("found", "end"), [(LARGE, ScaleConfirmed), (SMALL, ScaleFailed)])
def test_cr29_an_unknown_outcome_is_read_back_before_it_is_refunded(
    region: Region, found: Size, end: type
) -> None:
    region.given(*standing())
    region.ask(scale(LARGE))
    region.ask(GIVE_UP)
    assert isinstance(events(region)[-1], OutcomeUnknown)
    assert used(region) == held(LARGE)
    region.ask(RESOLVE)
    region.ask(told(at(found), "read-back"))
    assert end in {type(e) for e in events(region)}
    assert used(region) == held(found)
