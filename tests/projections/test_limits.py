"""Limits and usage of a project: folded from facts, and written with them."""

from __future__ import annotations

import msgspec
import pytest

from domain.events import Event
from domain.quota import QuotaChanged, QuotaReleased
from domain.quota_class import QuotaClassChanged
from projections.limits import WRITTEN, Limits, ResourceLimit
from tests.examples import CLAIMED_AT_ADOPTION, PROJECT, SERVER
from tests.projections.facts import facts

DEFAULTS = QuotaClassChanged(was={}, limits={"instances": 10, "cores": 20, "ram": 51200})
OWN = QuotaChanged(project=PROJECT, was={}, limits={"cores": 3})
UNLIMITED = QuotaChanged(project=PROJECT, was={"cores": 3}, limits={"cores": -1})
NO_OWN = QuotaChanged(project=PROJECT, was={"cores": -1}, limits={})
RELEASED = QuotaReleased(
    project=PROJECT,
    server=SERVER,
    amounts={"cores": 1},
    used={"instances": 1, "cores": 1, "ram": 4096},
)


def folded(*events: Event) -> Limits:
    limits = Limits()
    for fact in facts(*events):
        limits.apply(fact)
    return limits


def cores(limits: Limits) -> ResourceLimit:
    return limits.of_project(PROJECT).resources["cores"]


def test_a_project_that_nobody_has_named_has_the_defaults_and_uses_nothing() -> None:
    shown = folded(DEFAULTS).of_project("nobody")
    assert shown.version == 0
    assert shown.resources["cores"] == ResourceLimit(limit=20, used=0, left=20, own=False)


def test_usage_is_what_the_last_fact_says() -> None:
    limits = folded(DEFAULTS, CLAIMED_AT_ADOPTION, RELEASED)
    assert cores(limits) == ResourceLimit(limit=20, used=1, left=19, own=False)


@pytest.mark.parametrize(
    ("events", "shown"),
    [
        ([OWN], ResourceLimit(limit=3, used=2, left=1, own=True)),
        ([OWN, UNLIMITED], ResourceLimit(limit=-1, used=2, left=None, own=True)),
        ([OWN, UNLIMITED, NO_OWN], ResourceLimit(limit=20, used=2, left=18, own=False)),
    ],
)
def test_own_limits_go_before_the_defaults(events: list[Event], shown: ResourceLimit) -> None:
    assert cores(folded(DEFAULTS, CLAIMED_AT_ADOPTION, *events)) == shown


def test_nothing_is_left_below_nothing() -> None:
    below = QuotaChanged(project=PROJECT, was={}, limits={"cores": 1})
    assert cores(folded(CLAIMED_AT_ADOPTION, below)).left == 0


def test_the_version_counts_both_kinds_of_facts() -> None:
    assert folded(CLAIMED_AT_ADOPTION, OWN, RELEASED).of_project(PROJECT).version == 3


STORY = (DEFAULTS, OWN, CLAIMED_AT_ADOPTION, UNLIMITED, RELEASED, NO_OWN)


@pytest.mark.parametrize("upto", range(len(STORY) + 1))
def test_what_the_facts_write_is_what_the_fold_holds(upto: int) -> None:
    """One by one as they come, and all at once as a rebuild writes them."""
    tables: dict[str, dict[str, tuple[int, str]]] = {table.name: {} for table in WRITTEN}
    for fact in facts(*STORY[:upto]):
        for table in WRITTEN:
            key, version, amounts = table.columns([fact]).values()
            tables[table.name] |= {k: (v, a) for k, v, a in zip(key, version, amounts, strict=True)}
    fold = folded(*STORY[:upto])
    for name, columns in fold.columns().items():
        key, version, amounts = columns.values()
        assert tables[name] == {k: (v, a) for k, v, a in zip(key, version, amounts, strict=True)}


def test_what_was_written_is_loaded_as_it_was() -> None:
    fold, after = folded(*STORY), Limits()
    rows = {
        name: [
            (key, version, msgspec.json.decode(amounts))
            for key, version, amounts in zip(*columns.values(), strict=True)
        ]
        for name, columns in fold.columns().items()
    }
    after.load(rows["usage"], rows["limits"], rows["classes"])
    assert after.of_project(PROJECT) == fold.of_project(PROJECT)
    assert (after.defaults, after.projects()) == (fold.defaults, fold.projects())
    assert after.columns() == fold.columns()


def test_of_a_batch_only_the_last_word_on_a_project_is_written() -> None:
    usage = WRITTEN[0].columns(facts(CLAIMED_AT_ADOPTION, RELEASED))
    assert usage["usage_version"] == [2]
