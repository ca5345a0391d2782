"""Who asks again with the same key gets the same answer, and nothing happens twice."""

from __future__ import annotations

from typing import Any

import pytest

from commands.engine.given import Bounds
from commands.engine.request import KeyReused
from commands.engine.store import Answer, Key
from commands.scaling.scale_server import ScaleAccepted
from domain.shared.errors import ScaleInProgress, StaleVersion
from tests.commands.conftest import NewRegion
from tests.commands.engine.test_sequencer import kinds, limits
from tests.commands.kit.region import Ask, Outcome, Region, told
from tests.commands.kit.small_commands import Faulty, cores
from tests.commands.scaling.test_scale_server import ADOPTION, scale
from tests.kit.examples import LARGE, MIDDLE, NEXT_OPERATION, OPERATION
from tests.kit.memory_store import MemoryStore


def fingerprints(outcomes: list[Outcome]) -> set[Any]:
    return {outcome.fingerprint for outcome in outcomes if isinstance(outcome, Answer)}


def test_the_same_request_gets_the_same_answer(region: Region) -> None:
    region.given(*ADOPTION)
    first = region.ask(scale(LARGE), key="k", body="to large")
    again = region.ask(scale(LARGE, NEXT_OPERATION), key="k", body="to large")
    assert again == first
    assert told(again, ScaleAccepted).operation == OPERATION
    assert len(region.facts) == 3


def test_the_same_key_with_another_request_is_refused(region: Region) -> None:
    region.ask(cores(1), key="k", body="one")
    with pytest.raises(KeyReused) as refused:
        region.ask(cores(2), key="k", body="two")
    assert refused.value.args == (Key("wei", "k"),)
    assert limits(region.facts) == [1]


def test_two_callers_may_use_the_same_key(region: Region) -> None:
    region.ask_together(Ask(cores(1), "k", by="wei"), Ask(cores(2), "k", by="ana"))
    assert limits(region.facts) == [1, 2]


def test_requests_without_a_key_are_each_decided(region: Region) -> None:
    region.ask(cores(1))
    region.ask(cores(2))
    region.ask(cores(1))
    assert limits(region.facts) == [1, 2, 1]
    assert region.store.kept == {}


def test_requests_in_flight_at_the_same_time_join(region: Region) -> None:
    region.given(*ADOPTION)
    first, joined, other = region.ask_together(
        Ask(scale(LARGE), "k", "large"),
        Ask(scale(LARGE, NEXT_OPERATION), "k", "large"),
        Ask(scale(MIDDLE), "k", "middle"),
    )
    assert isinstance(first, Answer)
    assert joined == first
    assert isinstance(other, KeyReused)
    assert len(region.facts) == 3


def test_an_answer_that_records_nothing_is_kept_too(region: Region) -> None:
    region.ask(cores(1))
    first = region.ask(cores(1), key="k")
    region.ask(cores(2))
    assert region.ask(cores(1), key="k") == first
    assert limits(region.facts) == [1, 2]


def test_a_refusal_is_not_kept_for_the_next_attempt_may_succeed(region: Region) -> None:
    region.given(*ADOPTION)
    region.ask(scale(LARGE), key="first")
    with pytest.raises(ScaleInProgress):
        region.ask(scale(MIDDLE, NEXT_OPERATION), key="second")
    assert set(region.store.kept) == {Key("wei", "first")}


def test_a_bug_is_not_kept_as_an_answer(region: Region) -> None:
    with pytest.raises(ZeroDivisionError):
        region.ask(Faulty(), key="k")
    assert region.ask(cores(1), key="k").position == 1


def test_after_a_restart_an_accepted_request_is_answered_from_the_log(
    new_region: NewRegion,
) -> None:
    before = new_region()
    first = before.ask(cores(1), key="k", body="one")
    before.ask(cores(2))
    before.end()
    after = new_region(before.store)
    assert after.ask(cores(1), key="k", body="one") == first
    with pytest.raises(KeyReused):
        after.ask(cores(3), key="k", body="three")
    assert limits(before.store.facts) == [1, 2]


def test_after_a_restart_a_request_that_would_now_be_refused_gets_its_old_answer(
    new_region: NewRegion,
) -> None:
    store = MemoryStore()
    store.record(*ADOPTION)
    before = new_region(store)
    first = before.ask(scale(LARGE), key="k", body="large")
    before.end()
    after = new_region(store)
    assert after.ask(scale(LARGE, NEXT_OPERATION), key="k", body="large") == first
    with pytest.raises(KeyReused):
        after.ask(scale(MIDDLE), key="k", body="middle")
    assert len(store.facts) == 7


def test_after_a_restart_only_the_known_requests_of_a_batch_are_answered_from_the_log(
    new_region: NewRegion,
) -> None:
    before = new_region()
    known = before.ask(cores(1), key="known", body="one")
    before.end()
    after = new_region(before.store)
    outcomes = after.ask_together(
        Ask(cores(2), "new", "two"),
        Ask(cores(1), "known", "one"),
        Ask(cores(9), "known", "nine"),
        Ask(cores(3)),
    )
    assert kinds(outcomes) == [Answer, Answer, KeyReused, Answer]
    assert outcomes[1] == known
    assert limits(before.store.facts) == [1, 2, 3]
    assert [(f.position, f.version) for f in before.store.facts] == [(1, 1), (2, 2), (3, 3)]
    assert len(fingerprints(outcomes)) == 3


def test_an_answer_that_left_memory_is_found_in_the_log(new_region: NewRegion) -> None:
    region = new_region(bounds=Bounds(idle=0.001, retry=0.001, answers=1))
    first = region.ask(cores(1), key="first")
    region.ask(cores(2), key="second")
    region.ask(cores(3), key="third")
    assert region.ask(cores(1), key="first") == first
    assert limits(region.facts) == [1, 2, 3]


def test_a_key_that_expires_while_it_is_taken_counts_as_new(new_region: NewRegion) -> None:
    before = new_region()
    before.ask(cores(1), key="k")
    before.end()
    before.store.keys_expire_when_taken = True
    after = new_region(before.store)
    after.ask(cores(5))
    assert after.ask(cores(2), key="k").position == 3
    assert [(f.position, f.version) for f in before.store.facts] == [(1, 1), (2, 2), (3, 3)]


def test_a_refused_request_with_an_old_key_does_not_disturb_its_batch(
    new_region: NewRegion,
) -> None:
    store = MemoryStore()
    store.record(*ADOPTION)
    before = new_region(store)
    first = before.ask(scale(LARGE), key="k")
    before.end()
    after = new_region(store)
    outcomes = after.ask_together(
        Ask(cores(8)), Ask(scale(LARGE, NEXT_OPERATION), "k"), Ask(cores(9))
    )
    assert outcomes[1] == first
    assert kinds(outcomes) == [Answer, Answer, Answer]
    assert limits(store.facts) == [8, 9]


def test_a_refusal_under_a_new_key_is_answered_as_a_refusal(region: Region) -> None:
    region.ask(cores(1))
    stale = cores(2)
    stale = type(stale)(project=stale.project, limits=stale.limits, expected=7)
    with pytest.raises(StaleVersion):
        region.ask(stale, key="k")
    assert region.store.kept == {}
