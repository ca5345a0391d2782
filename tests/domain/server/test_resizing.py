"""A resized server holds what it was and what it is, until somebody says that it stays so."""

from __future__ import annotations

from typing import Literal

import pytest
from msgspec.structs import replace

from domain.server import (
    Deleted,
    Drift,
    DriftAdopted,
    DriftObserved,
    FlavorTerms,
    PowerChanged,
    ResizeConfirmed,
    ScaleRequested,
    Server,
    ServerAdopted,
    ending,
    resizing,
)
from domain.server.unconfirmed import NotResized
from domain.shared.errors import DriftOpen, OutcomeUndecided, Refused, ScaleInProgress
from domain.shared.events import Event
from domain.shared.request_spec import FlavorCopy, RequestSpec
from domain.shared.resources import held, minus
from domain.shared.size import Size
from tests.kit.examples import (
    ADOPTED,
    DEADLINE,
    DECLARED,
    ENVELOPE,
    GREW,
    HOST,
    HUGE,
    LARGE,
    MIDDLE,
    NEXT_OPERATION,
    OPERATION,
    SMALL,
    TINY,
    confirmed,
    failed,
    partly,
    requested,
    seen,
    unknown,
)
from tests.kit.scenario import given


def flavor(name: str, size: Size) -> FlavorCopy:
    return FlavorCopy(id=name, name=name, vcpus=size.vcpus, memory_mib=size.memory_mib)


def terms(name: str, size: Size, ceiling: Size | None = None) -> FlavorTerms:
    return FlavorTerms(flavor=flavor(name, size), size=size, ceiling=ceiling)


# It began with a flavor, and its flavor had a ceiling.
WAS = FlavorTerms(
    flavor=flavor("small", SMALL), size=SMALL, ceiling=HUGE, traits=("FAST",), max_vcpus=16
)
SPEC = RequestSpec(size=SMALL, flavor=WAS.flavor, traits=WAS.traits, max_vcpus=16)
FOUND: ServerAdopted = replace(ADOPTED, spec=SPEC)
BUILT: tuple[Event, ...] = (FOUND, replace(DECLARED, ceiling=HUGE))
GROWN = terms("large", LARGE)
SHRUNK = replace(terms("tiny", TINY, ceiling=SMALL), max_vcpus=2, max_memory_mib=4096)
UP: ScaleRequested = replace(requested(LARGE), consent="restart", mode="restart", resize=GROWN)
DOWN: ScaleRequested = replace(requested(TINY), consent="restart", mode="restart", resize=SHRUNK)
RESIZED: tuple[Event, ...] = (*BUILT, UP, confirmed(LARGE))
SMALLER: tuple[Event, ...] = (*BUILT, DOWN, confirmed(TINY))
KEPT = ResizeConfirmed(was=SMALL, size=LARGE, reason="why")


def back(power: Literal["restart", "stopped"] = "restart") -> ScaleRequested:
    # A declared ceiling names both maxima.
    was = given(Server, *BUILT).state.terms
    return ScaleRequested(
        operation=NEXT_OPERATION,
        host=HOST,
        was=LARGE,
        to=SMALL,
        deadline=DEADLINE,
        reason="why",
        consent="restart",
        mode=power,
        resize=was,
        reverts=True,
    )


BACK = back()
AGAIN: tuple[Event, ...] = (*RESIZED, BACK)


def test_a_resize_is_a_scale_with_a_flavor_and_a_restart() -> None:
    (
        given(Server, *BUILT)
        .when(lambda s: resizing.resize(s, GROWN, operation=OPERATION, deadline=DEADLINE))
        .then(UP)
    )


def test_a_server_takes_the_new_flavor_once_its_size_is_reached() -> None:
    before, after = (given(Server, *past).state for past in ((*BUILT, UP), RESIZED))
    assert before.terms == given(Server, *BUILT).state.terms
    assert after.terms == GROWN
    assert after.spec == RequestSpec(
        version=before.spec.version + 1, size=LARGE, flavor=GROWN.flavor
    )
    assert after.resized_from == before.terms


@pytest.mark.parametrize(
    ("past", "claims", "has"),
    [
        ((*BUILT, UP), LARGE, SMALL),
        (RESIZED, LARGE, LARGE),
        ((*BUILT, DOWN), SMALL, SMALL),
        (SMALLER, SMALL, TINY),
        ((*SMALLER, replace(KEPT, size=TINY)), TINY, TINY),
        ((*RESIZED, KEPT), LARGE, LARGE),
        (AGAIN, LARGE, LARGE),
        ((*BUILT, UP, unknown(LARGE)), LARGE, SMALL),
        ((*BUILT, DOWN, partly(Size(1, 2048), TINY)), Size(1, 2048), Size(1, 2048)),
        ((*BUILT, UP, failed(LARGE)), SMALL, SMALL),
    ],
    ids=[
        "growing",
        "grown",
        "shrinking",
        "shrunk",
        "confirmed smaller",
        "confirmed larger",
        "going back",
        "unknown",
        "partly",
        "failed",
    ],
)
def test_a_resized_server_holds_the_larger_of_both_sizes(
    past: tuple[Event, ...], claims: Size, has: Size
) -> None:
    server = given(Server, *past).state
    assert server.claimed() == held(claims)
    assert server.placed() == {HOST: claims}
    assert minus(server.claimed(), server.reserved()) == held(has)


