"""A recommendation that is accepted is a scale; any other answer leaves no trace."""

from __future__ import annotations

from datetime import timedelta

import pytest
from msgspec.structs import replace

from commands.scaling.recommend import Recommend, Recommended
from commands.scaling.set_autoscaling import AutoscalingRecorded, SetAutoscaling
from domain.quota import QuotaChanged
from domain.scaling.recommendation import AutoscalingInvalid, NotAutoscaled
from domain.server import Autoscaling, AutoscalingSet, Deleted, ScaleRequested
from domain.shared.errors import NeedsRestart, NotFound, PowerForbids, StaleVersion
from domain.shared.size import Size
from tests.commands.kit.region import QUOTA_STREAM, SERVER_STREAM, Region, told
from tests.kit.examples import (
    ADOPTED,
    CLAIMED_AT_ADOPTION,
    DEADLINE,
    DECLARED,
    ENVELOPE,
    LARGE,
    MIDDLE,
    NEXT_OPERATION,
    NOON,
    OPERATION,
    PROJECT,
    SERVER,
    SMALL,
    confirmed,
    failed,
    requested,
)

RULES = Autoscaling(least=SMALL, most=LARGE, dead_band_percent=10, cool_down_seconds=600)
TAKEN = AutoscalingSet(was=None, autoscaling=RULES)
ADOPTION = (
    (SERVER_STREAM, ADOPTED),
    (SERVER_STREAM, DECLARED),
    (QUOTA_STREAM, CLAIMED_AT_ADOPTION),
)
GIVEN = (*ADOPTION, (SERVER_STREAM, TAKEN))
COOL = NOON + timedelta(minutes=10)


def recommending(size: Size) -> Recommend:
    return Recommend(
        server=SERVER, size=size, now=NOON, operation=OPERATION, deadline=DEADLINE, reason="load"
    )


def setting(autoscaling: Autoscaling | None, expected: int | None = None) -> SetAutoscaling:
    return SetAutoscaling(server=SERVER, autoscaling=autoscaling, expected=expected, reason="busy")


def answered(region: Region, size: Size) -> Recommended:
    reply: Recommended = told(region.ask(recommending(size)), Recommended)
    return reply


def test_accepted_it_is_a_live_scale_that_cools_down(region: Region) -> None:
    region.given(*GIVEN)
    reply = answered(region, MIDDLE)
    assert (reply.operation, reply.recommendation.answer) == (OPERATION, "accepted")
    assert reply.recommendation.until == COOL
    asked = replace(requested(MIDDLE), reason="load", cool_until=COOL)
    assert region.events[0] == (SERVER_STREAM, asked)
    assert region.events[1][0] == QUOTA_STREAM


def test_a_recommended_size_is_brought_within_the_bounds(region: Region) -> None:
    region.given(*GIVEN)
    reply = answered(region, Size(64, 262144))
    assert (reply.recommendation.to, reply.recommendation.bounded) == (LARGE, True)
    (asked,) = [event for _, event in region.events if isinstance(event, ScaleRequested)]
    assert asked.to == LARGE


def test_a_size_that_the_quota_refuses_is_infeasible_and_the_nearest_is_accepted(
    region: Region,
) -> None:
    region.given(*GIVEN, (QUOTA_STREAM, QuotaChanged(project=PROJECT, was={}, limits={"cores": 3})))
    reply = answered(region, LARGE)
    told = reply.recommendation
    assert (told.answer, told.cached, told.nearest) == ("infeasible", False, Size(3, 8192))
    assert told.refused is not None
    assert told.refused.kind == "quota-exceeded"
    assert (reply.operation, region.events) == (None, [])
    assert answered(region, told.nearest or LARGE).recommendation.answer == "accepted"


def test_nothing_but_live_is_ever_asked_for(region: Region) -> None:
    tight = replace(ADOPTED, envelope=replace(ENVELOPE, ceiling=MIDDLE))
    region.given((SERVER_STREAM, tight), *GIVEN[1:])
    recommendation = answered(region, LARGE).recommendation
    assert recommendation.answer == "infeasible"
    assert recommendation.refused is not None
    assert recommendation.refused.kind == "needs-restart"
    assert recommendation.reason == str(
        NeedsRestart(asked=LARGE, floor=ENVELOPE.floor, ceiling=MIDDLE)
    )
    assert recommendation.nearest == MIDDLE
    assert region.events == []


@pytest.mark.parametrize(
    ("past", "size", "answer"),
    [
        ((), SMALL, "unchanged"),
        ((requested(LARGE),), MIDDLE, "deferred"),
        ((replace(requested(MIDDLE), cool_until=COOL), confirmed(MIDDLE)), LARGE, "deferred"),
        ((requested(LARGE), failed(LARGE, refused=True)), LARGE, "infeasible"),
    ],
)
def test_any_other_answer_leaves_no_trace(
    region: Region, past: tuple[ScaleRequested, ...], size: Size, answer: str
) -> None:
    region.given(*GIVEN, *((SERVER_STREAM, event) for event in past))
    reply = answered(region, size)
    assert (reply.recommendation.answer, reply.operation) == (answer, None)
    assert region.events == []


def test_two_at_a_time_are_one_scale(region: Region) -> None:
    region.given(*GIVEN)
    answered(region, MIDDLE)
    reply = told(region.ask(replace(recommending(LARGE), operation=NEXT_OPERATION)), Recommended)
    assert reply.recommendation.answer == "deferred"
    assert reply.recommendation.until == DEADLINE


def test_a_recommendation_without_rules_is_refused(region: Region) -> None:
    region.given(*ADOPTION)
    with pytest.raises(NotAutoscaled):
        region.ask(recommending(LARGE))


def test_an_unknown_server_is_refused(region: Region) -> None:
    for command in (recommending(LARGE), setting(RULES)):
        with pytest.raises(NotFound):
            region.ask(command)


def test_rules_are_set_and_lifted(region: Region) -> None:
    region.given(*ADOPTION)
    reply = told(region.ask(setting(RULES)), AutoscalingRecorded)
    assert reply == AutoscalingRecorded(server=SERVER, autoscaling=RULES, version=3)
    region.ask(setting(None))
    assert region.events == [
        (SERVER_STREAM, replace(TAKEN, reason="busy")),
        (SERVER_STREAM, AutoscalingSet(was=RULES, autoscaling=None, reason="busy")),
    ]


def test_the_same_rules_again_are_no_fact(region: Region) -> None:
    region.given(*GIVEN)
    assert told(region.ask(setting(RULES)), AutoscalingRecorded).version == 3
    assert region.events == []


def test_rules_that_cannot_be_are_refused(region: Region) -> None:
    region.given(*ADOPTION)
    with pytest.raises(AutoscalingInvalid):
        region.ask(setting(replace(RULES, least=LARGE, most=SMALL)))


def test_rules_of_a_server_that_has_changed_since_are_refused(region: Region) -> None:
    region.given(*ADOPTION)
    with pytest.raises(StaleVersion):
        region.ask(setting(RULES, expected=1))


def test_a_deleted_server_has_no_rules(region: Region) -> None:
    region.given(*ADOPTION, (SERVER_STREAM, Deleted()))
    with pytest.raises(PowerForbids):
        region.ask(setting(RULES))
