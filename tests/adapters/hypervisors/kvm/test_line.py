"""No call outlasts its deadline, and none holds up another."""

from __future__ import annotations

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier, Event
from typing import Any
from uuid import uuid4

import pytest

from adapters.demo.machines import machine
from adapters.hypervisors.failures import Busy, DriverOutcomeUnknown, Unreachable
from adapters.hypervisors.kvm.link.line import Deadline, Line
from tests.kit.region import until

SERVER = uuid4()


@pytest.fixture
def never() -> Iterator[Event]:
    """A hypervisor that hangs until the test is over."""
    hangs = Event()
    yield hangs
    hangs.set()


@pytest.fixture
def line() -> Iterator[Line]:
    with machine.connected("test:///default"):
        line = Line("test:///default", writes=True)
        yield line
        line.close()


def name(connection: Any) -> str:
    return str(connection.getType())


def test_a_late_change_has_an_unknown_outcome(line: Line, never: Event) -> None:
    """It is told while the hypervisor still hangs, or this never comes back."""
    with pytest.raises(DriverOutcomeUnknown):
        line.call(lambda _: never.wait(), by=Deadline(0.2))


def test_a_late_question_found_nobody(never: Event) -> None:
    with pytest.raises(Unreachable):
        Line("test:///default", writes=False).call(lambda _: never.wait(), by=Deadline(0.2))


def test_a_server_that_hangs_is_busy_and_others_are_not(line: Line, never: Event) -> None:
    with pytest.raises(DriverOutcomeUnknown):
        line.call(lambda _: never.wait(), by=Deadline(0.1), about=SERVER)
    with pytest.raises(Busy):
        line.call(name, by=Deadline(5), about=SERVER)
    assert line.call(name, by=Deadline(5), about=uuid4()) == "TEST"


def test_a_server_that_answers_at_last_can_be_asked_again(line: Line, never: Event) -> None:
    back = Event()

    def hang(_: Any) -> None:
        never.wait()
        back.set()

    with pytest.raises(DriverOutcomeUnknown):
        line.call(hang, by=Deadline(0.1), about=SERVER)
    never.set()
    assert back.wait(5)
    ends = Deadline(5)
    while ends.left:
        try:
            assert line.call(name, by=ends, about=SERVER) == "TEST"
        except Busy:
            continue
        return
    pytest.fail("it stayed busy")


def test_four_calls_run_at_once_and_the_fifth_waits(line: Line) -> None:
    together = Barrier(4)
    with ThreadPoolExecutor(8) as callers:
        calls = [
            callers.submit(line.call, lambda _: together.wait(5), by=Deadline(10)) for _ in range(8)
        ]
        assert sorted(call.result() for call in calls) == [0, 0, 1, 1, 2, 2, 3, 3]


def test_a_host_full_of_hanging_servers_takes_no_more(line: Line, never: Event) -> None:
    for _ in range(8):
        with pytest.raises(DriverOutcomeUnknown):
            line.call(lambda _: never.wait(), by=Deadline(0.05), about=uuid4())
    with pytest.raises(Busy):
        line.call(name, by=Deadline(0.1), about=uuid4())


def test_a_call_that_was_not_sent_in_time_is_never_sent(line: Line) -> None:
    sent = Event()
    with line._link._opening, pytest.raises(Unreachable):  # as when a host lets us wait at its door
        line.call(lambda _: sent.set(), by=Deadline(0.1))
    until(lambda: not line._left_behind)
    assert not sent.is_set()
