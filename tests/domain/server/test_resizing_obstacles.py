"""What stands against a resize, and what waits until a resize was confirmed."""

from __future__ import annotations

from typing import Literal

import pytest
from msgspec.structs import replace

from domain.server import (
    Deleted,
    FlavorTerms,
    Power,
    Server,
    lifecycle,
    resizing,
    scaling,
)
from domain.server.unconfirmed import ResizeUnconfirmed
from domain.shared.errors import NothingToChange, PowerForbids, Refused
from domain.shared.events import Event
from domain.shared.size import Size
from tests.domain.server.test_resizing import (
    BUILT,
    FOUND,
    GROWN,
    KEPT,
    RESIZED,
    SHRUNK,
    SMALLER,
    WAS,
    terms,
)
from tests.kit.examples import DEADLINE, HUGE, LARGE, NEXT_OPERATION, SMALL, TINY
from tests.kit.scenario import given

UNCONFIRMED = {"was": SMALL, "size": LARGE}


def refusals(
    *past: Event, to: FlavorTerms = GROWN
) -> list[tuple[type[Refused], dict[str, object]]]:
    found = resizing.obstacles(given(Server, *past).state, to)
    return [(type(one), vars(one)) for one in found]


def test_a_resize_waits_for_an_unconfirmed_resize() -> None:
    assert refusals(*RESIZED, to=SHRUNK) == [(ResizeUnconfirmed, UNCONFIRMED)]
    assert refusals(*RESIZED, KEPT, to=SHRUNK) == []


def test_a_scale_waits_for_an_unconfirmed_resize() -> None:
    resized = given(Server, *SMALLER).state
    (obstacle,) = scaling.obstacles(resized, Size(2, 1024))
    assert (type(obstacle), vars(obstacle)) == (ResizeUnconfirmed, {"was": SMALL, "size": TINY})


@pytest.mark.parametrize("to", ["running", "stopped"])
def test_a_start_or_stop_waits_for_an_unconfirmed_resize(to: Literal["running", "stopped"]) -> None:
    (
        given(Server, *RESIZED)
        .when(lambda s: lifecycle.power(s, to, operation=NEXT_OPERATION, deadline=DEADLINE))
        .then_refused(ResizeUnconfirmed, was=SMALL, size=LARGE)
    )


def test_a_server_with_an_unconfirmed_resize_may_be_deleted() -> None:
    resized = given(Server, *RESIZED)
    asked = lifecycle.deletion(resized.state, operation=NEXT_OPERATION, deadline=DEADLINE)
    gone = resized.state.after(asked).after(Deleted(operation=NEXT_OPERATION))
    assert (gone.resized_from, gone.placed()) == (None, {})


def test_a_resize_to_the_same_flavor_is_no_change() -> None:
    assert refusals(*BUILT, to=WAS) == [(NothingToChange, {"size": SMALL})]
    assert refusals(*BUILT, to=terms("other", SMALL)) == []


@pytest.mark.parametrize("power", ["paused", "building", "gone"])
def test_only_a_running_or_stopped_server_is_resized(power: Power) -> None:
    server = replace(given(Server, *BUILT).state, power=power)
    (obstacle,) = resizing.obstacles(server, GROWN)
    assert (type(obstacle), vars(obstacle)) == (PowerForbids, vars(PowerForbids(power=power)))


def test_flags_and_ceiling_do_not_stand_against_a_resize() -> None:
    closed = replace(given(Server, FOUND).state, scalable=False)
    assert list(resizing.obstacles(closed, terms("huge", HUGE))) == []
