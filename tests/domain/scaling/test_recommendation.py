"""Every recommendation is answered: accepted, deferred, infeasible, or unchanged."""

from __future__ import annotations

from datetime import timedelta
from typing import NamedTuple

import pytest
from msgspec.structs import replace

from domain.scaling.recommendation import (
    AutoscalingInvalid,
    NotAutoscaled,
    Recommendation,
    RecommendationAnswer,
    checked,
    infeasible,
    recommend,
)
from domain.server import (
    Autoscaling,
    AutoscalingSet,
    Drift,
    DriftObserved,
    Server,
    ServerChange,
)
from domain.shared.errors import (
    DriftOpen,
    NoMemorySlot,
    NotScalable,
    OutcomeUndecided,
    Refused,
    ScaleInProgress,
)
from domain.shared.refusal import refusal
from domain.shared.size import Size
from tests.kit.examples import (
    ADOPTED,
    DEADLINE,
    DECLARED,
    HOST,
    LARGE,
    NOON,
    OPERATION,
    SMALL,
    confirmed,
    failed,
    requested,
    unknown,
)

RULES = Autoscaling(least=Size(2, 2048), most=Size(8, 16384), dead_band_percent=10)
TAKEN = AutoscalingSet(was=None, autoscaling=RULES)
DRIFTED = DriftObserved(was=SMALL, host=HOST, drift=Drift(seen=None))
COOL = NOON + timedelta(minutes=5)
COOLING = (replace(requested(LARGE), cool_until=COOL), confirmed(LARGE))
BUSY = ScaleInProgress(operation=OPERATION, to=LARGE)
UNDECIDED = OutcomeUndecided(operation=OPERATION, to=LARGE)


def server(*changes: ServerChange) -> Server:
    state = Server.begin(ADOPTED)
    for event in (DECLARED, TAKEN, *changes):
        state = state.after(event)
    return state


def told(
    answer: RecommendationAnswer, to: Size, refused: Refused | None = None, **more: object
) -> Recommendation:
    words = {"reason": str(refused), "refused": refusal(refused)} if refused else {}
    return replace(Recommendation(answer=answer, to=to), **(words | more))


class Case(NamedTuple):
    given: Server
    size: Size
    then: Recommendation


CASES = {
    "it may be asked for": Case(server(), LARGE, told("accepted", LARGE)),
    "more than the most is the most": Case(
        server(), Size(64, 65536), told("accepted", RULES.most, bounded=True)
    ),
    "less than the least is the least": Case(
        server(), Size(1, 1024), told("accepted", RULES.least, bounded=True)
    ),
    "each dimension is bounded by itself": Case(
        server(), Size(1, 65536), told("accepted", Size(2, 16384), bounded=True)
    ),
    "what it has is no change": Case(
        server(), SMALL, told("unchanged", SMALL, reason="the server has 2 vCPUs / 4096 MiB")
    ),
    "less than the dead band is no change": Case(
        server(),
        Size(2, 4096 + 409),
        told("unchanged", Size(2, 4505), reason="less than 10 % from 2 vCPUs / 4096 MiB"),
    ),
    "the dead band is the same downwards": Case(
        server(),
        Size(2, 4096 - 409),
        told("unchanged", Size(2, 3687), reason="less than 10 % from 2 vCPUs / 4096 MiB"),
    ),
    "the dead band itself is a change": Case(
        server(), Size(2, 4096 + 410), told("accepted", Size(2, 4506))
    ),
    "one dimension beyond the dead band is a change of both": Case(
        server(), Size(3, 4097), told("accepted", Size(3, 4097))
    ),
    "bounded to what it has is no change": Case(
        server(TAKEN, replace(TAKEN, autoscaling=replace(RULES, most=SMALL))),
        LARGE,
        told("unchanged", SMALL, bounded=True, reason="the server has 2 vCPUs / 4096 MiB"),
    ),
    "an open operation is waited for": Case(
        server(requested(LARGE)),
        Size(8, 8192),
        told("deferred", Size(8, 8192), BUSY, until=DEADLINE),
    ),
    "also where it would be no change": Case(
        server(requested(LARGE)), SMALL, told("deferred", SMALL, BUSY, until=DEADLINE)
    ),
    "nobody knows until when for an unknown outcome": Case(
        server(requested(LARGE), unknown(LARGE)), LARGE, told("deferred", LARGE, UNDECIDED)
    ),
    "nor for a drift": Case(server(DRIFTED), LARGE, told("deferred", LARGE, DriftOpen())),
    "it cools down": Case(
        server(*COOLING),
        Size(8, 8192),
        told("deferred", Size(8, 8192), until=COOL, reason="the server is still cooling down"),
    ),
    "no change needs no cooling down": Case(
        server(*COOLING),
        LARGE,
        told("unchanged", LARGE, reason="the server has 4 vCPUs / 8192 MiB"),
    ),
    "what the hypervisor refused is refused again": Case(
        server(requested(LARGE), failed(LARGE, refused=True)),
        LARGE,
        told("infeasible", LARGE, reason="no room on the host", cached=True),
    ),
    "also while it cools down": Case(
        server(COOLING[0], failed(LARGE, refused=True)),
        LARGE,
        told("infeasible", LARGE, reason="no room on the host", cached=True),
    ),
    "another size may be asked for": Case(
        server(requested(LARGE), failed(LARGE, refused=True)),
        Size(3, 4096),
        told("accepted", Size(3, 4096)),
    ),
    "so may the same once something has changed": Case(
        server(
            requested(LARGE),
            failed(LARGE, refused=True),
            requested(Size(3, 4096)),
            confirmed(Size(3, 4096)),
        ),
        LARGE,
        told("accepted", LARGE),
    ),
}


