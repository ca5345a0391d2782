"""Schedules that were stored once are read for ever, and mean the same."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from msgspec.structs import replace

from adapters.eventlog.mapper import FactMapper
from domain.schedules.schedule import Schedule
from domain.shared.refusal import Refusal
from tests.adapters.eventlog.stored_facts import read
from tests.commands.kit.later import AT_A_TIME, IN_A_WINDOW, made
from tests.kit.examples import MIDDLE, OPERATION, PROJECT

LINES = 81
RAN, REFUSED, CANCELLED = (f"schedule:{UUID(int=n)}" for n in (0x51, 0x52, 0x53))
# Of then: a shortage did not tell yet whose limit it was.
WHY = Refusal(
    kind="quota-exceeded",
    detail=(
        "Quota of project demo exceeded: cores: 2 more asked, 2 of 3 used. "
        "3 vCPUs / 6144 MiB would fit."
    ),
    numbers={
        "project": PROJECT,
        "shortages": [{"resource": "cores", "asked": 2, "used": 2, "limit": 3, "left": 1}],
        "would_fit": {"vcpus": MIDDLE.vcpus, "memory_mib": MIDDLE.memory_mib},
    },
)


def folded() -> dict[str, Any]:
    states: dict[str, Any] = {}
    for stored, _ in read()[:LINES]:
        stream = str(stored.originator_id)
        if stream.startswith("schedule:"):
            event: Any = FactMapper().fact(stored).event
            known = stream in states
            states[stream] = states[stream].after(event) if known else Schedule.begin(event)
    return states


def test_stored_schedules_still_lead_to_the_same_state() -> None:
    by_night = replace(IN_A_WINDOW, consent="migrate")
    at_a_time, in_a_window = Schedule.begin(made(AT_A_TIME)), Schedule.begin(made(IN_A_WINDOW))
    assert folded() == {
        RAN: replace(
            at_a_time,
            consent=by_night.consent,
            when=by_night.when,
            asked_by="wei",
            state="ran",
            operation=OPERATION,
        ),
        REFUSED: replace(in_a_window, state="refused", refusal=WHY),
        CANCELLED: replace(at_a_time, state="cancelled"),
    }
