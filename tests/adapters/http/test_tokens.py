"""Nobody gets in without a live token, and a revoked one is noticed."""

from __future__ import annotations

import pytest

from adapters import tokens
from tests.region import Region, until

PROBLEM = "urn:ullage:problem:unauthenticated"


@pytest.mark.parametrize(
    "authorization",
    [
        "",
        "Bearer",
        "Bearer  .",
        "Bearer null",
        "Bearer ullage_" + "A" * 43,
        "Bearer " + "x" * 8000,
        "Basic YWRtaW46YWRtaW4=",
        "Token {admin}",
        "{admin}",
        "Bearer {admin}x",
        "Bearer {admin} {admin}",
        "Bearer eyJhbGciOiJub25lIn0.eyJzdWIiOiJhZG1pbiJ9.",
    ],
)
def test_what_is_no_live_token_is_refused(shared: Region, authorization: str) -> None:
    sent = authorization.replace("{admin}", shared.tokens["admin"])
    answer = shared.get("/v1/servers", as_=None, headers={"authorization": sent})
    assert (answer.status_code, answer.json()["type"]) == (401, PROBLEM)
    assert answer.headers["content-type"] == "application/problem+json"
    assert answer.headers["www-authenticate"] == 'Bearer realm="ullage"'
    assert shared.tokens["admin"] not in answer.text


def test_the_word_bearer_may_be_written_in_any_case(shared: Region) -> None:
    sent = {"authorization": f"bEARER  {shared.tokens['reader']}"}
    assert shared.get("/v1/servers", as_=None, headers=sent).status_code == 200


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


@pytest.mark.parametrize(("role", "project"), [("member", None), ("reader", ""), ("admin", "demo")])
def test_a_role_that_sees_one_project_needs_it_and_no_other_takes_one(
    database: str, role: tokens.Role, project: str | None
) -> None:
    with pytest.raises(tokens.TokenRefused):
        tokens.create(database, name="wei", role=role, project=project)
    assert tokens.listed(database) == []


def test_two_tokens_cannot_have_one_name(database: str) -> None:
    tokens.create(database, name="wei", role="admin", project=None)
    with pytest.raises(tokens.TokenRefused, match="wei"):
        tokens.create(database, name="wei", role="auditor", project=None)
