"""What was shown of a project's limits is shown again only while it is true."""

from __future__ import annotations

from domain.quota import Node, ProjectQuota, QuotaPath
from projections.limits_shown import LimitsShown

QUOTA, DEFAULTS = ProjectQuota(used={"cores": 1}), {"cores": 8}
PATH = QuotaPath((Node("demo", QUOTA),), DEFAULTS)


def shown() -> LimitsShown[str]:
    known = LimitsShown[str](most=2)
    known.keep(None, PATH, {}, "view")
    return known


def test_the_same_quotas_show_the_same() -> None:
    again = QuotaPath((Node("demo", QUOTA),), DEFAULTS)
    assert shown().find(None, again, {}) == "view"


def test_anything_else_is_worked_out_anew() -> None:
    parent = Node("parent", ProjectQuota())
    others = [
        (None, PATH._replace(nodes=(Node("demo", ProjectQuota(used={"cores": 1})),)), {}),
        (None, PATH._replace(nodes=(*PATH.nodes, parent)), {}),
        (None, PATH._replace(defaults=dict(DEFAULTS)), {}),
        (None, PATH._replace(nodes=(Node("other", QUOTA),)), {}),
        (None, PATH, {"cores": 1}),
        ("somebody", PATH, {}),
    ]
    assert [shown().find(*one) for one in others] == [None] * 6


def test_no_more_are_remembered_than_it_may() -> None:
    known = shown()
    for n in range(5):
        known.keep(str(n), PATH, {}, "view")
    assert sum(known.find(user, PATH, {}) is not None for user in (None, *"01234")) <= 2
