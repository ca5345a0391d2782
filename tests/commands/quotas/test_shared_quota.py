"""What projects share along a tree: set, obeyed from the lowest up, and carried along by moves."""

from __future__ import annotations

import pytest
from msgspec.structs import replace

from commands.quotas.move_project import MoveProject, ProjectMoved
from commands.quotas.set_quota import QuotaSet, SetSharedQuota
from domain.quota import (
    ParentChanged,
    QuotaClaimed,
    QuotaReleased,
    SharedClaimed,
    SharedQuotaChanged,
    SharedReleased,
)
from domain.quota.limiting import NotShared
from domain.quota.tree import BelowItself
from domain.shared.errors import QuotaBelowUsage, QuotaExceeded, Shortage, StaleVersion
from domain.shared.resources import Amounts
from tests.commands.kit.region import QUOTA_STREAM, Region, told
from tests.commands.kit.standing import Past, at, events, refusal, scale, standing
from tests.commands.kit.standing import told as reported
from tests.kit.examples import LARGE, OPERATION, PROJECT, SERVER, TINY

HELD = {"instances": 1, "cores": 2, "ram": 4096}
TEAM, ACME, OTHER = "quota:team", "quota:acme", "quota:other"


def below(project: str, parent: str) -> Past:
    event = ParentChanged(project=project, was=None, parent=parent)
    return ((f"quota:{project}", event),)


def shared(project: str, **limits: int) -> Past:
    event = SharedQuotaChanged(project=project, was={}, limits=limits)
    return ((f"quota:{project}", event),)


def holds(project: str, amounts: Amounts, by: str = PROJECT) -> Past:
    """``project`` knows already what one below it uses."""
    event = SharedClaimed(project=project, by_project=by, amounts=amounts, below=amounts)
    return ((f"quota:{project}", event),)


# The project with the server stands below team, and that below acme; both know what it uses.
TREE: Past = (
    *standing(),
    *below(PROJECT, "team"),
    *holds("team", HELD),
    *below("team", "acme"),
    *holds("acme", HELD),
)


def claimed(project: str, amounts: Amounts, below: Amounts) -> tuple[str, SharedClaimed]:
    event = SharedClaimed(project=project, by_project=PROJECT, amounts=amounts, below=below)
    return f"quota:{project}", event


def released(project: str, amounts: Amounts, below: Amounts) -> tuple[str, SharedReleased]:
    event = SharedReleased(project=project, by_project=PROJECT, amounts=amounts, below=below)
    return f"quota:{project}", event


def of_quotas(region: Region) -> Past:
    return tuple((stream, event) for stream, event in region.events if stream.startswith("quota:"))


# Setting them

SET = SetSharedQuota(project="acme", limits={"cores": 8})


def test_unnamed_shared_limits_stay(region: Region) -> None:
    region.given(*shared("acme", ram=9, instances=1))
    answer = region.ask(replace(SET, limits={"cores": 8, "ram": None}, reason="sold"))
    after = {"instances": 1, "cores": 8}
    assert events(region) == [
        SharedQuotaChanged(
            project="acme", was={"ram": 9, "instances": 1}, limits=after, reason="sold"
        )
    ]
    assert told(answer, QuotaSet) == QuotaSet(project="acme", limits=after, version=2)


def test_unchanged_shared_limits_are_not_recorded(region: Region) -> None:
    region.given(*shared("acme", cores=8))
    assert told(region.ask(SET), QuotaSet).version == 1
    assert region.events == []


def test_a_shared_limit_below_usage_is_set_only_by_force(region: Region) -> None:
    region.given(*TREE)
    below_usage = refusal(region, replace(SET, limits={"cores": 1}))
    assert isinstance(below_usage, QuotaBelowUsage)
    assert below_usage.shortages == [
        Shortage(resource="cores", asked=0, used=2, limit=1, left=0, scope="shared", node="acme")
    ]
    region.ask(replace(SET, limits={"cores": 1}, force=True))


def test_only_countable_resources_are_shared(region: Region) -> None:
    assert isinstance(refusal(region, replace(SET, limits={"metadata_items": 1})), NotShared)


def test_shared_limits_expected_at_another_version_are_not_set(region: Region) -> None:
    region.given(*shared("acme", ram=9))
    assert isinstance(refusal(region, replace(SET, expected=0)), StaleVersion)
    region.ask(replace(SET, expected=1))


# Obeying them


def test_a_scale_is_claimed_at_every_level_at_once(region: Region) -> None:
    region.given(*TREE, *shared("acme", cores=4))
    region.ask(scale(LARGE))
    more, now = {"cores": 2, "ram": 4096}, {"instances": 1, "cores": 4, "ram": 8192}
    own = QuotaClaimed(project=PROJECT, server=SERVER, operation=OPERATION, amounts=more, used=now)
    assert of_quotas(region) == (
        (QUOTA_STREAM, own),
        claimed("team", more, now),
        claimed("acme", more, now),
    )


