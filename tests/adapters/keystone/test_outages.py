"""Keystone is away, slow, or not on our side: nobody new gets in, who is known does not notice."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import AbstractContextManager

import pytest

from tests.adapters.keystone.conftest import OURS, NewKeystoneRegion, World, asked, killed
from tests.kit.keystone import PASSWORD, Keystone, of
from tests.kit.region import Answer, until

pytestmark = [pytest.mark.xdist_group("keystone"), pytest.mark.takes(4)]

UNAVAILABLE = "urn:ullage:problem:identity-unavailable"


AWAY = pytest.mark.parametrize("away", [killed, Keystone.hanging], ids=["killed", "hanging"])


@AWAY
def test_a_known_token_is_served_during_an_outage_and_no_other(
    new: NewKeystoneRegion,
    world: World,
    away: Callable[[Keystone], AbstractContextManager[None]],
) -> None:
    region = new(keystone_cache_seconds=300, keystone_call_seconds=4)
    known, unknown = tokens(world), tokens(world)
    until(lambda: asked(region, known).status_code == 200, within=60)
    with away(world.keystone):
        must_be_unavailable(asked(region, unknown))
        assert asked(region, known).status_code == 200
        assert region.get("/v1/servers", as_="member").status_code == 200
        sent = {"x-auth-token": region.tokens["member"]}
        assert region.get("/v1/servers", as_=None, headers=sent).status_code == 200
    until(lambda: asked(region, unknown).status_code == 200, within=60)


def test_a_known_token_is_served_during_an_outage_until_it_is_old(
    new: NewKeystoneRegion, world: World
) -> None:
    region = new(keystone_cache_seconds=1)
    known = tokens(world)
    assert asked(region, known).status_code == 200
    with killed(world.keystone):
        until(lambda: asked(region, known).status_code == 503)
        must_be_unavailable(asked(region, known))


@AWAY
def test_a_write_waits_for_who_asks_and_changes_nothing(
    new: NewKeystoneRegion,
    world: World,
    away: Callable[[Keystone], AbstractContextManager[None]],
) -> None:
    region = new(keystone_call_seconds=4)
    head, sent = region.head, {"x-auth-token": tokens(world)}
    with away(world.keystone):
        must_be_unavailable(region.post("/v1/servers", {}, as_=None, headers=sent))
    assert region.head == head


def test_a_wrong_password_of_ours_lets_nobody_in_and_is_said_without_it(
    new: NewKeystoneRegion, world: World, caplog: pytest.LogCaptureFixture
) -> None:
    token = tokens(world)
    region = new(keystone_password="wrong-5ecret")  # noqa: S106 (it is meant to be seen nowhere)
    answer = must_be_unavailable(asked(region, token))
    assert "keystone_password" in caplog.text
    assert "wrong-5ecret" not in caplog.text + answer.text
    assert token not in caplog.text + answer.text


def test_our_user_without_the_role_lets_nobody_in_and_is_said(
    new: NewKeystoneRegion, world: World, caplog: pytest.LogCaptureFixture
) -> None:
    world.keystone.member("weak", "member", world.demo)
    region = new(keystone_user="weak", keystone_project="demo")
    must_be_unavailable(asked(region, tokens(world)))
    assert "it needs the role service" in caplog.text


def test_a_trouble_is_said_once_and_so_is_its_end(
    new: NewKeystoneRegion, world: World, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level("INFO")
    region = new()
    one, other = tokens(world), tokens(world)
    with killed(world.keystone):
        for token in (one, other, one):
            must_be_unavailable(asked(region, token))
    until(lambda: asked(region, one).status_code == 200, within=60)
    assert caplog.text.count("Keystone does not answer") == 1
    assert caplog.text.count("Keystone answers again") == 1


def test_our_own_token_is_renewed_when_it_is_taken_from_us(
    new: NewKeystoneRegion, world: World
) -> None:
    region = new()
    assert asked(region, tokens(world)).status_code == 200
    ours = world.keystone.token(world.keystone.user(OURS), of(world.keystone.project("service")))
    world.keystone.change_password(OURS)
    # Keystone revokes by the second: a token of the same second as the new password is dead, too.
    until(lambda: asked(region, ours).status_code == 401, within=60)
    until(lambda: asked(region, tokens(world)).status_code == 200, within=60)


def test_no_token_and_no_password_is_in_any_log(
    new: NewKeystoneRegion, world: World, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level("DEBUG")
    token = tokens(world)
    assert asked(new(), token).status_code == 200
    # These are of the client with which the tests ask Keystone themselves.
    said = [r.getMessage() for r in caplog.records if not r.name.startswith(("httpcore", "httpx"))]
    assert any("/v3/auth/tokens" in one for one in said)
    assert not [one for one in said if token in one or PASSWORD in one]


def tokens(world: World) -> str:
    """A new one of a member."""
    return world.keystone.token(world.member, of(world.demo))


def must_be_unavailable(answer: Answer) -> Answer:
    assert (answer.status_code, answer.json()["type"]) == (503, UNAVAILABLE)
    assert answer.headers["retry-after"] == "1"
    return answer
