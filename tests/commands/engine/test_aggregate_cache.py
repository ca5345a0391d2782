"""Aggregates live in memory up to a bound; what was dropped is loaded again, the same."""

from __future__ import annotations

import pytest

from commands.engine.aggregate_cache import AggregateCache
from commands.engine.answers import Answers
from commands.engine.decision_batch import SNAPSHOT_EVERY
from commands.engine.given import Bounds
from commands.engine.store import Answer, Key
from domain.quota import ProjectQuota, QuotaChanged
from domain.server import Server
from domain.shared.errors import NotFound
from tests.commands.conftest import NewRegion
from tests.commands.engine.test_sequencer import limits
from tests.commands.kit.region import QUOTA_STREAM, Ask, Region
from tests.commands.kit.small_commands import cores
from tests.kit.examples import ADOPTED, PROJECT, SERVER
from tests.kit.memory_store import MemoryStore, Read, Snapshot

LONG = 2 * SNAPSHOT_EVERY + 50


def changes(count: int) -> list[tuple[str, QuotaChanged]]:
    was: dict[str, int] = {}
    changed = []
    for n in range(1, count + 1):
        changed.append((QUOTA_STREAM, QuotaChanged(project=PROJECT, was=was, limits={"cores": n})))
        was = {"cores": n}
    return changed


def quotas_read(store: MemoryStore) -> list[Read]:
    return [read for read in store.reads if read.stream.startswith("quota:")]


@pytest.fixture
def store() -> MemoryStore:
    store = MemoryStore()
    store.acquire()
    return store


def test_an_aggregate_is_loaded_once(store: MemoryStore) -> None:
    store.record((f"server:{SERVER}", ADOPTED))
    memory = AggregateCache(store, bound=10)
    first = memory.load(Server, str(SERVER))
    assert memory.load(Server, str(SERVER)) is first
    assert (first.version, first.state) == (1, Server.begin(ADOPTED))
    assert store.reads == [Read(f"server:{SERVER}", 0)]


def test_an_aggregate_without_facts_is_found_only_when_opened(store: MemoryStore) -> None:
    memory = AggregateCache(store, bound=10)
    assert memory.find(Server, "x") is None
    with pytest.raises(NotFound) as refused:
        memory.load(ProjectQuota, "x")
    assert vars(refused.value) == {"what": "quota", "id": "x"}
    blank = memory.open(ProjectQuota, "x")
    assert (blank.id, blank.version, blank.state) == ("quota:x", 0, ProjectQuota())
    assert memory.peek("quota:x") is None


def test_the_least_recently_used_aggregate_is_dropped_and_loaded_the_same_again(
    store: MemoryStore,
) -> None:
    store.record(*[(f"quota:{n}", changes(1)[0][1]) for n in "abc"])
    memory = AggregateCache(store, bound=2)
    loaded = {n: memory.load(ProjectQuota, n) for n in "abc"}
    memory.load(ProjectQuota, "a")
    memory.trim()
    assert [n for n in "abc" if memory.peek(f"quota:{n}")] == ["a", "c"]
    assert memory.load(ProjectQuota, "b") == loaded["b"]


def test_a_forgotten_aggregate_is_loaded_again(store: MemoryStore) -> None:
    store.record((QUOTA_STREAM, changes(1)[0][1]))
    memory = AggregateCache(store, bound=10)
    memory.load(ProjectQuota, PROJECT)
    memory.forget()
    store.record((QUOTA_STREAM, changes(2)[1][1]))
    assert memory.load(ProjectQuota, PROJECT).state.limits == {"cores": 2}


def test_the_bound_holds_between_batches_and_changes_no_outcome(new_region: NewRegion) -> None:
    region = new_region(bounds=Bounds(idle=0.001, retry=0.001, live=2))
    for n in (1, 2, 3):
        region.ask_together(*[Ask(cores(n, project)) for project in "abcd"])
    for project in "abcd":
        assert limits(region.store.of(f"quota:{project}")) == [1, 2, 3]
        assert [f.version for f in region.store.of(f"quota:{project}")] == [1, 2, 3]
    loads = [read.stream for read in quotas_read(region.store)]
    assert all(loads.count(f"quota:{project}") > 1 for project in "ab")


def limited(cores: int) -> bytes:
    return (
        b'{"limits":{"cores":%d},"used":{},"users":{},"shared":{},"below":{},"parent":null}'
    ) % cores


def test_a_long_stream_gets_a_snapshot_at_every_interval(region: Region) -> None:
    region.given(*changes(SNAPSHOT_EVERY - 2))
    region.ask(cores(1001))
    assert region.store.snapshots == {}
    region.ask(cores(1002))
    assert region.store.snapshots == {QUOTA_STREAM: Snapshot(SNAPSHOT_EVERY, 2, limited(1002))}
    region.ask(cores(1003))
    assert region.store.snapshots[QUOTA_STREAM].version == SNAPSHOT_EVERY


def test_a_batch_that_passes_several_intervals_makes_one_snapshot(region: Region) -> None:
    region.ask_together(*[Ask(cores(n)) for n in range(1, LONG + 1)])
    assert len(region.store.batches) == 1
    snapshot = region.store.snapshots[QUOTA_STREAM]
    assert snapshot == Snapshot(2 * SNAPSHOT_EVERY, 2, limited(2 * SNAPSHOT_EVERY))


def test_an_aggregate_is_loaded_from_its_snapshot_and_later_facts(new_region: NewRegion) -> None:
    before = new_region()
    before.ask_together(*[Ask(cores(n)) for n in range(1, LONG + 1)])
    before.end()
    before.store.reads.clear()
    after = new_region(before.store)
    assert after.ask(cores(7)).position == LONG + 1
    assert quotas_read(before.store) == [Read(QUOTA_STREAM, 2 * SNAPSHOT_EVERY)]
    assert before.store.facts[-1].event == QuotaChanged(
        project=PROJECT, was={"cores": LONG}, limits={"cores": 7}
    )


def test_a_snapshot_in_another_format_is_passed_over(new_region: NewRegion) -> None:
    store = MemoryStore()
    store.record(*changes(LONG))
    store.snapshots[QUOTA_STREAM] = Snapshot(2 * SNAPSHOT_EVERY, 0, b"of an older time")
    region = new_region(store)
    assert region.ask(cores(7)).position == LONG + 1
    assert quotas_read(store) == [Read(QUOTA_STREAM, 0)]


def test_answers_are_remembered_up_to_a_bound_the_latest_longest() -> None:
    answers = Answers(bound=2)
    given = {Key("wei", k): Answer(position=n, reply=b"{}") for n, k in enumerate("abc", 1)}
    answers.learn(given)
    assert [answers.get(key) for key in given] == [None, *list(given.values())[1:]]
