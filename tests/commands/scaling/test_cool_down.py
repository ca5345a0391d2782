"""A server cools down after what an autoscaler had it do, and not after what did not happen."""

from __future__ import annotations

from datetime import timedelta

import pytest
from msgspec.structs import replace

from commands.command import Command
from domain.server import ScaleRequested
from domain.shared.size import Size
from tests.commands.kit.region import SERVER_STREAM, Region
from tests.commands.kit.standing import at, events, refused, scale, standing, told
from tests.commands.scaling.test_recommend import COOL, TAKEN, answered
from tests.kit.examples import LARGE, MIDDLE, NEXT_OPERATION, SMALL

OTHER = Size(3, 8192)


@pytest.fixture
def recommended(region: Region) -> Region:
    """To MIDDLE, as it was asked for."""
    region.given(*standing(), (SERVER_STREAM, TAKEN))
    assert answered(region, MIDDLE).recommendation.answer == "accepted"
    return region


def test_a_manual_scale_in_between_keeps_the_cool_down(recommended: Region) -> None:
    recommended.ask(told(at(MIDDLE)))
    recommended.ask(scale(SMALL, operation=NEXT_OPERATION))
    asked = [e for e in events(recommended) if isinstance(e, ScaleRequested)]
    assert [e.cool_until for e in asked] == [COOL, None]
    recommended.ask(told(at(SMALL), operation=NEXT_OPERATION))
    recommendation = answered(recommended, LARGE).recommendation
    assert (recommendation.answer, recommendation.until) == ("deferred", COOL)


@pytest.mark.parametrize("end", [refused(), told(at())], ids=["refused", "as it was"])
def test_a_failed_scale_lifts_the_cool_down(recommended: Region, end: Command) -> None:
    recommended.ask(end)
    recommendation = answered(recommended, OTHER).recommendation
    assert recommendation.answer == "accepted"
    assert recommendation.until == COOL


def test_a_manual_scale_begins_no_cool_down(region: Region) -> None:
    rules = replace(TAKEN.autoscaling, cool_down_seconds=3600) if TAKEN.autoscaling else None
    region.given(*standing(), (SERVER_STREAM, replace(TAKEN, autoscaling=rules)))
    region.ask(scale(MIDDLE, operation=NEXT_OPERATION))
    region.ask(told(at(MIDDLE), operation=NEXT_OPERATION))
    recommendation = answered(region, LARGE).recommendation
    assert recommendation.answer == "accepted"
    assert recommendation.until == COOL + timedelta(seconds=3600 - 600)
