"""Two hundred clients, again and again: a project, a tree and limits that move hold to the core."""

from __future__ import annotations

import asyncio
from collections import Counter
from collections.abc import Awaitable, Callable, Iterator
from contextlib import AsyncExitStack
from functools import partial
from uuid import UUID, uuid4

import httpx
import pytest

from commands.quotas.move_project import MoveProject
from commands.quotas.set_quota import SetQuota, SetSharedQuota
from domain.quota import (
    ProjectQuota,
    QuotaClaimed,
    SharedClaimed,
)
from domain.shared.events import Fact
from domain.shared.resources import UNLIMITED
from domain.shared.size import Size
from tests.kit.region import FOREIGN, OWN, Region

pytestmark = pytest.mark.takes(25)

CLIENTS, ROOM, REPETITIONS = 200, 37, 20
TOP = "division"
ONE, TWO = Size(1, 1024), Size(2, 1024)

_SHARED_BY = 16

Ask = Callable[[httpx.AsyncClient], Awaitable[httpx.Response]]


def servers(region: Region, *projects: str) -> list[UUID]:
    """One of one core for every client, in turn of each of the projects."""
    for project in projects:
        region.limits(project, instances=-1, cores=-1, ram=-1)
    return [
        region.adopted(ONE, project=projects[n % len(projects)], ceiling=64) for n in range(CLIENTS)
    ]


def told(region: Region, command: SetQuota | SetSharedQuota | MoveProject) -> None:
    region.process.sequencer.call(command, by="wei", because=uuid4())


def crowd(region: Region, asks: list[Ask]) -> list[httpx.Response]:
    """All of them at the same time; by several clients, for one has trouble with so many."""

    async def asked() -> list[httpx.Response]:
        async with AsyncExitStack() as opened:
            clients = [await opened.enter_async_context(client(region)) for _ in range(_SHARED_BY)]
            answers = (ask(clients[n % _SHARED_BY]) for n, ask in enumerate(asks))
            return list(await asyncio.gather(*answers))

    return asyncio.run(asked())


def client(region: Region) -> httpx.AsyncClient:
    return httpx.AsyncClient(
        base_url=region.url,
        headers={"authorization": f"Bearer {region.tokens['admin']}"},
        timeout=60,
        verify=False,  # noqa: S501 (nothing is encrypted here, and certificates take long to load)
        trust_env=False,
    )


async def grow(server: UUID, client: httpx.AsyncClient, to: Size = TWO) -> httpx.Response:
    body = {"vcpus": to.vcpus, "memory_mib": to.memory_mib}
    return await client.post(f"/v1/servers/{server}/scale", json=body)


async def give_back(operation: str, client: httpx.AsyncClient) -> httpx.Response:
    return await client.post(f"/v1/operations/{operation}/cancel", json={})


async def limit(project: str, cores: int, client: httpx.AsyncClient) -> httpx.Response:
    body = {"limits": {"cores": cores}, "force": True}
    return await client.put(f"/v1/projects/{project}/quota", json=body)


def exactly_as_many_as_fit(region: Region, crowded: list[UUID]) -> None:
    """Nothing carries them, so that each can be taken back for the next time."""
    for _ in range(REPETITIONS):
        answers = crowd(region, [partial(grow, server) for server in crowded])
        codes = Counter(answer.status_code for answer in answers)
        assert codes == {202: ROOM, 403: CLIENTS - ROOM}
        accepted = [a.json()["operation"] for a in answers if a.status_code == 202]
        back = crowd(region, [partial(give_back, one) for one in accepted])
        assert {answer.status_code for answer in back} == {200}


def test_of_200_clients_37_are_accepted_20_times(region: Region) -> None:
    crowded = servers(region, OWN)
    region.limits(cores=CLIENTS + ROOM)
    exactly_as_many_as_fit(region, crowded)
    assert region.used()["cores"] == CLIENTS


def test_a_crowd_stays_within_limits_across_two_levels_of_a_tree(region: Region) -> None:
    crowded = servers(region, OWN, FOREIGN)
    for project in (OWN, FOREIGN):
        told(region, MoveProject(project=project, parent=TOP))
    told(region, SetSharedQuota(project=TOP, limits={"cores": CLIENTS + ROOM}))
    exactly_as_many_as_fit(region, crowded)
    refused = region.scale(crowded[0], Size(1 + ROOM + 1, 1024))
    assert [(one["scope"], one["node"]) for one in refused.json()["shortages"]] == [("shared", TOP)]


def test_nothing_is_claimed_above_a_limit_that_moves(
    region: Region,
) -> None:
    crowded = servers(region, OWN, FOREIGN)
    for project in (OWN, FOREIGN):
        told(region, MoveProject(project=project, parent=TOP))
    for turn in range(REPETITIONS):
        shared = SetSharedQuota(
            project=TOP, limits={"cores": CLIENTS + 10 * (turn % 4)}, force=True
        )
        told(region, shared)
        asks: list[Ask] = [partial(grow, server) for server in crowded]
        asks[::20] = [partial(limit, OWN, 90 + 5 * (n % 5) + turn) for n in range(10)]
        answers = crowd(region, asks)
        assert {a.status_code for a in answers} <= {200, 202, 403, 409}
        accepted = [a.json()["operation"] for a in answers if a.status_code == 202]
        crowd(region, [partial(give_back, one) for one in accepted[turn % 2 :]])
    claims = list(above_their_limit(region))
    assert len(claims) > REPETITIONS
    assert not any(claims)


def above_their_limit(region: Region) -> Iterator[bool]:
    """Of each claim in the log: whether it went above a limit that was in force just then."""
    quotas: dict[str, ProjectQuota] = {}
    for fact in facts(region):
        event = fact.event
        if not fact.stream.startswith("quota:"):
            continue
        before = quotas.get(event.project, ProjectQuota())
        quotas[event.project] = after = before.after(event)
        if isinstance(event, QuotaClaimed):
            limit = before.limits.get("cores", UNLIMITED)
            yield UNLIMITED != limit < event.used["cores"]
        elif isinstance(event, SharedClaimed):
            limit = before.shared.get("cores", UNLIMITED)
            yield UNLIMITED != limit < after.total()["cores"]


def facts(region: Region) -> Iterator[Fact]:  # type: ignore[type-arg] # of any kind
    position = 0
    while read := region.process.log.facts(position, 5000):
        yield from read
        position = read[-1].position
