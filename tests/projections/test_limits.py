"""Limits and usage of a project: folded from facts, and written with them."""

from __future__ import annotations

from typing import Any

import pytest
from msgspec.json import decode
from msgspec.structs import replace

from domain.quota import (
    ParentChanged,
    QuotaChanged,
    QuotaReleased,
    SharedClaimed,
    SharedQuotaChanged,
    SharedReleased,
    UserQuotaChanged,
)
from domain.quota.quota_class import QuotaClassChanged
from domain.shared.events import Event
from domain.shared.resources import held
from projections.limits import Limits, ResourceLimit
from projections.quota_tables import WRITTEN
from projections.table import Columns
from tests.kit.examples import CLAIMED_AT_ADOPTION, PROJECT, SERVER, SMALL
from tests.projections.facts import facts

Row = tuple[Any, ...]

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


def test_an_unknown_project_has_the_defaults_and_uses_nothing() -> None:
    shown = folded(DEFAULTS).of_project("nobody")
    assert shown.version == 0
    assert shown.resources["cores"] == ResourceLimit(limit=20, used=0, left=20, own=False)


def test_usage_in_limits_is_that_of_the_last_fact() -> None:
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
def test_a_projects_own_limits_are_shown_before_the_defaults(
    events: list[Event], shown: ResourceLimit
) -> None:
    assert cores(folded(DEFAULTS, CLAIMED_AT_ADOPTION, *events)) == shown


def test_what_is_left_of_a_limit_is_never_below_0() -> None:
    below = QuotaChanged(project=PROJECT, was={}, limits={"cores": 1})
    assert cores(folded(CLAIMED_AT_ADOPTION, below)).left == 0


def test_the_version_of_limits_counts_limits_and_usage() -> None:
    assert folded(CLAIMED_AT_ADOPTION, OWN, RELEASED).of_project(PROJECT).version == 3


BY_USER = replace(CLAIMED_AT_ADOPTION, user="ann", used_by_user=held(SMALL))
OF_USER = UserQuotaChanged(project=PROJECT, user="ann", was={}, limits={"cores": 2})
SHARED = SharedQuotaChanged(project="acme", was={}, limits={"cores": 4})
BELOW = ParentChanged(project=PROJECT, was=None, parent="acme")
CAME = SharedClaimed(project="acme", by_project=PROJECT, amounts={"cores": 2}, below={"cores": 2})
WENT = SharedReleased(project="acme", by_project=PROJECT, amounts={"cores": 2}, below={"cores": 0})
ALONE = ParentChanged(project=PROJECT, was="acme", parent=None)


def test_projects_above_may_leave_less_of_a_limit() -> None:
    shown = cores(folded(DEFAULTS, CLAIMED_AT_ADOPTION, SHARED, BELOW, CAME))
    assert shown == ResourceLimit(limit=20, used=2, left=2, own=False)


def test_a_user_is_shown_its_own_limits_and_usage() -> None:
    limits = folded(DEFAULTS, BY_USER, OF_USER)
    shown = limits.of_project(PROJECT, "ann", reserved={"cores": 1})
    assert (shown.user, shown.version) == ("ann", 2)
    assert shown.resources["cores"] == ResourceLimit(limit=2, used=2, left=0, own=True, reserved=1)
    assert shown.resources["ram"] == ResourceLimit(limit=51200, used=4096, left=47104, own=False)


def test_an_unknown_user_has_its_projects_limits() -> None:
    shown = folded(DEFAULTS, BY_USER).of_project(PROJECT, "bob").resources["cores"]
    assert shown == ResourceLimit(limit=20, used=0, left=18, own=False)


def test_limits_know_which_projects_are_below_which() -> None:
    limits = folded(DEFAULTS, SHARED, BELOW, replace(OWN, project="other"))
    assert (limits.below(None), limits.below("acme"), limits.below(PROJECT)) == (
        ["acme"],
        [PROJECT],
        [],
    )


STORY = (
    DEFAULTS,
    OWN,
    CLAIMED_AT_ADOPTION,
    UNLIMITED,
    RELEASED,
    NO_OWN,
    BY_USER,
    OF_USER,
    SHARED,
    BELOW,
    CAME,
    WENT,
    ALONE,
)


@pytest.mark.parametrize("upto", range(len(STORY) + 1))
def test_quota_tables_are_written_as_the_fold_has_them(upto: int) -> None:
    """One by one as they come, and all at once as a rebuild writes them."""
    tables: dict[str, dict[Row, Row]] = {table.name: {} for table in WRITTEN}
    for fact in facts(*STORY[:upto]):
        for table in WRITTEN:
            tables[table.name] |= by_key(table.columns([fact]))
    assert tables == in_tables(folded(*STORY[:upto]))


def test_limits_are_loaded_as_they_were_saved() -> None:
    fold, after = folded(*STORY), Limits()
    rows = {name: written.values() for name, written in in_tables(fold).items()}
    after.load(
        usage=[(project, version, decode(used)) for project, version, used in rows["usage"]],
        limits=[(project, version, decode(own)) for project, version, own in rows["limits"]],
        classes=[(name, version, decode(own)) for name, version, own in rows["classes"]],
        parts=[(*key, decode(amounts)) for *key, amounts in rows["parts"]],
        parents=[(project, version, parent) for project, version, parent in rows["parents"]],
    )
    for project in (PROJECT, "acme"):
        assert after.of_project(project) == fold.of_project(project)
        assert after.quota(project) == fold.quota(project)
    assert (after.defaults, after.projects()) == (fold.defaults, fold.projects())
    assert after.tables() == fold.tables()


def test_a_batch_writes_only_the_last_quota_of_a_project() -> None:
    usage = WRITTEN[0].columns(facts(CLAIMED_AT_ADOPTION, RELEASED))
    assert usage["usage_version"] == [2]


def test_a_batch_writes_only_the_last_quota_of_each_user() -> None:
    parts = {table.name: table for table in WRITTEN}["parts"]
    again = replace(BY_USER, used_by_user={"cores": 9})
    columns = parts.columns(facts(BY_USER, OF_USER, replace(BY_USER, user="bob"), again))
    assert list(by_key(columns)) == [
        (PROJECT, "user-used", "ann"),
        (PROJECT, "user-limits", "ann"),
        (PROJECT, "user-used", "bob"),
    ]
    assert columns["part_version"] == [4, 2, 3]


def by_key(columns: Columns) -> dict[Row, Row]:
    """The rows by all that stands before version and value."""
    return {row[:-2]: row for row in zip(*columns.values(), strict=True)}


def in_tables(limits: Limits) -> dict[str, dict[Row, Row]]:
    return {name: by_key(columns) for name, columns in limits.tables().columns().items()}