def test_released_quota_is_released_at_every_level(region: Region) -> None:
    region.given(*TREE)
    region.ask(scale(TINY))
    region.ask(reported(at(TINY)))
    less, now = {"cores": 1, "ram": 3072}, {"instances": 1, "cores": 1, "ram": 1024}
    own = QuotaReleased(project=PROJECT, server=SERVER, operation=OPERATION, amounts=less, used=now)
    assert of_quotas(region) == (
        (QUOTA_STREAM, own),
        released("team", less, now),
        released("acme", less, now),
    )


@pytest.mark.parametrize("node", ["acme", "team", PROJECT])
def test_a_limit_at_any_level_is_obeyed_and_told_by_its_node(region: Region, node: str) -> None:
    region.given(*TREE, *shared(node, cores=3))
    short = refusal(region, scale(LARGE))
    assert isinstance(short, QuotaExceeded)
    assert vars(short) == {
        "project": PROJECT,
        "shortages": [
            Shortage(resource="cores", asked=2, used=2, limit=3, left=1, scope="shared", node=node)
        ],
        "would_fit": replace(LARGE, vcpus=3),
    }


def test_usage_of_sibling_projects_counts_for_the_shared_limit(region: Region) -> None:
    used = {"cores": 5}
    event = SharedClaimed(project="acme", by_project="beside", amounts={"cores": 3}, below=used)
    region.given(*TREE, *shared("acme", cores=6), (ACME, event))
    short = refusal(region, scale(LARGE))
    assert isinstance(short, QuotaExceeded)
    (one,) = short.shortages
    assert (one.used, one.limit, one.left, one.node) == (5, 6, 1, "acme")


# Moving


MOVE = MoveProject(project=PROJECT, parent="other")


def moved(parent: str | None, was: str | None) -> tuple[str, ParentChanged]:
    return QUOTA_STREAM, ParentChanged(project=PROJECT, was=was, parent=parent)


def test_a_project_is_put_below_another_and_counts_there(region: Region) -> None:
    region.given(*standing())
    answer = region.ask(MOVE)
    assert region.events == [moved("other", None), claimed("other", HELD, HELD)]
    assert told(answer, ProjectMoved) == ProjectMoved(project=PROJECT, parent="other", version=2)


def test_a_moved_projects_usage_moves_from_parent_to_parent(region: Region) -> None:
    region.given(*TREE, *below("other", "acme"))
    region.ask(MOVE)
    nothing = dict.fromkeys(HELD, 0)
    assert region.events == [
        moved("other", "team"),
        released("team", HELD, nothing),
        claimed("other", HELD, HELD),
    ]


def test_a_project_below_none_counts_for_itself(region: Region) -> None:
    region.given(*TREE)
    region.ask(replace(MOVE, parent=None))
    nothing = dict.fromkeys(HELD, 0)
    assert region.events == [
        moved(None, "team"),
        released("team", HELD, nothing),
        released("acme", HELD, nothing),
    ]
    region.ask(scale(LARGE))
    assert [stream for stream, _ in of_quotas(region)[3:]] == [QUOTA_STREAM]


def test_a_moved_project_brings_all_projects_below_it(region: Region) -> None:
    region.given(*TREE, *shared("other", cores=2))
    region.ask(MoveProject(project="team", parent="other"))
    assert events(region) == [
        ParentChanged(project="team", was="acme", parent="other"),
        SharedReleased(
            project="acme", by_project="team", amounts=HELD, below=dict.fromkeys(HELD, 0)
        ),
        SharedClaimed(project="other", by_project="team", amounts=HELD, below=HELD),
    ]
    short = refusal(region, scale(LARGE))
    assert isinstance(short, QuotaExceeded)
    assert [one.node for one in short.shortages] == ["other"]


def test_a_move_that_would_break_a_shared_limit_is_refused(region: Region) -> None:
    region.given(*TREE, *shared("other", cores=1))
    short = refusal(region, MOVE)
    assert isinstance(short, QuotaExceeded)
    assert short.shortages == [
        Shortage(resource="cores", asked=2, used=0, limit=1, left=1, scope="shared", node="other")
    ]


@pytest.mark.parametrize("parent", [PROJECT, "team"])
def test_a_project_is_never_put_below_itself(region: Region, parent: str) -> None:
    region.given(*TREE)
    for project in ("acme", parent):
        circle = refusal(region, MoveProject(project=project, parent=parent))
        assert isinstance(circle, BelowItself)


def test_a_move_to_the_same_parent_is_not_recorded(region: Region) -> None:
    region.given(*TREE)
    answer = region.ask(MoveProject(project=PROJECT, parent="team"))
    assert region.events == []
    assert told(answer, ProjectMoved).version == 2


def test_a_project_expected_at_another_version_is_not_moved(region: Region) -> None:
    region.given(*TREE)
    assert isinstance(refusal(region, replace(MOVE, expected=1)), StaleVersion)
    region.ask(replace(MOVE, expected=2))
