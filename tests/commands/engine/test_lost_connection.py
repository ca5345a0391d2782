"""When the log is lost, every caller still gets the right answer, and nothing happens twice."""

from __future__ import annotations

import asyncio

import pytest

from commands.engine.given import Bounds, Hooks
from commands.engine.request import NotLeader, Unavailable
from commands.engine.store import Answer, Key
from domain.quota import QuotaChanged
from domain.shared.errors import QuotaExceeded, ScaleInProgress
from tests.commands.conftest import NewRegion
from tests.commands.engine.test_sequencer import kinds, limits
from tests.commands.kit.region import QUOTA_STREAM, Ask, Region
from tests.commands.kit.small_commands import cores
from tests.commands.scaling.test_scale_server import ADOPTION, limited, scale
from tests.kit.examples import LARGE, MIDDLE, NEXT_OPERATION, OPERATION, PROJECT
from tests.kit.memory_store import MemoryStore

LOSSES = ["losses_before_writing", "losses_after_writing", "losses_on_reading"]
PATIENT = Bounds(idle=0.001, retry=0.001, recovery=1000.0)


@pytest.mark.parametrize("loss", LOSSES)
@pytest.mark.parametrize("times", [1, 3])
def test_callers_notice_nothing_of_a_connection_that_comes_back(
    new_region: NewRegion, loss: str, times: int
) -> None:
    region = new_region(bounds=PATIENT)
    setattr(region.store, loss, times)
    answers = region.ask_together(Ask(cores(1), "k"), Ask(cores(2)), Ask(cores(1), "k"))
    assert [a.position for a in answers if isinstance(a, Answer)] == [1, 2, 1]
    assert limits(region.facts) == [1, 2]
    assert [(f.position, f.version) for f in region.facts] == [(1, 1), (2, 2)]
    assert region.ask(cores(3)).position == 3


@pytest.mark.parametrize("loss", LOSSES)
def test_a_refusal_after_a_lost_connection_is_as_right_as_without(
    new_region: NewRegion, loss: str
) -> None:
    region = new_region(bounds=PATIENT)
    region.given(*ADOPTION, limited(cores=4, ram=8192))
    setattr(region.store, loss, 1)
    accepted, refused = region.ask_together(Ask(scale(LARGE)), Ask(scale(MIDDLE, NEXT_OPERATION)))
    assert isinstance(accepted, Answer)
    assert isinstance(refused, ScaleInProgress)
    assert len(region.facts) == 3


def test_a_write_whose_acknowledgement_was_lost_is_published_once_written(
    new_region: NewRegion,
) -> None:
    published: list[int] = []
    hooks = Hooks(publish=lambda facts: published.extend(f.position for f in facts))
    region = new_region(bounds=PATIENT, hooks=hooks)
    region.store.losses_after_writing = 1
    region.ask(cores(1))
    assert published == [1]


def test_an_answer_without_facts_survives_a_lost_acknowledgement(new_region: NewRegion) -> None:
    region = new_region(bounds=PATIENT)
    region.ask(cores(1))
    region.store.losses_after_writing = 1
    assert region.ask(cores(1), key="k").position == 1
    assert set(region.store.kept) == {Key("wei", "k")}
    region.store.losses_before_writing = 1
    assert region.ask(cores(1), key="l").position == 1
    assert set(region.store.kept) == {Key("wei", "k"), Key("wei", "l")}


def test_facts_of_another_writer_are_seen_after_the_log_is_retaken(new_region: NewRegion) -> None:
    region = new_region(bounds=PATIENT)
    region.given(*ADOPTION)
    region.ask(cores(100))
    lowered = QuotaChanged(project=PROJECT, was={"cores": 100}, limits={"cores": 2})
    region.store.record((QUOTA_STREAM, lowered))
    with pytest.raises(QuotaExceeded):
        region.ask(scale(LARGE))
    assert region.ask(cores(5)).position == 7
    assert [f.position for f in region.store.facts] == [1, 2, 3, 4, 5, 6, 7]


def test_no_caller_waits_longer_than_recovery_may_take(region: Region) -> None:
    outcomes = region.ask_together_while_away(Ask(cores(1)), Ask(cores(2)))
    assert kinds(outcomes) == [Unavailable, Unavailable]
    region.store.wait_for(lambda: region.sequencer.role == "cut off")
    with pytest.raises(Unavailable):
        region.ask(cores(3))
    region.store.away = False
    region.store.wait_for(lambda: region.sequencer.role == "leading")
    assert region.ask(cores(4)).position == 1


def test_a_repeated_request_learns_its_unknown_outcome(region: Region) -> None:
    region.begin()
    region.store.losses_after_writing = 1
    region.store.goes_away_after_losing = True
    with pytest.raises(Unavailable):
        region.ask(cores(1), key="k")
    region.store.away = region.store.goes_away_after_losing = False
    region.store.wait_for(lambda: region.sequencer.role == "leading")
    assert region.ask(cores(1), key="k").position == 1
    assert limits(region.facts) == [1]


def test_the_callers_behind_a_poisonous_command_are_answered_when_the_log_is_lost(
    region: Region,
) -> None:
    def away_at_the_second_attempt(_: object) -> bool:
        region.store.away = True
        return True

    region.store.refuses = away_at_the_second_attempt
    outcomes = region.ask_together(*[Ask(cores(n)) for n in (1, 2, 3)])
    assert kinds(outcomes) == [Unavailable] * 3
    assert region.facts == []


def test_a_writer_that_was_replaced_follows(new_region: NewRegion) -> None:
    store = MemoryStore()
    old = new_region(store)
    old.ask(cores(1))
    store.held_by_another = True
    store.losses_before_writing = 1
    with pytest.raises(Unavailable):
        old.ask(cores(2))
    store.wait_for(lambda: old.sequencer.role == "following")
    with pytest.raises(NotLeader):
        old.ask(cores(3))
    assert limits(store.facts) == [1]


def test_commands_that_wait_when_the_log_is_lost_are_turned_away(new_region: NewRegion) -> None:
    region = new_region(bounds=Bounds(idle=0.001, retry=0.001, recovery=2.0, batch=1))
    outcomes = region.ask_together_while_away(*[Ask(cores(n)) for n in range(5)])
    assert kinds(outcomes) == [Unavailable] * 5


def test_an_idle_writer_that_was_cut_off_takes_the_log_again(region: Region) -> None:
    region.ask(cores(1))
    region.store.away = True
    region.store.wait_for(lambda: region.sequencer.role == "cut off")
    region.store.away = False
    region.store.wait_for(lambda: region.sequencer.role == "leading")
    assert region.ask(cores(2)).position == 2


def test_followers_are_told_where_the_log_ends_when_it_is_retaken(
    new_region: NewRegion,
) -> None:
    taken: list[int] = []
    region = new_region(bounds=PATIENT, hooks=Hooks(lead=taken.append))
    region.ask(cores(1))
    region.store.losses_after_writing = 1
    region.ask(cores(2))
    assert taken == [0, 2]


def test_the_sequencer_stops_while_the_log_is_away(region: Region) -> None:
    region.begin()
    region.store.away = True
    region.store.wait_for(lambda: region.sequencer.role == "cut off")
    region.end()
    with pytest.raises(Unavailable):
        asyncio.run(region.asking(Ask(cores(1))))
    with pytest.raises(Unavailable):
        region.sequencer.call(cores(1), by="wei", because=OPERATION)
