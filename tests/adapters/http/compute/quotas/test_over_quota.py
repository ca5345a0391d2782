"""What is said where a quota is exceeded: Nova's words, and whose limit it was."""

from __future__ import annotations

import pytest

from adapters.http.compute.gateway.over_quota import over_quota_text
from domain.shared.errors import QuotaExceeded, Scope, Shortage
from tests.adapters.http.compute.kit.asking import GROUPS, Asking, refused
from tests.kit.region import NewRegion

_GROUP = {"server_group": {"name": "a", "policies": ["affinity"]}}


def said(*short: Shortage) -> str:
    return over_quota_text(QuotaExceeded(project="p", shortages=list(short)))


def short(resource: str, scope: Scope = "project", node: str = "p") -> Shortage:
    return Shortage(resource=resource, asked=1, used=3, limit=1, left=0, scope=scope, node=node)


@pytest.mark.parametrize(
    ("resource", "words"),
    [
        ("server_groups", "Quota exceeded, too many server groups."),
        ("server_group_members", "Quota exceeded, too many servers in group"),
        ("key_pairs", "Quota exceeded, too many key pairs."),
        ("metadata_items", "Maximum number of metadata items exceeds 1"),
        ("injected_files", "Personality file limit exceeded"),
        ("injected_file_path_bytes", "Personality file path exceeds maximum 1"),
        ("injected_file_content_bytes", "Personality file content exceeds maximum 1"),
        ("cores", "Quota exceeded for cores: Requested 1, but already used 3 of 1 cores"),
    ],
)
def test_each_resource_over_quota_has_novas_words(resource: str, words: str) -> None:
    assert said(short(resource)) == words


def test_several_resources_over_quota_are_named() -> None:
    assert said(short("ram"), short("cores")) == (
        "Quota exceeded for cores, ram: Requested 1, 1, but already used 3, 3 of 1, 1 cores, ram"
    )


def test_an_exceeded_limit_above_or_of_a_user_is_named() -> None:
    words = "Quota exceeded for cores: Requested 1, but already used 3 of 1 cores"
    of_all = " (the limit is that of project top and all below it)"
    assert said(short("cores", "shared", "top")) == words + of_all
    of_mia = " (the limit is that of user mia)"
    assert said(short("cores", "user", "mia")) == words + of_mia


def test_over_quota_is_answered_with_413_by_a_setting(new_region: NewRegion) -> None:
    region = new_region(over_quota_status=413).leading()
    region.limits(server_groups=0)
    answer = Asking(region, as_="member")("POST", GROUPS, _GROUP)
    assert refused(answer) == (413, "Quota exceeded, too many server groups.")
    assert list(answer.json()) == ["overLimit"]


def test_a_limit_shared_further_up_holds_for_groups_too(new_region: NewRegion) -> None:
    region = new_region().leading()
    region.put("/v1/projects/demo/parent", {"parent": "org"})
    region.put("/v1/projects/org/shared-quota", {"limits": {"server_groups": 0}})
    answer = Asking(region, as_="member")("POST", GROUPS, _GROUP)
    words = "Quota exceeded, too many server groups."
    whose = " (the limit is that of project org and all below it)"
    assert refused(answer) == (403, words + whose)
