"""What a relay reports, as it stands on the wire: relays of an earlier version are understood."""

from __future__ import annotations

from typing import get_args
from uuid import UUID

import msgspec
import pytest

from adapters.relay_wire import Absent, Failed, Outcomes, ReadBack, ReportedOutcome
from commands.operations.end_operation import ReportAbsent, ReportFailed, ReportSeen
from domain.server import Step
from tests.kit.examples import LARGE, seen

SERVER, OPERATION = UUID(int=1), UUID(int=2)
STEP = Step(server=SERVER, operation=OPERATION, ask="migrate", to_host="kvm-2", host="kvm-1")
EARLIER = {
    "server": str(SERVER),
    "operation": str(OPERATION),
    "ask": "migrate",
    "to_host": "kvm-2",
    "host": "kvm-1",
}
SEEN = seen(LARGE)

OUTCOMES = [
    (
        {"outcome": "read-back", "seen": msgspec.to_builtins(SEEN), "shortfall": "as it came"},
        ReadBack.of(STEP, seen=SEEN, shortfall="as it came"),
        ReportSeen(step=STEP, seen=SEEN, shortfall="as it came"),
    ),
    (
        {"outcome": "absent", "reason": "gone"},
        Absent.of(STEP, reason="gone"),
        ReportAbsent(step=STEP, reason="gone"),
    ),
    (
        {"outcome": "failed", "reason": "full", "no_capacity": True},
        Failed.of(STEP, reason="full", no_capacity=True),
        ReportFailed(step=STEP, reason="full", no_capacity=True, refused=True),
    ),
]
each = pytest.mark.parametrize(("became", "outcome", "command"), OUTCOMES)


@each
def test_a_report_of_an_earlier_version_is_understood(
    became: dict[str, object], outcome: ReportedOutcome, command: object
) -> None:
    body = msgspec.json.encode({"outcomes": [{**EARLIER, **became}]})
    (read,) = msgspec.json.decode(body, type=Outcomes).outcomes
    assert read == outcome
    assert read.command(None) == command


@each
def test_an_earlier_leader_is_told_in_its_own_shape(
    became: dict[str, object], outcome: ReportedOutcome, command: object
) -> None:
    assert msgspec.to_builtins(outcome) == {**EARLIER, **became}
    assert outcome.bare() == STEP
    assert command


def test_a_host_and_a_target_may_be_left_out() -> None:
    few = {name: EARLIER[name] for name in ("server", "operation", "ask")}
    body = msgspec.json.encode({"outcomes": [{**few, "outcome": "absent", "reason": ""}]})
    (read,) = msgspec.json.decode(body, type=Outcomes).outcomes
    assert read.bare() == Step(server=SERVER, operation=OPERATION, ask="migrate")


def test_every_outcome_is_tried_here() -> None:
    assert {type(outcome) for _, outcome, _ in OUTCOMES} == set(get_args(ReportedOutcome))
