"""Nobody gets in without a live token, and a revoked one is noticed."""

from __future__ import annotations

import asyncio

import pytest

from adapters import tokens
from adapters.live_tokens import Tokens, TokensOutdated
from adapters.tokens import Actor
from tests.kit.building import rooms, wanted
from tests.kit.region import FOREIGN, OWN, Answer, Region, until

NO_TOKEN, WRONG_TOKEN = "urn:ullage:problem:unauthenticated", "urn:ullage:problem:token-invalid"


@pytest.mark.parametrize(
    "authorization", ["", "Bearer", "Basic YWRtaW46YWRtaW4=", "Token {admin}", "{admin}"]
)
def test_a_request_without_a_token_is_told_how_to_send_one(
    shared: Region, authorization: str
) -> None:
    answer = _refused(shared, authorization)
    assert answer.json()["type"] == NO_TOKEN
    assert answer.json()["detail"].startswith("The request has no token. Send one as ")
    assert answer.headers["www-authenticate"] == 'Bearer realm="ullage"'


@pytest.mark.parametrize(
    "authorization",
    [
        "Bearer  .",
        "Bearer null",
        "Bearer ullage_" + "A" * 43,
        "Bearer " + "x" * 8000,
        "Bearer {admin}x",
        "Bearer {admin} {admin}",
        "Bearer eyJhbGciOiJub25lIn0.eyJzdWIiOiJhZG1pbiJ9.",
    ],
)
def test_a_request_with_a_wrong_token_is_told_that_it_is_wrong(
    shared: Region, authorization: str
) -> None:
    answer = _refused(shared, authorization)
    assert answer.json()["type"] == WRONG_TOKEN
    assert answer.json()["detail"].startswith("The token is unknown, expired or revoked.")
    assert answer.headers["www-authenticate"] == 'Bearer realm="ullage", error="invalid_token"'


def _refused(region: Region, authorization: str) -> Answer:
    sent = authorization.replace("{admin}", region.tokens["admin"])
    answer = region.get("/v1/servers", as_=None, headers={"authorization": sent})
    assert answer.status_code == 401
    assert answer.headers["content-type"] == "application/problem+json"
    assert region.tokens["admin"] not in answer.text
    return answer


def test_the_word_bearer_may_be_written_in_any_case(shared: Region) -> None:
    sent = {"authorization": f"bEARER  {shared.tokens['reader']}"}
    assert shared.get("/v1/servers", as_=None, headers=sent).status_code == 200


def test_openstacks_header_counts_where_both_are_sent(shared: Region) -> None:
    good, bad = shared.tokens["reader"], "ullage_" + "A" * 43
    for sent, status in (((good, bad), 200), ((bad, good), 401)):
        headers = {"x-auth-token": sent[0], "authorization": f"Bearer {sent[1]}"}
        assert shared.get("/v1/servers", as_=None, headers=headers).status_code == status


def test_without_a_keystone_only_tokens_of_ours_are_taken(shared: Region) -> None:
    answer = shared.get("/v1/servers", as_=None, headers={"x-auth-token": "gAAAAABo"})
    assert (answer.status_code, answer.json()["type"]) == (401, WRONG_TOKEN)


@pytest.mark.parametrize(
    ("project", "there"),
    [("demo", True), ("0" * 32, True), ("-", False), ("a b", False), ("", False)],
)
def test_without_a_keystone_every_well_formed_project_exists(
    shared: Region, project: str, there: bool
) -> None:
    assert asyncio.run(shared.process.callers.project_exists(project)) == there


def test_a_token_made_a_moment_ago_is_known_at_once(shared: Region) -> None:
    shared.tokens["new"] = tokens.create(shared.dsn, name="new", role="auditor", project=None)
    assert shared.get("/v1/servers", as_="new").status_code == 200


def test_a_revoked_token_is_noticed_and_no_other_suffers(region: Region) -> None:
    assert region.get("/v1/servers", as_="member").status_code == 200
    assert tokens.revoke(region.dsn, "member")
    until(lambda: region.get("/v1/servers", as_="member").status_code == 401)
    assert region.get("/v1/servers", as_="reader").status_code == 200