def test_a_resize_holds_each_dimension_at_its_larger_value() -> None:
    to = Size(1, 8192)
    other = replace(requested(to), resize=terms("odd", to))
    server = given(Server, *BUILT, other, confirmed(to)).state
    assert server.claimed() == held(Size(2, 8192))
    assert minus(server.claimed(), server.reserved()) == held(to)


@pytest.mark.parametrize(
    "end",
    [failed(LARGE), partly(MIDDLE, LARGE), unknown(LARGE)],
    ids=["failed", "partly", "undecided"],
)
def test_a_resize_that_was_not_reached_leaves_the_flavor(end: Event) -> None:
    server = given(Server, *BUILT, UP, end).state
    assert server.resized_from is None
    assert server.terms == replace(given(Server, *BUILT).state.terms, size=server.size)


def test_a_resize_of_unknown_outcome_counts_once_its_size_was_reached() -> None:
    undecided = given(Server, *BUILT, UP, unknown(LARGE)).state
    (reached,) = ending.read_back(undecided, "read-back", seen(LARGE), "")
    assert undecided.after(reached).resized_from == given(Server, *BUILT).state.terms
    (not_reached,) = ending.read_back(undecided, "read-back", seen(SMALL), "nothing came of it")
    assert undecided.after(not_reached).resized_from is None


def test_a_resize_is_confirmed() -> None:
    given(Server, *RESIZED).when(lambda s: resizing.confirmed(s, "why")).then(KEPT)
    after = given(Server, *RESIZED, KEPT).state
    assert (after.resized_from, after.terms) == (None, GROWN)


def revert(server: Server) -> ScaleRequested:
    return resizing.reverted(server, operation=NEXT_OPERATION, deadline=DEADLINE, reason="why")


def test_a_reverted_resize_restores_size_flavor_and_ceiling() -> None:
    given(Server, *RESIZED).when(revert).then(BACK)
    reached = replace(confirmed(SMALL, was=LARGE), operation=NEXT_OPERATION)
    after = given(Server, *AGAIN, reached).state
    assert after.resized_from is None
    assert after.terms == given(Server, *BUILT).state.terms
    assert after.claimed() == held(SMALL)


def test_a_stopped_server_is_reverted_without_a_restart() -> None:
    shut = PowerChanged(
        was="running", power="stopped", size=LARGE, guest=GREW, envelope=ENVELOPE, counted=False
    )
    stopped = given(Server, *RESIZED, shut)
    assert stopped.state.claimed() == {"instances": 1, "cores": 0, "ram": 0}
    stopped.when(revert).then(back("stopped"))


@pytest.mark.parametrize(
    "end",
    [failed(SMALL, LARGE), partly(MIDDLE, SMALL, LARGE), unknown(SMALL, LARGE)],
    ids=["failed", "partly", "undecided"],
)
def test_a_failed_revert_can_be_asked_for_again(end: Event) -> None:
    told = replace(end, operation=NEXT_OPERATION)
    server = given(Server, *AGAIN, told).state
    assert server.resized_from == given(Server, *BUILT).state.terms


Decide = Literal["confirm", "revert"]


def decide(server: Server, what: Decide) -> Event:
    return resizing.confirmed(server) if what == "confirm" else revert(server)


@pytest.mark.parametrize("what", ["confirm", "revert"])
@pytest.mark.parametrize(
    "past",
    [
        BUILT,
        (*BUILT, replace(UP, resize=None), confirmed(LARGE)),
        (*RESIZED, KEPT),
        (*RESIZED, Deleted()),
    ],
    ids=["never resized", "scaled", "confirmed", "deleted"],
)
def test_a_server_without_a_resize_is_not_confirmed_or_reverted(
    past: tuple[Event, ...], what: Decide
) -> None:
    given(Server, *past).when(lambda s: decide(s, what)).then_refused(NotResized)


@pytest.mark.parametrize("what", ["confirm", "revert"])
@pytest.mark.parametrize(
    ("past", "refused"),
    [
        ((*BUILT, UP), ScaleInProgress(operation=OPERATION, to=LARGE)),
        ((*BUILT, UP, unknown(LARGE)), OutcomeUndecided(operation=OPERATION, to=LARGE)),
        (AGAIN, ScaleInProgress(operation=NEXT_OPERATION, to=SMALL)),
    ],
    ids=["resizing", "undecided", "reverting"],
)
def test_an_open_resize_is_not_confirmed_or_reverted(
    past: tuple[Event, ...], refused: Refused, what: Decide
) -> None:
    given(Server, *past).when(lambda s: decide(s, what)).then_refused(
        type(refused), **vars(refused)
    )


DRIFTED = DriftObserved(was=LARGE, host=HOST, drift=Drift(seen=seen(HUGE)))


def test_a_drifted_server_is_not_reverted() -> None:
    given(Server, *RESIZED, DRIFTED).when(revert).then_refused(DriftOpen)


def test_a_drifted_server_may_confirm_its_resize() -> None:
    (given(Server, *RESIZED, DRIFTED).when(lambda s: resizing.confirmed(s, "why")).then(KEPT))


def test_a_resize_can_be_reverted_after_drift_was_adopted() -> None:
    adopted = DriftAdopted(was=LARGE, size=TINY, host=HOST)
    server = given(Server, *RESIZED, DRIFTED, adopted).state
    assert server.claimed() == held(SMALL)
    assert revert(server).to == SMALL