@pytest.mark.parametrize("case", CASES.values(), ids=CASES)
def test_a_recommendation_is_answered(case: Case) -> None:
    assert recommend(case.given, case.size, NOON) == case.then


def test_after_the_cool_down_it_may_be_asked_for() -> None:
    assert recommend(server(*COOLING), Size(8, 8192), COOL).answer == "accepted"


def test_without_a_dead_band_only_the_same_size_is_no_change() -> None:
    eager = server(replace(TAKEN, autoscaling=replace(RULES, dead_band_percent=0)))
    assert recommend(eager, Size(2, 4097), NOON).answer == "accepted"
    assert recommend(eager, SMALL, NOON).answer == "unchanged"


def test_a_server_without_rules_takes_no_recommendation() -> None:
    with pytest.raises(NotAutoscaled):
        recommend(server(AutoscalingSet(was=RULES, autoscaling=None)), LARGE, NOON)


ASKED = Recommendation(answer="accepted", to=LARGE)
SLOTS = NoMemorySlot(asked_memory_mib=LARGE.memory_mib)


@pytest.mark.parametrize(
    ("refused", "nearest", "told_nearest"),
    [
        (SLOTS, Size(4, 4096), Size(4, 4096)),
        pytest.param(SLOTS, SMALL, None, id="what it has helps nobody"),
        pytest.param(SLOTS, Size(2, 4100), None, id="nor does the dead band"),
        pytest.param(SLOTS, Size(1, 8192), None, id="nor what is out of bounds"),
        pytest.param(NotScalable(server_size=SMALL), None, None, id="no size will do"),
    ],
)
def test_what_the_rules_refuse_is_infeasible_with_what_would_be_accepted(
    refused: Refused, nearest: Size | None, told_nearest: Size | None
) -> None:
    assert infeasible(server(), ASKED, refused, nearest) == told(
        "infeasible", LARGE, refused, nearest=told_nearest
    )


@pytest.mark.parametrize(
    ("field", "rules"),
    [
        ("least", replace(RULES, least=Size(9, 2048))),
        ("least", replace(RULES, least=Size(2, 16385))),
        ("dead_band_percent", replace(RULES, dead_band_percent=-1)),
        ("dead_band_percent", replace(RULES, dead_band_percent=100)),
        ("cool_down_seconds", replace(RULES, cool_down_seconds=-1)),
        ("cool_down_seconds", replace(RULES, cool_down_seconds=604801)),
    ],
)
def test_rules_that_cannot_be_are_refused(field: str, rules: Autoscaling) -> None:
    with pytest.raises(AutoscalingInvalid) as refused:
        checked(rules)
    assert refused.value.field == field


def test_the_widest_rules_are_as_they_are() -> None:
    widest = Autoscaling(least=SMALL, most=SMALL, dead_band_percent=0, cool_down_seconds=604800)
    assert checked(widest) == widest