def test_a_token_is_revoked_once(database: str) -> None:
    tokens.create(database, name="wei", role="admin", project=None)
    assert tokens.revoke(database, "wei")
    assert not tokens.revoke(database, "wei")
    assert not tokens.revoke(database, "nobody")


def test_only_the_digest_of_a_token_is_kept(database: str) -> None:
    token = tokens.create(database, name="wei", role="member", project="demo")
    assert token not in str(tokens.listed(database))
    ((name, role, project, _, _, revoked),) = tokens.listed(database)
    assert (name, role, project, revoked) == ("wei", "member", "demo", None)


@pytest.mark.parametrize(
    ("role", "project"), [("member", None), ("reader", ""), ("service", "demo")]
)
def test_a_role_that_sees_one_project_needs_it_and_a_relay_is_of_none(
    database: str, role: tokens.Role, project: str | None
) -> None:
    with pytest.raises(tokens.TokenRefused, match=role):
        tokens.create(database, name="wei", role=role, project=project)
    assert tokens.listed(database) == []


@pytest.mark.parametrize("role", ["admin", "auditor"])
def test_a_token_that_sees_all_may_have_a_home(shared: Region, role: tokens.Role) -> None:
    server = shared.adopted(project=FOREIGN)
    name = f"{role}-at-home"
    shared.tokens[name] = tokens.create(shared.dsn, name=name, role=role, project=OWN)
    assert shared.get(f"/v1/servers/{server}", as_=name).status_code == 200
    shown = shared.get("/v1/servers", as_=name).json()["items"]
    assert str(server) in {one["id"] for one in shown}


def test_a_server_is_built_at_home_where_no_project_is_named(shared: Region) -> None:
    rooms(shared)
    body = {k: v for k, v in wanted(shared, project=OWN).items() if k != "project"}
    shared.tokens["host"] = tokens.create(shared.dsn, name="host", role="admin", project=OWN)
    built = shared.post("/v1/servers", body, as_="host")
    assert built.status_code == 202, built.text
    server = shared.get(f"/v1/servers/{built.json()['server']}", as_="reader")
    assert server.json()["project"] == OWN


@pytest.mark.parametrize("name", ["reader", "admin", "service"])
def test_what_a_token_makes_is_owned_by_its_name(shared: Region, name: str) -> None:
    known = Tokens(shared.dsn)
    known.refresh()
    caller = known.actor(shared.tokens[name])
    assert caller is not None
    assert (caller.name, caller.user) == (name, name)
    assert caller.home == (OWN if name == "reader" else None)


def test_two_tokens_cannot_have_one_name(database: str) -> None:
    tokens.create(database, name="wei", role="admin", project=None)
    with pytest.raises(tokens.TokenRefused, match="wei"):
        tokens.create(database, name="wei", role="auditor", project=None)


def test_callers_of_one_project_are_one_tenant() -> None:
    wei, ana = (Actor(name=n, user=n, role="member", home="demo") for n in ("wei", "ana"))
    assert wei.tenant == ana.tenant == "demo"


def test_a_caller_without_a_project_is_a_tenant_that_no_project_can_be() -> None:
    assert Actor(name="demo", user="demo", role="admin").tenant == "-demo"


def test_relays_are_served_in_the_regions_turn() -> None:
    assert Actor(name="relay", user="relay", role="service").tenant is None


def test_tokens_that_cannot_be_read_again_are_believed_for_their_time(database: str) -> None:
    now = 1000.0
    token = tokens.create(database, name="wei", role="admin", project=None)
    known = Tokens(database, believed=60, elapsed=lambda: now)
    known.refresh()
    now += 60
    assert known.actor(token)
    now += 1
    with pytest.raises(TokensOutdated):
        known.actor(token)
    with pytest.raises(TokensOutdated):
        known.actor("ullage_made_up")
    known.refresh()
    assert known.actor(token)
