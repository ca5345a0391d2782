"""A server is scaled one operation at a time, within its ceiling and its envelope."""

from __future__ import annotations

import pytest
from msgspec.structs import replace

from domain.server import CeilingDeclared, ScaleRequested, Server, lifecycle, scaling
from domain.shared.envelope import Envelope
from domain.shared.errors import (
    AboveCeiling,
    Misaligned,
    NeedsRestart,
    NoMemorySlot,
    NothingToChange,
    NotScalable,
    OutcomeUndecided,
    ScaleInProgress,
)
from domain.shared.events import Event
from domain.shared.size import Size
from tests.kit.examples import (
    ADOPTED,
    DEADLINE,
    DECLARED,
    ENVELOPE,
    HOST,
    HUGE,
    LARGE,
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
    unknown,
)
from tests.kit.scenario import given


def scale(server: Server, to: Size) -> ScaleRequested:
    """As who consents to nothing but a live change."""
    for obstacle in (*scaling.obstacles(server, to), *scaling.live_obstacles(server, to)):
        raise obstacle
    return scaling.request(server, to=to, operation=OPERATION, deadline=DEADLINE)


def adopted_in(envelope: Envelope) -> tuple[Event, ...]:
    return replace(ADOPTED, envelope=envelope), DECLARED


def test_a_servers_ceiling_is_declared_and_replaced() -> None:
    given(Server, ADOPTED).when(lambda s: lifecycle.declared(s, LARGE)).then(
        CeilingDeclared(was=None, ceiling=LARGE)
    )
    given(Server, ADOPTED, DECLARED).when(lambda s: lifecycle.declared(s, None)).then(
        CeilingDeclared(was=HUGE, ceiling=None)
    )


@pytest.mark.parametrize("to", [LARGE, TINY, HUGE, Size(4, 1024)])
def test_a_server_scales_up_to_its_ceiling_and_down_to_its_floor(to: Size) -> None:
    given(Server, ADOPTED, DECLARED).when(lambda s: scale(s, to)).then(requested(to))


def test_scaling_to_the_present_size_is_no_change() -> None:
    (
        given(Server, ADOPTED, DECLARED)
        .when(lambda s: scale(s, SMALL))
        .then_refused(NothingToChange, size=SMALL)
    )


def test_a_server_without_a_ceiling_is_not_scalable() -> None:
    withdrawn = CeilingDeclared(was=HUGE, ceiling=None)
    (
        given(Server, ADOPTED)
        .when(lambda s: scale(s, LARGE))
        .then_refused(NotScalable, server_size=SMALL, closed=())
    )
    (
        given(Server, ADOPTED, DECLARED, withdrawn)
        .when(lambda s: scale(s, TINY))
        .then_refused(NotScalable, server_size=SMALL, closed=())
    )


@pytest.mark.parametrize("to", [VAST, Size(5, 4096), Size(2, 8193)])
def test_a_scale_above_the_ceiling_is_refused(to: Size) -> None:
    (
        given(Server, ADOPTED, CeilingDeclared(was=None, ceiling=LARGE))
        .when(lambda s: scale(s, to))
        .then_refused(AboveCeiling, asked=to, ceiling=LARGE)
    )


def test_a_server_may_keep_what_it_has_above_a_lowered_ceiling() -> None:
    lowered = CeilingDeclared(was=HUGE, ceiling=TINY)
    shrunk = Size(1, SMALL.memory_mib)
    given(Server, ADOPTED, lowered).when(lambda s: scale(s, shrunk)).then(requested(shrunk))


@pytest.mark.parametrize("to", [Size(0, 4096), Size(2, 896), Size(17, 4096), Size(2, 65664)])
def test_a_size_outside_the_envelope_needs_a_restart(to: Size) -> None:
    (
        given(Server, ADOPTED, CeilingDeclared(was=None, ceiling=VAST))
        .when(lambda s: scale(s, to))
        .then_refused(NeedsRestart, asked=to, floor=TINY, ceiling=HUGE, consent="restart")
    )


