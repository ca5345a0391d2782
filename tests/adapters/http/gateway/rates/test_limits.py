"""A project that asks for more than its rate is told so, in time, while the others go on."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import closing
from http.client import HTTPConnection
from uuid import uuid4

import httpx
import pytest
from novaclient import exceptions  # type: ignore[import-untyped]

from adapters import tokens
from adapters.http.compute.dialect import Compute
from adapters.http.gateway.rates.classes import RouteClasses
from adapters.http.native.dialect import Native
from tests.kit.postgres import Server, database
from tests.kit.region import FOREIGN, Answer, Region, regions

GROUPS, GROUP = "/v1/server-groups", {"name": "g", "policy": "affinity"}
SLOW = 1 / 300
"""A second's worth: one in five minutes, so that no test waits until there is another one."""
NewMember = Callable[[str], str]


@pytest.fixture(name="region", scope="module")
def _region(postgres: Server) -> Iterator[Region]:
    """Three of each at once, and the next one long after the test."""
    rates = {"reads": SLOW, "heavy_reads": SLOW, "writes": SLOW, "admin.writes": 0.0}
    with database(postgres) as dsn, regions(dsn) as new:
        yield new(rate_limits=rates, rate_burst_seconds=900.0, rate_pause_seconds=0.01).leading()


@pytest.fixture(name="new_member")
def _new_member(region: Region) -> NewMember:
    """Makes a token of a project; returns its name."""

    def new(project: str) -> str:
        name = f"member-{uuid4()}"
        made = tokens.create(region.dsn, name=name, role="member", project=project)
        region.tokens[name] = made
        return name

    return new


@pytest.fixture(name="project")
def _project() -> str:
    return uuid4().hex


@pytest.fixture(name="member")
def _member(new_member: NewMember, project: str) -> str:
    return new_member(project)


def limits(project: str) -> str:
    return f"/v1/projects/{project}/limits"


def refused(answer: Answer) -> bool:
    return answer.status_code == httpx.codes.TOO_MANY_REQUESTS


def test_the_fourth_read_is_refused_with_when_to_come_again(
    region: Region, project: str, member: str
) -> None:
    answers = [region.get(limits(project), as_=member) for _ in range(4)]
    assert [refused(one) for one in answers] == [False, False, False, True]
    assert 1 <= int(answers[3].headers["retry-after"]) <= 300
    problem = answers[3].json()
    assert problem["type"] == "urn:ullage:problem:rate-exceeded"
    assert (problem["requests"], problem["per_second"]) == ("reads", 0.003)
    assert problem["retry_after"] == int(answers[3].headers["retry-after"])


def test_each_answer_tells_what_is_left(region: Region, project: str, member: str) -> None:
    answers = [region.get(limits(project), as_=member) for _ in range(3)]
    assert [one.headers["ratelimit-policy"] for one in answers] == ['"reads";q=3;w=900'] * 3
    left = [one.headers["ratelimit"].split(";")[:2] for one in answers]
    assert left == [['"reads"', f"r={n}"] for n in (2, 1, 0)]


def test_callers_of_one_project_draw_from_one_bucket_and_others_from_theirs(
    region: Region, project: str, member: str, new_member: NewMember
) -> None:
    for _ in range(3):
        region.get(GROUPS, as_=member)
    assert refused(region.get(GROUPS, as_=new_member(project)))
    assert not refused(region.get(GROUPS, as_=new_member("another")))


def test_reads_lists_and_writes_have_a_rate_each(region: Region, project: str, member: str) -> None:
    for n in range(4):
        answers = [
            region.get(limits(project), as_=member),
            region.get(GROUPS, as_=member),
            region.post(GROUPS, GROUP, as_=member),
        ]
        assert [refused(one) for one in answers] == [n == 3] * 3


def test_a_large_body_costs_more(region: Region, member: str) -> None:
    answer = region.post(GROUPS, GROUP | {"padding": "x" * 13_000}, as_=member)
    assert answer.status_code == httpx.codes.BAD_REQUEST  # there is no padding
    assert refused(region.post(GROUPS, GROUP, as_=member))


def test_who_is_over_its_rate_is_refused_before_its_body_is_read(
    region: Region, member: str
) -> None:
    for _ in range(3):
        region.post(GROUPS, GROUP, as_=member)
    sent = {"Authorization": f"Bearer {region.tokens[member]}", "Content-Length": "60000"}
    with closing(HTTPConnection("127.0.0.1", region.port, timeout=30)) as connection:
        connection.request("POST", GROUPS, headers=sent)  # and nothing follows
        assert connection.getresponse().status == httpx.codes.TOO_MANY_REQUESTS


@pytest.mark.parametrize("slash", ["", "/"])
def test_a_list_is_heavy_however_its_path_is_written(
    region: Region, project: str, member: str, slash: str
) -> None:
    for base in ("/compute/v2.1", f"/compute/v2.1/{project}"):
        answer = region.get(f"{base}/servers/detail{slash}", as_=member)
        assert answer.headers["ratelimit"].startswith('"heavy_reads"'), answer.text


def test_a_limit_of_none_is_no_limit(region: Region) -> None:
    quota = f"/v1/projects/{FOREIGN}/quota"
    answers = [region.put(quota, {"limits": {"cores": n}}) for n in range(8)]
    assert not any(map(refused, answers))
    assert "ratelimit" not in answers[0].headers


def test_relays_and_health_are_not_limited(region: Region) -> None:
    for _ in range(8):
        assert not refused(region.get("/healthz", as_=None))
        assert not refused(region.get("/metrics", as_="service"))
        assert not refused(region.post("/v1/outcomes", {}, as_="service"))


def test_novas_clients_are_told_in_novas_words(region: Region, member: str) -> None:
    answers = [region.get("/compute/v2.1/limits", as_=member) for _ in range(4)]
    assert [refused(one) for one in answers] == [False, False, False, True]
    told = answers[3].json()
    assert told["overLimit"]["retryAfter"] == answers[3].headers["retry-after"]
    raised = exceptions.from_response(answers[3], told, "/limits", "GET")
    assert isinstance(raised, exceptions.RateLimit)
    assert raised.retry_after == int(answers[3].headers["retry-after"])


def test_an_answer_of_the_past_is_a_heavy_read() -> None:
    classes = RouteClasses([])
    now = {"method": "GET", "path": limits("demo"), "query_string": b""}
    assert classes.of(now) == "reads"
    for query in (b"as_of=12", b"user=wei&as_of=12", b"%61s_of=12"):
        assert classes.of(now | {"query_string": query}) == "heavy_reads"


def test_all_that_reads_many_things_is_a_heavy_read() -> None:
    classes = RouteClasses([*Native.routes, *Compute.routes])
    for path in ("/v1/servers", "/v1/projects/demo/usage", "/compute/v2.1/servers/detail"):
        assert classes.of({"method": "GET", "path": path, "query_string": b""}) == "heavy_reads"
        assert classes.of({"method": "POST", "path": path, "query_string": b""}) == "writes"
    one = {"method": "GET", "path": f"/v1/servers/{uuid4()}", "query_string": b""}
    assert classes.of(one) == "reads"
