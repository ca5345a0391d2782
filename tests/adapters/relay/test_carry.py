"""One message and what it comes to: what is not known is never told as if it were."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import NamedTuple
from uuid import UUID, uuid4

import msgspec
import pytest
from msgspec.structs import replace

from adapters.hypervisors.driver import Refused
from adapters.hypervisors.hosts import Hosts
from adapters.relay.carry import Again, carry
from adapters.reports import Absent, Failed, Outcome, ReadBack
from domain.server import Ask as Asked
from domain.server import Power
from domain.size import Size
from projections.lanes import Ask
from projections.outbox import Details
from tests.hypervisor import (
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

HERE, THERE = "kvm-1", "kvm-2"
HALF = Size(SMALL.vcpus, LARGE.memory_mib)
DETAILS = Details(name="web-1", ceiling=LARGE, template="<domain/>", memory_by="dimm")


class Step(NamedTuple):
    """How a server was before the ask, and how it is behind it; None: it is not there."""

    before: Power | None
    power: Power | None
    size: Size = SMALL
    host: str = HERE


STEPS: dict[Asked, Step] = {
    "reconfigure": Step("running", "running", LARGE),
    "restart": Step("running", "running", LARGE),
    "migrate": Step("running", "running", SMALL, THERE),
    "build": Step(None, "running", LARGE),
    "start": Step("stopped", "running"),
    "stop": Step("running", "stopped"),
    "delete": Step("running", None),
}
every_ask = pytest.mark.parametrize("asked", STEPS)


class World:
    """Two hosts, and a message about a server on the first."""

    def __init__(self) -> None:
        self.here, self.there = ScriptedHost(), ScriptedHost()
        by_uri = {HERE: self.here, THERE: self.there}
        self.hosts = Hosts({name: name for name in by_uri}, make=by_uri.__getitem__)

    def ask(self, asked: Asked, *, sent_before: bool = False) -> Ask:
        before = STEPS[asked].before if asked in STEPS else "running"
        power = before if before in {"running", "stopped"} else "running"
        server = self.here.make(SMALL, power=power)  # type: ignore[arg-type] # neither is gone
        if before is None:
            self.here.forget(server)
        return Ask(
            position=1,
            operation=uuid4(),
            ask=asked,
            host=HERE,
            server=server,
            vcpus=LARGE.vcpus,
            memory_mib=LARGE.memory_mib,
            deadline=datetime.now(UTC) + timedelta(minutes=5),
            to_host=THERE if asked == "migrate" else None,
            details=msgspec.json.encode(DETAILS).decode() if asked == "build" else "",
            attempts=1 + sent_before,
            sent_before=sent_before,
        )

    def carry(self, ask: Ask, *behaviours: Behaviour) -> Outcome | Again:
        self.here.tell(ask.server, *behaviours)
        return carry(ask, self.hosts, call_seconds=30)

    def effects(self) -> int:
        return len(self.here.effects) + len(self.there.effects)


@pytest.fixture
def world() -> World:
    return World()


def _is_about(became: Outcome | Again, ask: Ask) -> bool:
    assert not isinstance(became, Again)
    told = (became.server, became.operation, became.ask, became.host, became.to_host)
    return told == (ask.server, ask.operation, ask.ask, ask.host, ask.to_host)


def _seen(became: Outcome | Again) -> tuple[str, Size, Power] | None:
    """None: it is not there."""
    if isinstance(became, Absent):
        return None
    assert isinstance(became, ReadBack), became
    return became.seen.host, became.seen.size, became.seen.power


def _done(asked: Asked) -> tuple[str, Size, Power] | None:
    step = STEPS[asked]
    return (step.host, step.size, step.power) if step.power else None


def _undone(asked: Asked) -> tuple[str, Size, Power] | None:
    before = STEPS[asked].before
    return (HERE, SMALL, before) if before else None


@every_ask
def test_what_is_answered_is_told_as_it_was_read(world: World, asked: Asked) -> None:
    ask = world.ask(asked)
    became = world.carry(ask)
    assert _is_about(became, ask)
    assert _seen(became) == _done(asked)


@every_ask
@pytest.mark.parametrize(("how", "no_capacity"), [(refuse, False), (no_room, True)])
def test_a_first_attempt_that_is_refused_has_changed_nothing(
    world: World, asked: Asked, how: Behaviour, no_capacity: bool
) -> None:
    ask = world.ask(asked)
    became = world.carry(ask, how)
    assert isinstance(became, Failed)
    assert _is_about(became, ask)
    assert became.no_capacity == no_capacity
    assert became.reason
    assert world.here.inspections == 0


@every_ask
def test_a_later_attempt_that_is_refused_tells_what_is_there(world: World, asked: Asked) -> None:
    ask = world.ask(asked, sent_before=True)
    became = world.carry(ask, refuse)
    assert _is_about(became, ask)
    assert _seen(became) == _undone(asked)


@every_ask
def test_also_where_the_lost_attempt_has_done_it(world: World, asked: Asked) -> None:
    ask = world.ask(asked)
    assert isinstance(world.carry(ask, lose_answer), Again)
    became = world.carry(replace(ask, sent_before=True), refuse)
    assert _seen(became) == _done(asked)


@every_ask
def test_what_cannot_be_read_back_after_a_refusal_is_asked_again(
    world: World, asked: Asked
) -> None:
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
def test_what_was_not_sent_is_asked_again(
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
    assert _seen(second) == _done(asked)
    assert world.effects() == 1


@every_ask
@pytest.mark.parametrize("sent_before", [False, True])
def test_nothing_is_changed_after_the_deadline(
    world: World, asked: Asked, sent_before: bool
) -> None:
    ask = world.ask(asked, sent_before=sent_before)
    late = replace(ask, deadline=datetime.now(UTC) - timedelta(seconds=1))
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
def test_what_a_driver_says_is_one_line(world: World, asked: Asked) -> None:
    def refuse_at_length(_host: ScriptedHost, _call: Call) -> object:
        raise Refused("a\0b\nc" + "é" * 2000)

    became = world.carry(world.ask(asked), refuse_at_length)  # type: ignore[arg-type] # the same
    assert isinstance(became, Failed)
    assert became.reason.startswith("a b c")
    assert len(became.reason.encode()) <= 1000


def test_what_was_done_in_part_is_told_with_its_reason(world: World) -> None:
    ask = world.ask("reconfigure")
    world.here.resize(ask.server, HALF, "running")
    became = world.carry(replace(ask, sent_before=True), refuse)
    assert isinstance(became, ReadBack)
    assert (became.seen.size, became.shortfall) == (HALF, "the guest does not let go of its memory")


# Reading back


def _read_back(world: World, to_host: str | None = None) -> Ask:
    return replace(world.ask("read-back", sent_before=True), to_host=to_host)


def test_a_server_is_read_back_where_it_is(world: World) -> None:
    assert _seen(world.carry(_read_back(world))) == (HERE, SMALL, "running")


def test_one_that_has_migrated_is_read_back_there(world: World) -> None:
    ask = _read_back(world, to_host=THERE)
    world.here.move(ask.server, world.there)
    assert _seen(world.carry(ask)) == (THERE, SMALL, "running")


@pytest.mark.parametrize("left", [None, "stopped", "paused"])
def test_one_that_has_not_is_read_back_here(world: World, left: Power | None) -> None:
    """What a migration that failed has left there does not run."""
    ask = _read_back(world, to_host=THERE)
    if left == "stopped" or left == "paused":  # noqa: PLR1714 (mypy narrows by this)
        world.there.sizes[ask.server], world.there.powers[ask.server] = SMALL, left
    assert _seen(world.carry(ask)) == (HERE, SMALL, "running")


def test_one_that_nobody_knows_is_absent(world: World) -> None:
    ask = _read_back(world, to_host=THERE)
    world.here.forget(ask.server)
    became = world.carry(ask)
    assert isinstance(became, Absent)
    assert _is_about(became, ask)


@pytest.mark.parametrize("silent", [HERE, THERE])
def test_while_one_host_is_silent_an_absence_is_not_told(world: World, silent: str) -> None:
    ask = _read_back(world, to_host=THERE)
    world.here.forget(ask.server)
    {HERE: world.here, THERE: world.there}[silent].down = True
    became = world.carry(ask)
    assert isinstance(became, Again)
    assert world.effects() == 0


def test_a_read_back_is_made_after_the_deadline_too(world: World) -> None:
    ask = replace(_read_back(world), deadline=datetime.now(UTC) - timedelta(seconds=1))
    assert _seen(world.carry(ask)) == (HERE, SMALL, "running")


def test_a_read_back_on_a_host_that_is_not_known_is_asked_again(world: World) -> None:
    became = world.carry(replace(_read_back(world), host="elsewhere"))
    assert isinstance(became, Again)
    assert became.sent


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
