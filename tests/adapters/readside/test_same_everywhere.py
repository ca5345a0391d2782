"""Memory, tables and a fold of the log from nothing tell the same story."""

from __future__ import annotations

import pytest

from tests.adapters.readside.server_story import HOSTS
from tests.adapters.readside.story import (
    Story,
    as_json,
    folded,
    loaded,
    picture,
    rows,
    saved,
)
from tests.kit.hypervisor import ScriptedHost
from tests.kit.region import NewRegion, Region

pytestmark = pytest.mark.takes(3)


@pytest.mark.parametrize("seed", range(4))
def test_after_any_story_memory_tables_and_fold_are_equal(region: Region, seed: int) -> None:
    story = Story(seed)
    story.tell(region.process, 250)
    saved(region.process)
    memory = picture(region.process.readside.models)
    assert memory == picture(folded(region.process))
    assert memory == picture(loaded(region.dsn))
    assert len(memory["servers"]) > 3
    kinds = ("flavor", "image", "region", "window", "host", "pool", "server-group")
    assert all(memory["catalogue"][kind] for kind in kinds)
    assert any(quota.users for quota, *_ in memory["limits"].values())
    assert any(quota.below and quota.shared for quota, *_ in memory["limits"].values())


@pytest.mark.parametrize("seed", range(2))
def test_every_operation_is_in_its_table_as_it_is_in_memory(region: Region, seed: int) -> None:
    story = Story(seed)
    story.tell(region.process, 400)
    saved(region.process)
    fold = folded(region.process)
    in_table = {row[0]: row[6] for row in rows(region.dsn)["operations"]}
    in_memory = {
        id_: as_json(row)
        for id_ in story.operations
        if (row := region.process.readside.operation(id_))
    }
    from_nothing = {
        id_: as_json(row) for id_ in story.operations if (row := fold.operations.get(id_))
    }
    assert in_table == in_memory == from_nothing
    assert {row["state"] for row in in_table.values()} >= {"succeeded", "partly", "failed"}
    assert {row["kind"] for row in in_table.values()} >= {"scale", "build", "stop", "delete"}


def test_history_has_a_row_for_every_fact(region: Region) -> None:
    Story(1).tell(region.process, 150)
    saved(region.process)
    facts = region.process.log.facts(0, 10_000)
    told = [(row[0], row[2], row[5], row[6]) for row in rows(region.dsn)["history"]]
    assert told == [(fact.position, fact.by, fact.stream, fact.version) for fact in facts]


def test_a_restarted_process_knows_the_same(new_region: NewRegion) -> None:
    first = new_region({name: ScriptedHost() for name in HOSTS}).leading()
    story = Story(2)
    story.tell(first.process, 250)
    first.stop()
    memory = picture(first.process.readside.models)
    second = new_region(first.hosts).leading()
    assert picture(second.process.readside.models) == memory
    story.tell(second.process, 100)
    saved(second.process)
    assert picture(second.process.readside.models) == picture(folded(second.process))


def test_unsaved_facts_of_an_ended_process_are_folded_in_at_the_next_start(
    new_region: NewRegion,
) -> None:
    first = new_region({name: ScriptedHost() for name in HOSTS}).leading()
    with first.process._saver.paused:
        Story(3).tell(first.process, 100)
        behind = picture(loaded(first.dsn))["position"]
        second = new_region(first.hosts).start()
        assert second.process.readside.position == first.head > behind
        assert picture(second.process.readside.models) == picture(folded(second.process))
