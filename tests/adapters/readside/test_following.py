"""A second process follows: it reads, hands writes on, and leads when the first one is gone."""

from __future__ import annotations

import psycopg
import pytest

from tests.adapters.readside.server_story import HOSTS
from tests.adapters.readside.story import Story, folded, picture, saved
from tests.kit.hypervisor import LARGE, ScriptedHost
from tests.kit.region import OWN, NewRegion, Region, size, together, until

_THE_LOCK = """
SELECT pid FROM pg_locks JOIN pg_database ON pg_database.oid = pg_locks.database
WHERE locktype = 'advisory' AND granted AND datname = current_database()
"""


@pytest.fixture(name="leader")
def _leader(new_region: NewRegion) -> Region:
    return new_region({name: ScriptedHost() for name in HOSTS}).leading()


@pytest.fixture(name="follower")
def _follower(new_region: NewRegion, leader: Region) -> Region:
    return new_region(leader.hosts).start()


def _role(region: Region) -> str:
    return str(region.get("/healthz").json()["role"])


def test_a_follower_is_ready_and_says_that_it_follows(leader: Region, follower: Region) -> None:
    assert follower.get("/readyz").json() == {"status": "ok", "role": "following", "why": None}
    assert leader.get("/readyz").json() == {"status": "ok", "role": "leading", "why": None}


def test_a_follower_shows_what_the_leader_has_written(leader: Region, follower: Region) -> None:
    server = leader.adopted()
    after = f"after={leader.head}"
    assert follower.get(f"/v1/servers/{server}?{after}").status_code == 200
    for path in ("/v1/servers", "/v1/history", f"/v1/projects/{OWN}/limits"):
        assert follower.get(f"{path}?{after}").json() == leader.get(f"{path}?{after}").json()


def test_after_any_story_a_follower_knows_the_same(leader: Region, follower: Region) -> None:
    Story(4).tell(leader.process, 200)
    saved(follower.process)
    assert picture(follower.process.readside.models) == picture(folded(leader.process))


def test_a_follower_forwards_writes_and_returns_their_answers(
    leader: Region, follower: Region
) -> None:
    server = follower.adopted()
    accepted = follower.scale(server, LARGE, headers={"idempotency-key": "k"})
    assert accepted.status_code == 202
    assert accepted.headers["location"] == f"/v1/operations/{accepted.json()['operation']}"
    again = leader.scale(server, LARGE, headers={"idempotency-key": "k"})
    assert again.content == accepted.content
    shown = follower.get(f"/v1/servers/{server}?after={accepted.headers['ullage-position']}")
    assert shown.json()["operation"]["to"] == size(LARGE)
    entries = leader.get(f"/v1/history?server={server}&actor=admin").json()["items"]
    assert len(entries) == 7


def test_a_follower_forwards_refusals_and_the_callers_name(
    leader: Region, follower: Region
) -> None:
    server = leader.adopted()
    until(lambda: follower.get(f"/v1/servers/{server}").status_code == 200)
    assert follower.scale(server, LARGE, as_="reader").status_code == 403
    assert follower.scale(server, LARGE, as_="foreign-member").status_code == 404
    assert follower.scale(server, LARGE, as_=None).status_code == 401
    refused = follower.scale(server, LARGE.max_with(type(LARGE)(9999, 1)))
    assert refused.headers["content-type"] == "application/problem+json"
    assert follower.post(f"/v1/servers/{server}/scale", content=_endless()).status_code == 413


def _endless() -> list[bytes]:
    return [b" " * 1024] * 80


def test_a_follower_never_writes(leader: Region, follower: Region) -> None:
    together([lambda: follower.limits(cores=50), lambda: follower.limits(ram=9)] * 4)
    with psycopg.connect(leader.dsn) as connection:
        pids = connection.execute(_THE_LOCK).fetchall()
    assert len(pids) == 1
    assert _role(follower) == "following"
    assert follower.process.sequencer.position == 0
    assert follower.process.log.recorder._writer.holds is False


