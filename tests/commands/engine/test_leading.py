"""What happens when the log is taken, before the first caller is let in."""

from __future__ import annotations

from concurrent.futures import Future
from uuid import UUID

import pytest

from commands.engine.given import Hooks
from commands.engine.request import NotLeader, Request
from commands.engine.store import Answer
from tests.commands.conftest import NewRegion
from tests.commands.engine.test_sequencer import limits
from tests.commands.kit.small_commands import cores
from tests.commands.scaling.test_scale_server import ADOPTION
from tests.kit.examples import OPERATION
from tests.kit.memory_store import MemoryStore


def test_a_new_leader_is_told_where_the_log_ends(new_region: NewRegion) -> None:
    taken: list[int] = []
    store = MemoryStore()
    store.record(*ADOPTION)
    region = new_region(store, hooks=Hooks(lead=taken.append))
    region.begin()
    assert taken == [4]
    assert region.sequencer.position == 4


def test_opening_commands_are_decided_before_any_others(new_region: NewRegion) -> None:
    future: Future[Answer] = Future()
    opening = [Request(cores(1), by="ullage", because=UUID(int=9), future=future)]
    region = new_region(hooks=Hooks(opening=lambda: opening))
    assert region.ask(cores(2)).position == 2
    assert limits(region.facts) == [1, 2]
    assert [fact.by for fact in region.facts] == ["ullage", "wei"]
    assert future.result(timeout=0).position == 1


def test_opening_commands_are_asked_each_time_the_log_is_taken(
    new_region: NewRegion,
) -> None:
    def opening() -> list[Request]:
        return [Request(cores(1), by="ullage", because=UUID(int=9), future=Future())]

    region = new_region(hooks=Hooks(opening=opening))
    region.ask(cores(2))
    region.store.away = True
    region.store.wait_for(lambda: region.sequencer.role == "cut off")
    region.store.away = False
    region.store.wait_for(lambda: region.sequencer.role == "leading")
    assert limits(region.facts) == [1, 2, 1]


def test_a_follower_turns_commands_away(new_region: NewRegion) -> None:
    store = MemoryStore()
    store.held_by_another = True
    region = new_region(store)
    region.sequencer.start()
    with pytest.raises(NotLeader):
        region.sequencer.call(cores(1), by="wei", because=OPERATION)
    store.held_by_another = False
    store.wait_for(lambda: region.sequencer.role == "leading")
    answer = region.sequencer.call(cores(1), by="wei", because=OPERATION)
    region.sequencer.stop()
    assert answer.position == 1


def test_a_new_leader_goes_on_where_the_log_ends(new_region: NewRegion) -> None:
    first = new_region()
    first.ask(cores(1))
    first.end()
    second = new_region(first.store)
    assert second.ask(cores(2)).position == 2
    assert [(f.position, f.version) for f in first.store.facts] == [(1, 1), (2, 2)]
