"""One message and what it comes to: what is not known is never told as if it were."""

from __future__ import annotations

from time import monotonic
from uuid import UUID

import pytest
from msgspec.structs import replace

from adapters.hypervisors.failures import DriverRefused
from adapters.relay.carry.carry import Again
from adapters.relay_wire import Failed, ReadBack
from domain.server import Power
from domain.server import StepKind as Asked
from domain.shared.size import Size
from tests.adapters.relay.carrying import HERE, STEPS, World, is_about, seen_by
from tests.kit.hypervisor import (
    LARGE,
    SMALL,
    Behaviour,
    Call,
    ScriptedHost,
    busy,
    crash,
    lose_answer,
    lose_request,
    no_room,
    refuse,
    unreachable,
)

HALF = Size(SMALL.vcpus, LARGE.memory_mib)
every_ask = pytest.mark.parametrize("asked", STEPS)


@pytest.fixture
def world() -> World:
    return World()


def _done(asked: Asked) -> tuple[str, Size, Power] | None:
    step = STEPS[asked]
    return (step.host, step.size, step.power) if step.power else None


def _undone(asked: Asked) -> tuple[str, Size, Power] | None:
    before = STEPS[asked].before
    return (HERE, SMALL, before) if before else None


@every_ask
def test_an_answer_is_reported_as_it_was_read(world: World, asked: Asked) -> None:
    ask = world.ask(asked)
    became = world.carry(ask)
    assert is_about(became, ask)
    assert seen_by(became) == _done(asked)


@every_ask
@pytest.mark.parametrize(("how", "no_capacity"), [(refuse, False), (no_room, True)])
def test_a_first_attempt_that_is_refused_has_changed_nothing(
    world: World, asked: Asked, how: Behaviour, no_capacity: bool
) -> None:
    ask = world.ask(asked)
    became = world.carry(ask, how)
    assert isinstance(became, Failed)
    assert is_about(became, ask)
    assert became.no_capacity == no_capacity
    assert became.reason
    assert world.here.inspections == 0


@every_ask
def test_a_later_attempt_that_is_refused_tells_what_is_there(world: World, asked: Asked) -> None:
    ask = world.ask(asked, sent_before=True)
    became = world.carry(ask, refuse)
    assert is_about(became, ask)
    assert seen_by(became) == _undone(asked)


@every_ask
def test_a_later_refusal_reports_what_the_lost_attempt_has_done(world: World, asked: Asked) -> None:
    ask = world.ask(asked)
    assert isinstance(world.carry(ask, lose_answer), Again)
    became = world.carry(replace(ask, sent_before=True), refuse)
    assert seen_by(became) == _done(asked)


@every_ask
def test_a_refusal_that_cannot_be_read_back_is_asked_again(world: World, asked: Asked) -> None:
    def refuse_and_go(host: ScriptedHost, call: Call) -> object:
        host.down = world.there.down = True
        return refuse(host, call)

    ask = world.ask(asked, sent_before=True)
    became = world.carry(ask, refuse_and_go)  # type: ignore[arg-type] # it never returns
    assert isinstance(became, Again)
    assert became.sent


@every_ask
@pytest.mark.parametrize("how", [busy, unreachable])
@pytest.mark.parametrize("sent_before", [False, True])
def test_a_call_that_was_not_sent_is_asked_again(
    world: World, asked: Asked, how: Behaviour, sent_before: bool
) -> None:
    became = world.carry(world.ask(asked, sent_before=sent_before), how)
    assert isinstance(became, Again)
    assert (became.sent, became.unreachable) == (False, how is unreachable)
    assert world.effects() == 0


@every_ask
@pytest.mark.parametrize("how", [lose_answer, lose_request, crash])
def test_a_lost_answer_is_asked_for_again_and_done_once(
    world: World, asked: Asked, how: Behaviour
) -> None:
    ask = world.ask(asked)
    first = world.carry(ask, how)
    assert isinstance(first, Again)
    assert (first.sent, first.unreachable) == (True, False)
    second = world.carry(replace(ask, attempts=2, sent_before=True))
    assert seen_by(second) == _done(asked)
    assert world.effects() == 1


@every_ask
@pytest.mark.parametrize("sent_before", [False, True])
def test_nothing_is_changed_after_the_deadline(
    world: World, asked: Asked, sent_before: bool
) -> None:
    ask = world.ask(asked, sent_before=sent_before)
    late = replace(ask, expires=monotonic() - 1)
    assert world.carry(late) == Again(
        sent=sent_before, unreachable=False, why="its deadline has passed"
    )
    assert world.here.calls == []


@every_ask
def test_a_host_that_is_not_in_the_settings_changes_nothing(world: World, asked: Asked) -> None:
    became = world.carry(replace(world.ask(asked), host="elsewhere"))
    assert isinstance(became, Failed)
    assert "elsewhere" in became.reason


@every_ask
def test_a_drivers_reason_is_reported_as_one_line(world: World, asked: Asked) -> None:
    def refuse_at_length(_host: ScriptedHost, _call: Call) -> object:
        raise DriverRefused("a\0b\nc" + "é" * 2000)

    became = world.carry(world.ask(asked), refuse_at_length)  # type: ignore[arg-type] # the same
    assert isinstance(became, Failed)
    assert became.reason.startswith("a b c")
    assert len(became.reason.encode()) <= 1000


def test_a_partly_done_step_is_reported_with_its_reason(world: World) -> None:
    ask = world.ask("reconfigure")
    world.here.resize(ask.server, HALF, "running")
    became = world.carry(replace(ask, sent_before=True), refuse)
    assert isinstance(became, ReadBack)
    assert (became.seen.size, became.shortfall) == (HALF, "the guest does not let go of its memory")


def test_a_build_is_made_from_what_was_recorded(world: World) -> None:
    ask = world.ask("build")
    world.carry(ask)
    (call,) = world.here.calls
    assert call.wanted
    assert (call.wanted.server, call.wanted.size, call.wanted.template) == (
        ask.server,
        LARGE,
        "<domain/>",
    )
    assert (call.wanted.name, call.wanted.ceiling, call.wanted.memory_by) == (
        "web-1",
        LARGE,
        "dimm",
    )


def test_the_operation_is_named_to_the_hypervisor(world: World) -> None:
    named: tuple[Asked, ...] = ("reconfigure", "restart", "migrate")
    asks = [world.ask(asked) for asked in named]
    for ask in asks:
        world.carry(ask)
    told: list[UUID | None] = [call.operation for call in world.here.calls]
    assert told == [ask.operation for ask in asks]
