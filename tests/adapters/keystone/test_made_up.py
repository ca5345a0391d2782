"""Tokens that nobody gave out: Keystone is asked about few of them, and about none of no form."""

from __future__ import annotations

from collections import Counter
from secrets import token_urlsafe

import pytest

from tests.adapters.keystone.conftest import NewKeystoneRegion, World, asked, killed
from tests.kit.keystone import of
from tests.kit.region import until

pytestmark = [pytest.mark.xdist_group("keystone"), pytest.mark.takes(3)]


def made_up() -> str:
    return f"gAAAA{token_urlsafe(140)}"


OF_NO_FORM = ("x", "gAAAA", "admin", "a" * 32, "a.b.c", f"gAAAA{'!' * 99}", f"gAAAA{'x' * 5000}")


def test_keystone_is_not_asked_about_what_cannot_be_a_token_of_its(
    new: NewKeystoneRegion, world: World
) -> None:
    region = new()
    with killed(world.keystone):
        assert [asked(region, token).status_code for token in OF_NO_FORM] == [401] * len(OF_NO_FORM)
        assert asked(region, made_up()).status_code == 503


def test_one_who_makes_up_tokens_is_told_to_wait_and_who_is_known_is_not(
    new: NewKeystoneRegion, world: World
) -> None:
    region = new(keystone_new_tokens=0.05, keystone_cache_seconds=300)
    known = world.keystone.token(world.member, of(world.demo))
    until(lambda: asked(region, known).status_code == 200, within=60)
    answers = [asked(region, made_up()) for _ in range(20)]
    counts = Counter(answer.status_code for answer in answers)
    assert counts[429] >= 15, counts
    refused = answers[-1]
    assert refused.json()["type"] == "urn:ullage:problem:too-many-new-tokens"
    assert 1 <= int(refused.headers["retry-after"]) <= 20
    assert asked(region, known).status_code == 200
