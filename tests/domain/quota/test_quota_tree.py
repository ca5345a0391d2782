"""A project is moved below another one with all that it and those below it use."""

from __future__ import annotations

import pytest
from msgspec.structs import replace

from domain.quota import (
    Node,
    ParentChanged,
    ProjectQuota,
    SharedClaimed,
    SharedReleased,
    tree,
)
from domain.quota.claims import Claims
from domain.quota.tree import BelowItself
from domain.shared.errors import QuotaExceeded, Shortage
from domain.shared.resources import Amounts

USES: Amounts = {"cores": 3, "ram": 0}
TOTAL: Amounts = {"cores": 5}
DEV = ProjectQuota(used=USES, below={"cores": 2}, parent="team")
TEAM = ProjectQuota(used={"cores": 1}, below=TOTAL, parent="acme")
ACME = ProjectQuota(below={"cores": 6})
OTHER = ProjectQuota(used={"cores": 1}, parent="acme")

AT_TEAM = (Node("dev", DEV), Node("team", TEAM), Node("acme", ACME))
UNDER_OTHER = (Node("other", OTHER), Node("acme", ACME))


def moved(parent: str | None, was: str | None = "team") -> ParentChanged:
    return ParentChanged(project="dev", was=was, parent=parent, reason="why")


def joined(node: str, below: Amounts, amounts: Amounts = TOTAL) -> Claims:
    event = SharedClaimed(project=node, by_project="dev", amounts=amounts, below=below)
    return Claims(node, (event,))


def left(node: str, below: Amounts) -> Claims:
    event = SharedReleased(project=node, by_project="dev", amounts=TOTAL, below=below)
    return Claims(node, (event,))


def test_a_project_below_none_is_counted_nowhere_above() -> None:
    assert tree.moved(AT_TEAM, (), "why") == (
        moved(None),
        [left("team", {"cores": 0}), left("acme", {"cores": 1})],
    )


def test_a_moved_projects_whole_usage_comes_along_at_every_level() -> None:
    alone = (Node("dev", replace(DEV, parent=None)),)
    assert tree.moved(alone, AT_TEAM[1:], "why") == (
        moved("team", was=None),
        [joined("team", {"cores": 10}), joined("acme", {"cores": 11})],
    )


def test_a_move_changes_nothing_for_a_common_ancestor() -> None:
    assert tree.moved(AT_TEAM, UNDER_OTHER, "why") == (
        moved("other"),
        [left("team", {"cores": 0}), joined("other", {"cores": 5})],
    )


def test_a_move_one_level_up_releases_at_the_old_parent_only() -> None:
    assert tree.moved(AT_TEAM, AT_TEAM[2:], "why") == (moved("acme"), [left("team", {"cores": 0})])


def test_a_move_one_level_down_claims_at_the_new_parent_only() -> None:
    beside = (Node("dev", replace(DEV, parent="acme")), Node("acme", ACME))
    assert tree.moved(beside, UNDER_OTHER, "why") == (
        moved("other", was="acme"),
        [joined("other", {"cores": 5})],
    )


def test_a_project_that_uses_nothing_moves_without_a_claim() -> None:
    empty = (Node("dev", ProjectQuota(used={"cores": 0})),)
    assert tree.moved(empty, UNDER_OTHER, "why") == (moved("other", was=None), [])


@pytest.mark.parametrize(
    "above",
    [(Node("dev", DEV),), (Node("sub", ProjectQuota(parent="dev")), *AT_TEAM)],
    ids=["itself", "one below it"],
)
def test_a_project_is_never_put_below_itself(above: tuple[Node, ...]) -> None:
    with pytest.raises(BelowItself) as caught:
        tree.moved(AT_TEAM, above)
    assert vars(caught.value) == {"project": "dev", "parent": above[0].id}


def test_the_refusal_of_a_circle_names_both_projects() -> None:
    assert str(BelowItself(project="dev", parent="sub")) == (
        "Project dev cannot be put below sub, which is below dev itself."
    )


def test_a_move_that_breaks_a_limit_above_is_refused() -> None:
    tight = replace(ACME, shared={"cores": 10, "ram": 0})
    with pytest.raises(QuotaExceeded) as caught:
        tree.moved((Node("dev", DEV),), (Node("acme", tight),))
    assert vars(caught.value) == {
        "project": "dev",
        "shortages": [
            Shortage(
                resource="cores", asked=5, used=6, limit=10, left=4, scope="shared", node="acme"
            )
        ],
        "would_fit": None,
    }


def test_a_moved_project_may_use_up_a_shared_limit() -> None:
    exact = replace(ACME, shared={"cores": 11})
    event, _ = tree.moved((Node("dev", DEV),), (Node("acme", exact),))
    assert event.parent == "acme"


def test_a_parents_own_and_user_limits_do_not_stand_against_a_move() -> None:
    own = replace(ACME, limits={"cores": 0})
    event, _ = tree.moved((Node("dev", DEV),), (Node("acme", own),))
    assert event.parent == "acme"


def test_a_common_ancestor_that_is_exceeded_does_not_stand_in_the_way() -> None:
    """It has what it has, wherever below it that is."""
    over = replace(ACME, shared={"cores": 1})
    there = (Node("other", OTHER), Node("acme", over))
    event, _ = tree.moved((*AT_TEAM[:2], Node("acme", over)), there)
    assert event.parent == "other"
