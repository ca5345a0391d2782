"""Tokens of a genuine Keystone: who their users are here, and when they are no longer taken."""

from __future__ import annotations

import asyncio

import pytest

from tests.adapters.keystone.conftest import NewKeystoneRegion, World, asked, settings
from tests.kit.hypervisor import LARGE
from tests.kit.keystone import SYSTEM, TokenScope, alongside, of
from tests.kit.region import HOST, Region, regions, size, until

pytestmark = [pytest.mark.xdist_group("keystone"), pytest.mark.takes(1)]


@pytest.mark.parametrize("role", ["admin", "manager", "member", "reader", "service"])
def test_the_roles_of_a_project_are_the_roles_here(shared: Region, world: World, role: str) -> None:
    user = world.keystone.member(f"of-{role}", role, world.demo)
    caller = seen(shared, world.keystone.token(user, of(world.demo)))
    ours = "member" if role == "manager" else role
    assert caller == {"name": user, "user": user, "role": ours, "home": world.demo}


def test_the_user_of_another_service_is_no_relay(shared: Region, world: World) -> None:
    user = world.keystone.member("images", "service", world.demo)
    sent = {"x-auth-token": world.keystone.token(user, of(world.demo))}
    told = {"host": HOST, "capacity": size(LARGE), "traits": [], "hypervisor": ""}
    head = shared.head
    answer = shared.post("/v1/observations", {"hosts": [told]}, as_=None, headers=sent)
    assert answer.status_code == 403
    assert "ULLAGE_RELAYS does not name it" in answer.json()["detail"]
    assert shared.head == head


@pytest.mark.parametrize(
    ("role", "ours"), [("admin", "admin"), ("reader", "auditor"), ("member", "auditor")]
)
def test_a_system_token_sees_all_and_has_no_project(
    shared: Region, world: World, role: str, ours: str
) -> None:
    user = world.keystone.user(f"system-{role}")
    world.keystone.grant(role, user, "system")
    caller = seen(shared, world.keystone.token(user, SYSTEM))
    assert caller == {"name": user, "user": user, "role": ours, "home": None}


def test_another_projects_things_are_not_there(shared: Region, world: World) -> None:
    shared.limits(world.other)
    token = world.keystone.token(world.member, of(world.demo))
    assert asked(shared, token, f"/v1/projects/{world.demo}/limits").status_code == 200
    assert asked(shared, token, f"/v1/projects/{world.other}/limits").status_code == 404


def test_history_names_keystones_user_id(shared: Region, world: World) -> None:
    user = world.keystone.member("ann", "admin", world.demo)
    token = world.keystone.token(user, of(world.demo))
    path, sent = f"/v1/projects/{world.demo}/quota", {"x-auth-token": token}
    assert shared.put(path, {"limits": {"cores": 7}}, as_=None, headers=sent).status_code == 200
    facts = shared.get(f"/v1/history?project={world.demo}").json()["items"]
    assert user in {fact["by"] for fact in facts}


@pytest.mark.parametrize(
    ("scope", "status", "kind"),
    [
        ("unscoped", 401, "not-scoped"),
        ({"domain": {"id": "default"}}, 403, "no-role"),
    ],
    ids=["unscoped", "of a domain"],
)
def test_a_token_of_no_project_is_told_what_it_lacks(
    shared: Region, world: World, scope: TokenScope, status: int, kind: str
) -> None:
    user = world.keystone.member("dora", "admin", world.demo)
    world.keystone.grant("admin", user, "domains/default")
    answer = asked(shared, world.keystone.token(user, scope))
    assert (answer.status_code, answer.json()["type"]) == (status, f"urn:ullage:problem:{kind}")
    assert "scoped to a project" in answer.json()["detail"]


def test_a_role_that_gives_nothing_here_is_refused_with_those_that_do(
    shared: Region, world: World
) -> None:
    user = world.keystone.member("gina", "gardener", world.demo)
    answer = asked(shared, world.keystone.token(user, of(world.demo)))
    assert (answer.status_code, answer.json()["type"]) == (403, "urn:ullage:problem:no-role")
    assert "reader" in answer.json()["detail"]


