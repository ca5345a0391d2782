"""A draft shows what was decided in it, and leaves the log as it is."""

from __future__ import annotations

import pytest

from commands.command import stream_id
from commands.draft import Draft
from commands.engine.aggregate_cache import AggregateCache
from commands.ledger import quotas
from commands.quotas.set_quota import QuotaSet
from commands.scaling.scale_server import ScaleAccepted, ScaleServer
from domain.quota import ProjectQuota
from domain.server import Server
from domain.shared.errors import NotFound, QuotaExceeded
from domain.shared.size import Size
from tests.commands.kit.region import QUOTA_STREAM, SERVER_STREAM
from tests.commands.kit.small_commands import cores
from tests.kit.examples import (
    ADOPTED,
    CLAIMED_AT_ADOPTION,
    DEADLINE,
    DECLARED,
    LARGE,
    OPERATION,
    PROJECT,
    SERVER,
)
from tests.kit.memory_store import MemoryStore

SCALE = ScaleServer(server=SERVER, to=LARGE, operation=OPERATION, deadline=DEADLINE)


@pytest.fixture(name="memory")
def _memory() -> AggregateCache:
    store = MemoryStore()
    store.record(
        (SERVER_STREAM, ADOPTED), (SERVER_STREAM, DECLARED), (QUOTA_STREAM, CLAIMED_AT_ADOPTION)
    )
    return AggregateCache(store, bound=100)


def test_a_drafted_decision_is_seen_by_the_next(memory: AggregateCache) -> None:
    draft = Draft(memory)
    assert draft.decide(cores(2), QuotaSet).limits == {"cores": 2}
    with pytest.raises(QuotaExceeded):
        draft.decide(SCALE, ScaleAccepted)
    assert len(draft.changes) == 1


def test_several_drafted_decisions_on_one_stream_follow_each_other(memory: AggregateCache) -> None:
    draft = Draft(memory)
    for limit in (5, 6, 7):
        draft.decide(cores(limit), QuotaSet)
    draft.decide(SCALE, ScaleAccepted)
    of_quota = [c.version for c in draft.changes if c.stream == stream_id(ProjectQuota, PROJECT)]
    assert of_quota == [2, 3, 4, 5]
    assert draft.open(ProjectQuota, PROJECT).state.used["cores"] == 4
    assert draft.load(Server, str(SERVER)).state.requested == LARGE


def test_a_stream_may_begin_in_a_draft(memory: AggregateCache) -> None:
    draft = Draft(memory)
    assert draft.find(ProjectQuota, "new") is None
    draft.decide(cores(3, "new"), QuotaSet)
    begun = draft.find(ProjectQuota, "new")
    assert begun is not None
    assert (begun.version, begun.state.limits) == (1, {"cores": 3})


def test_a_draft_leaves_the_log_as_it_is(memory: AggregateCache) -> None:
    draft = Draft(memory)
    draft.decide(cores(5), QuotaSet)
    draft.decide(SCALE, ScaleAccepted)
    assert memory.open(ProjectQuota, PROJECT).state.limits == {}
    assert memory.load(Server, str(SERVER)).state.operation is None


def test_a_stream_in_neither_draft_nor_log_is_not_found(memory: AggregateCache) -> None:
    with pytest.raises(NotFound):
        Draft(memory).load(Server, "nowhere")


def test_another_reply_than_the_expected_one_is_a_bug(memory: AggregateCache) -> None:
    draft = Draft(memory)
    with pytest.raises(TypeError, match="SetQuota does not reply with ScaleAccepted"):
        draft.decide(cores(5), ScaleAccepted)
    assert draft.changes == []


def test_a_size_that_grows_in_two_steps_claims_once_each(memory: AggregateCache) -> None:
    """The second server's decision sees the first one's claim on the shared quota."""
    draft = Draft(memory)
    draft.decide(cores(4), QuotaSet)
    draft.decide(SCALE, ScaleAccepted)
    quota = draft.open(ProjectQuota, PROJECT).state
    assert quotas.path(draft, PROJECT).left("cores") == 0
    assert quota.used["ram"] == LARGE.memory_mib
    assert draft.load(Server, str(SERVER)).state.size == Size(2, 4096)
