"""What people are told of an operation that came to nothing, where its hypervisor had no words."""

from __future__ import annotations

import pytest
from msgspec.structs import replace

from domain.server import (
    DeleteFailed,
    DeleteRequested,
    Power,
    PowerFailed,
    PowerRequested,
    ScaleFailed,
    Server,
    StepKind,
    ending,
)
from domain.shared.events import Event
from tests.kit.examples import (
    ADOPTED,
    DEADLINE,
    DECLARED,
    HOST,
    LARGE,
    OPERATION,
    SMALL,
    requested,
    seen,
)
from tests.kit.scenario import given


def power(wanted: Power) -> PowerRequested:
    return PowerRequested(operation=OPERATION, host=HOST, power=wanted, deadline=DEADLINE)


DELETE = DeleteRequested(operation=OPERATION, host=HOST, deadline=DEADLINE)
MIGRATE = replace(requested(LARGE), mode="migrate", to_host="kvm-2")


def reason(asked: Event, ask: StepKind, now: Power, words: str = "") -> str:
    server = given(Server, ADOPTED, DECLARED, asked).state
    (ended,) = ending.read_back(server, ask, replace(seen(SMALL), power=now), words)
    assert isinstance(ended, DeleteFailed | PowerFailed | ScaleFailed)
    return ended.reason


@pytest.mark.parametrize("late", [False, True], ids=["at once", "read back later"])
@pytest.mark.parametrize(
    ("asked", "ask", "now", "told"),
    [
        (power("stopped"), "stop", "running", "the server is still running"),
        (power("stopped"), "stop", "paused", "the server is still paused"),
        (power("running"), "start", "stopped", "the server is still stopped"),
        (power("running"), "start", "paused", "the server is still paused"),
        (DELETE, "delete", "running", "the server is still there"),
        (MIGRATE, "migrate", "running", f"the server is still on {HOST}"),
        (requested(LARGE), "reconfigure", "running", f"it has {SMALL}, {LARGE} was asked"),
    ],
)
def test_only_who_asked_for_a_size_is_told_of_sizes(
    asked: Event, ask: StepKind, now: Power, told: str, late: bool
) -> None:
    assert reason(asked, "read-back" if late else ask, now) == told


def test_the_words_of_the_hypervisor_go_first() -> None:
    assert reason(power("stopped"), "stop", "running", "it hangs") == "it hangs"