@pytest.mark.parametrize(("asked", "nearest"), [(4097, 4096), (5000, 4992), (4000, 4096)])
def test_memory_moves_in_steps_and_the_nearest_is_towards_what_it_has(
    asked: int, nearest: int
) -> None:
    (
        given(Server, ADOPTED, DECLARED)
        .when(lambda s: scale(s, Size(2, asked)))
        .then_refused(Misaligned, asked_memory_mib=asked, step_mib=128, nearest_memory_mib=nearest)
    )


def test_memory_needs_a_slot_to_grow_but_none_to_shrink() -> None:
    full = adopted_in(replace(ENVELOPE, memory_by="dimm", memory_slots_left=0))
    more_cpus = Size(8, SMALL.memory_mib)
    (
        given(Server, *full)
        .when(lambda s: scale(s, LARGE))
        .then_refused(NoMemorySlot, asked_memory_mib=LARGE.memory_mib, consent="restart")
    )
    given(Server, *full).when(lambda s: scale(s, TINY)).then(requested(TINY))
    given(Server, *full).when(lambda s: scale(s, more_cpus)).then(requested(more_cpus))


def test_memory_grows_while_a_slot_is_left() -> None:
    one_left = adopted_in(replace(ENVELOPE, memory_by="dimm", memory_slots_left=1))
    given(Server, *one_left).when(lambda s: scale(s, LARGE)).then(requested(LARGE))


def test_a_server_has_one_open_operation_at_a_time() -> None:
    (
        given(Server, ADOPTED, DECLARED, requested(LARGE))
        .when(lambda s: scale(s, MIDDLE))
        .then_refused(ScaleInProgress, operation=OPERATION, to=LARGE)
    )


def test_a_server_of_unknown_outcome_is_not_scaled() -> None:
    (
        given(Server, ADOPTED, DECLARED, requested(LARGE), unknown(LARGE))
        .when(lambda s: scale(s, MIDDLE))
        .then_refused(OutcomeUndecided, operation=OPERATION, to=LARGE)
    )


def test_a_server_is_busy_again_while_an_unknown_outcome_is_read_back() -> None:
    past = ADOPTED, DECLARED, requested(LARGE), unknown(LARGE), read_back(LARGE)
    (
        given(Server, *past)
        .when(lambda s: scale(s, MIDDLE))
        .then_refused(ScaleInProgress, operation=OPERATION, to=LARGE)
    )


@pytest.mark.parametrize(
    ("end", "size"),
    [(confirmed(LARGE), LARGE), (partly(MIDDLE, LARGE), MIDDLE), (failed(LARGE), SMALL)],
)
def test_a_server_scales_again_from_where_the_last_operation_left_it(
    end: Event, size: Size
) -> None:
    following = ScaleRequested(
        operation=NEXT_OPERATION, host=HOST, was=size, to=TINY, deadline=DEADLINE
    )
    (
        given(Server, ADOPTED, DECLARED, requested(LARGE), end)
        .when(lambda s: scaling.request(s, to=TINY, operation=NEXT_OPERATION, deadline=DEADLINE))
        .then(following)
    )


def test_all_obstacles_to_a_size_are_named_the_firmest_first() -> None:
    fixed = given(Server, *adopted_in(replace(ENVELOPE, memory_slots_left=0)), requested(LARGE))
    to = Size(64, 300_001)
    refusals = [
        *scaling.obstacles(fixed.state, to, ("region",)),
        *scaling.obstacles(fixed.state, to),
        *scaling.live_obstacles(fixed.state, to),
    ]
    assert [(type(r), vars(r)) for r in refusals] == [
        (ScaleInProgress, {"operation": OPERATION, "to": LARGE}),
        (NotScalable, {"server_size": SMALL, "closed": ("region",)}),
        (ScaleInProgress, {"operation": OPERATION, "to": LARGE}),
        (AboveCeiling, {"asked": to, "ceiling": HUGE}),
        (NeedsRestart, {"asked": to, "floor": TINY, "ceiling": HUGE, "consent": "restart"}),
        (
            Misaligned,
            {"asked_memory_mib": 300_001, "step_mib": 128, "nearest_memory_mib": 4096},
        ),
        (NoMemorySlot, {"asked_memory_mib": 300_001, "consent": "restart"}),
    ]