def test_writes_without_a_leader_are_to_be_asked_again(leader: Region, follower: Region) -> None:
    follower.process.sequencer.stop()
    leader.stop()
    answer = follower.post("/v1/servers", {})
    assert answer.status_code == 503
    assert answer.json()["type"] == "urn:ullage:problem:not-leader"
    assert answer.headers["retry-after"] == "1"
    assert follower.get("/v1/history").status_code == 200


def test_a_follower_leads_when_the_leader_stops(leader: Region, follower: Region) -> None:
    server = leader.adopted()
    accepted = leader.scale(server, LARGE, headers={"idempotency-key": "k"})
    leader.stop()
    until(follower.process.leads)
    assert follower.get(f"/v1/servers/{server}").json()["operation"]["to"] == size(LARGE)
    again = follower.scale(server, LARGE, headers={"idempotency-key": "k"})
    assert again.content == accepted.content
    with follower.carried():
        assert follower.ended(accepted.json()["operation"])["state"] == "succeeded"
    saved(follower.process)
    assert picture(follower.process.readside.models) == picture(folded(follower.process))


def test_a_leader_that_is_cut_off_loses_nothing_that_was_acknowledged(
    leader: Region, follower: Region
) -> None:
    accepted = [leader.scale(leader.adopted(), LARGE) for _ in range(3)]
    for _ in range(2):
        _cut_off(leader, follower)
        accepted.append(leader.scale(follower.adopted(), LARGE))
    assert {answer.status_code for answer in accepted} == {202}
    head = leader.head
    for region in (leader, follower):
        for answer in accepted:
            shown = region.get(f"{answer.headers['location']}?after={head}")
            assert (shown.status_code, shown.json()["state"]) == (200, "open")
        assert picture(region.process.readside.models) == picture(folded(region.process))


def _cut_off(*regions: Region) -> None:
    """Have PostgreSQL end the writer's session, and wait until one leads and both know it."""
    with psycopg.connect(regions[0].dsn, autocommit=True) as connection:

        def announced() -> tuple[object, str]:
            return connection.execute("SELECT since, address FROM leader").fetchall()[0]

        before = announced()
        connection.execute(f"SELECT pg_terminate_backend(pid) FROM ({_THE_LOCK}) AS writer")  # noqa: S608
        until(lambda: announced() != before)
        until(lambda: [r.url for r in regions if r.process.leads()] == [announced()[1]])


def test_the_old_leader_follows_when_it_comes_back(leader: Region, follower: Region) -> None:
    leader.process.sequencer.stop()
    until(follower.process.leads)
    server = follower.adopted()
    assert leader.get(f"/v1/servers/{server}?after={follower.head}").status_code == 200


def test_h7_a_follower_whose_log_has_another_past_says_so_and_does_not_lead(
    leader: Region, follower: Region
) -> None:
    """As after a standby that lagged was promoted, and a new process led there."""
    assert leader.limits(cores=7).status_code == 200
    assert follower.get(f"/v1/projects/{OWN}/limits?after={leader.head}").status_code == 200
    head = leader.head
    until(lambda: follower.process.readside.position == head)
    leader.stop()
    until(lambda: _role(follower) == "leading")
    with psycopg.connect(follower.dsn, autocommit=True) as sql:
        sql.execute("UPDATE facts SET because = gen_random_uuid()")
        held = sql.execute(_THE_LOCK).fetchone()
        sql.execute("SELECT pg_terminate_backend(%s)", held)
    until(lambda: follower.get("/readyz").status_code == 503)
    until(lambda: follower.get("/readyz").json()["why"])
    assert "The history has forked" in follower.get("/readyz").json()["why"]
    asked = follower.put(f"/v1/projects/{OWN}/quota", {"limits": {"cores": 8}})
    assert asked.status_code == 503
