"""How an operation ends, and what each end leaves claimed."""

from __future__ import annotations

import pytest
from msgspec.structs import replace

from domain.server import FailedTo, Operation, Server, ServerChange, ending, scaling
from domain.shared.errors import NothingToResolve
from domain.shared.events import Event
from domain.shared.request_spec import RequestSpec
from domain.shared.resources import Amounts, held
from domain.shared.size import GuestView, Size
from tests.kit.examples import (
    ADOPTED,
    DEADLINE,
    DECLARED,
    ENVELOPE,
    GREW,
    LARGE,
    LATER,
    MIDDLE,
    NEXT_OPERATION,
    OPERATION,
    SMALL,
    TINY,
    VAST,
    confirmed,
    failed,
    partly,
    read_back,
    requested,
    seen,
    unknown,
)
from tests.kit.scenario import given

GROWING = (ADOPTED, DECLARED, requested(LARGE))
SHRINKING = (ADOPTED, DECLARED, requested(TINY))
WIDE_AND_LOW = Size(4, 1024)


def read(server: Server, size: Size, shortfall: str = "") -> list[ServerChange]:
    return ending.read_back(server, "reconfigure", seen(size), shortfall)


def claimed(*past: Event) -> Amounts:
    return given(Server, *past).state.claimed()


def test_a_scale_read_back_as_asked_is_confirmed() -> None:
    given(Server, *GROWING).when(lambda s: read(s, LARGE)).then(confirmed(LARGE))


def test_a_scale_read_back_at_the_old_size_has_failed() -> None:
    (
        given(Server, *GROWING)
        .when(lambda s: read(s, SMALL, "no room on the host"))
        .then(failed(LARGE))
    )


@pytest.mark.parametrize("size", [MIDDLE, Size(4, 4096), VAST, TINY])
def test_a_scale_read_back_at_any_other_size_is_partly_applied(size: Size) -> None:
    (
        given(Server, *GROWING)
        .when(lambda s: read(s, size, "the guest kept its CPUs"))
        .then(partly(size, LARGE))
    )


def test_a_scale_back_to_the_present_size_is_confirmed() -> None:
    (
        given(Server, ADOPTED, DECLARED, requested(SMALL))
        .when(lambda s: read(s, SMALL))
        .then(replace(confirmed(SMALL), seen_by_guest=None, awaited=None))
    )


def test_a_scale_that_changed_nothing_has_failed() -> None:
    given(Server, *GROWING).when(lambda s: ending.failed(s, "no room on the host")).then(
        failed(LARGE)
    )


def test_a_scale_given_up_ends_with_an_unknown_outcome() -> None:
    given(Server, *GROWING).when(lambda s: ending.given_up(s, "the host is silent")).then(
        unknown(LARGE)
    )


def test_an_unknown_outcome_is_read_back() -> None:
    (
        given(Server, *GROWING, unknown(LARGE))
        .when(lambda s: ending.look_again(s, OPERATION, LATER))
        .then(read_back(LARGE))
    )


@pytest.mark.parametrize(
    "past",
    [
        (ADOPTED,),
        GROWING,
        (*GROWING, confirmed(LARGE)),
        (*GROWING, failed(LARGE)),
        (*GROWING, unknown(LARGE), read_back(LARGE)),
        (*GROWING, unknown(LARGE), confirmed(LARGE)),
    ],
)
def test_only_an_unknown_outcome_is_read_back(past: tuple[Event, ...]) -> None:
    (
        given(Server, *past)
        .when(lambda s: ending.look_again(s, OPERATION, LATER))
        .then_refused(NothingToResolve, operation=OPERATION)
    )


def test_an_operation_that_is_not_the_open_one_is_not_read_back() -> None:
    (
        given(Server, *GROWING, unknown(LARGE))
        .when(lambda s: ending.look_again(s, NEXT_OPERATION, LATER))
        .then_refused(NothingToResolve, operation=NEXT_OPERATION)
    )


def test_an_end_without_an_operation_is_a_bug_and_no_refusal() -> None:
    idle = given(Server, ADOPTED).state
    with pytest.raises(LookupError):
        ending.failed(idle, "")
    with pytest.raises(LookupError):
        ending.given_up(idle, "")
    with pytest.raises(LookupError):
        read(idle, LARGE)


def test_growth_is_claimed_when_asked_for() -> None:
    assert claimed(*GROWING) == held(LARGE)