@pytest.mark.parametrize("header", ["x-auth-token", "authorization"])
def test_both_headers_take_tokens_of_both_kinds(shared: Region, world: World, header: str) -> None:
    for token in (world.keystone.token(world.member, of(world.demo)), shared.tokens["member"]):
        sent = {header: token if header == "x-auth-token" else f"Bearer {token}"}
        assert shared.get("/v1/servers", as_=None, headers=sent).status_code == 200


@pytest.mark.parametrize(
    "token",
    ["gAAAAABo", "x" * 255, "x" * 5000, "ÿ", "ullage_x", "../users"],
    ids=["cut off", "255", "5,000", "no ASCII", "none of ours", "a path"],
)
def test_an_invalid_keystone_token_is_refused(shared: Region, token: str) -> None:
    answer = shared.get("/v1/servers", as_=None, headers={b"x-auth-token": token.encode("latin-1")})
    assert answer.status_code == 401
    assert answer.json()["type"] == "urn:ullage:problem:token-invalid"


def test_a_revoked_token_is_noticed(shared: Region, world: World) -> None:
    token = world.keystone.token(world.member, of(world.demo))
    assert asked(shared, token).status_code == 200
    world.keystone.revoke(token)
    until(lambda: asked(shared, token).status_code == 401, within=60)


def test_a_lost_role_is_noticed(shared: Region, world: World) -> None:
    user = world.keystone.member("leo", "member", world.demo)
    token = world.keystone.token(user, of(world.demo))
    assert asked(shared, token).status_code == 200
    world.keystone.remove(f"/users/{user}")
    until(lambda: asked(shared, token).status_code == 401, within=60)


def test_no_token_is_taken_for_longer_than_it_lives(new: NewKeystoneRegion, world: World) -> None:
    region = new(keystone_cache_seconds=3600)
    with alongside(world.keystone, expiration=12) as brief:
        token = brief.token(world.member, of(world.demo))
        assert asked(region, token).status_code == 200
    until(lambda: asked(region, token).status_code == 401, within=60)


def test_a_project_exists_if_keystone_says_so(shared: Region, world: World) -> None:
    exists = shared.process.callers.project_exists
    assert asyncio.run(exists(world.demo))
    assert not asyncio.run(exists("nope"))
    assert not asyncio.run(exists("../users"))


def test_a_project_that_we_may_not_look_for_is_taken_for_one(
    new: NewKeystoneRegion, world: World, caplog: pytest.LogCaptureFixture
) -> None:
    world.keystone.member("shy", "service", world.demo)
    region = new(keystone_user="shy", keystone_project="demo")
    assert asked(region, world.keystone.token(world.member, of(world.demo))).status_code == 200
    assert asyncio.run(region.process.callers.project_exists(world.other))
    assert "may not look for projects" in caplog.text


def test_a_process_that_follows_hands_the_token_on(
    database: str, shared: Region, world: World
) -> None:
    user = world.keystone.member("ann", "admin", world.demo)
    sent = {"x-auth-token": world.keystone.token(user, of(world.demo))}
    with regions(database) as make:
        leading = make(**settings(world.keystone)).leading()
        following = make(**settings(world.keystone)).start()
        until(lambda: following.process.sequencer.role == "following")
        path = f"/v1/projects/{world.demo}/quota"
        answer = following.put(path, {"limits": {"cores": 9}}, as_=None, headers=sent)
        assert answer.status_code == 200
        shown = leading.get(path).json()["limits"]["cores"]
        assert shown == 9


def seen(region: Region, token: str) -> dict[str, str | None]:
    caller = asyncio.run(region.process.callers.find(token))
    assert caller is not None
    return {
        "name": caller.name,
        "user": caller.user,
        "role": caller.role,
        "home": caller.home,
    }