def test_a_shrink_gives_back_only_when_confirmed() -> None:
    assert claimed(*SHRINKING) == held(SMALL)
    assert claimed(*SHRINKING, unknown(TINY)) == held(SMALL)
    assert claimed(*SHRINKING, failed(TINY)) == held(SMALL)
    assert claimed(*SHRINKING, confirmed(TINY)) == held(TINY)


def test_the_larger_of_each_component_is_claimed_while_one_grows_and_one_shrinks() -> None:
    past = ADOPTED, DECLARED, requested(WIDE_AND_LOW)
    assert claimed(*past) == {"instances": 1, "cores": 4, "ram": 4096}
    assert claimed(*past, confirmed(WIDE_AND_LOW)) == {"instances": 1, "cores": 4, "ram": 1024}


@pytest.mark.parametrize(
    ("ends", "size"),
    [
        ([confirmed(LARGE)], LARGE),
        ([failed(LARGE)], SMALL),
        ([partly(MIDDLE, LARGE)], MIDDLE),
        ([partly(VAST, LARGE)], VAST),
        ([unknown(LARGE)], LARGE),
        ([unknown(LARGE), read_back(LARGE)], LARGE),
        ([unknown(LARGE), read_back(LARGE), unknown(LARGE)], LARGE),
        ([unknown(LARGE), read_back(LARGE), failed(LARGE)], SMALL),
        ([unknown(LARGE), confirmed(LARGE)], LARGE),
        ([unknown(LARGE), failed(LARGE)], SMALL),
    ],
)
def test_after_every_end_what_is_or_may_be_real_is_claimed(ends: list[Event], size: Size) -> None:
    assert claimed(*GROWING, *ends) == held(size)


@pytest.mark.parametrize(
    ("was", "to", "growth"),
    [
        (SMALL, LARGE, {"cores": 2, "ram": 4096}),
        (SMALL, TINY, {}),
        (SMALL, SMALL, {}),
        (SMALL, WIDE_AND_LOW, {"cores": 2}),
        (SMALL, Size(1, 8192), {"ram": 4096}),
    ],
)
def test_only_growing_dimensions_are_claimed(was: Size, to: Size, growth: Amounts) -> None:
    assert given(Server, ADOPTED).state.size == was
    assert scaling.growth(given(Server, ADOPTED).state, to) == growth


def test_a_server_has_what_was_read_back() -> None:
    server = given(Server, *GROWING, partly(MIDDLE, LARGE)).state
    assert (server.size, server.guest, server.operation) == (MIDDLE, GREW, None)


def test_a_failure_changes_nothing_but_ends_the_operation() -> None:
    before, after = given(Server, ADOPTED, DECLARED), given(Server, *GROWING, failed(LARGE))
    assert before.state == after.state


def test_a_refusal_of_the_hypervisor_is_remembered() -> None:
    before = given(Server, ADOPTED, DECLARED).state
    after = given(Server, *GROWING, failed(LARGE, refused=True)).state
    refused = FailedTo(to=LARGE, reason="no room on the host")
    assert replace(before, failed=refused) == after


def test_a_server_works_on_an_operation_until_its_outcome_is_known() -> None:
    open_ = given(Server, *GROWING).state
    undecided = given(Server, *GROWING, unknown(LARGE)).state
    ended = given(Server, *GROWING, unknown(LARGE), confirmed(LARGE)).state
    assert [s.works_on(OPERATION) for s in (open_, undecided, ended)] == [True, True, False]
    assert not open_.works_on(NEXT_OPERATION)


def test_a_read_back_has_a_deadline_of_its_own() -> None:
    undecided = given(Server, *GROWING, unknown(LARGE)).state
    asked = given(Server, *GROWING, unknown(LARGE), read_back(LARGE)).state
    assert undecided.operation == Operation(
        id=OPERATION, to=LARGE, deadline=DEADLINE, undecided=True, late=True
    )
    assert asked.operation == Operation(id=OPERATION, to=LARGE, deadline=LATER, late=True)


def test_an_adopted_server_begins_as_it_was_found() -> None:
    assert given(Server, ADOPTED).state == Server(
        project="demo",
        name="web-1",
        host="host-1",
        size=SMALL,
        envelope=ENVELOPE,
        guest=GuestView(vcpus=2, memory_mib=4010),
        spec=RequestSpec(size=SMALL),
    )
