"""The OpenStack Compute door: limits, quota sets and server groups of projects of three sizes."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from statistics import median
from uuid import uuid4

import msgspec

from adapters import tokens
from commands.quotas.set_quota import SetQuota
from tests.bench.kit import workload
from tests.bench.kit.bench import Bench
from tests.bench.kit.load import CLIENTS, Load, get, make_and_delete, put
from tests.bench.kit.row import Budget, Row
from tests.bench.kit.seeding import seeding
from tests.bench.kit.serving import Serving, serving

_BASE = "/compute/v2.1"
_NOVA = "Nova 34, on another day: {}"


class Asked(msgspec.Struct, frozen=True, kw_only=True):
    """``each``: how many requests are one of what is counted; ``nova``: what Nova was measured to
    do on a machine like this one, at its best, and from 1 to 32 clients."""

    what: str
    ask: Callable[[Serving, str, str, int], Load]
    least: float
    nova: float
    nova_said: str
    each: int = 1


def _limits(process: Serving, _: str, token: str, seconds: int) -> Load:
    return get(process.url, f"{_BASE}/limits", token=token, seconds=seconds)


def _quota(process: Serving, project: str, _: str, seconds: int) -> Load:
    path, body = f"{_BASE}/os-quota-sets/{project}", '{"quota_set":{"key_pairs":%d}}'
    return put(process.url, path, body, token=process.token, seconds=seconds)


def _groups(process: Serving, _: str, token: str, seconds: int) -> Load:
    path, body = (
        f"{_BASE}/os-server-groups",
        {"server_group": {"name": "a", "policies": ["affinity"]}},
    )
    return make_and_delete(process.url, path, body, token=token, seconds=seconds)


_ALL = (
    Asked(what="GET limits", ask=_limits, least=4_000, nova=139, nova_said="60-139/s"),
    Asked(what="PUT os-quota-sets", ask=_quota, least=1_000, nova=53, nova_said="22-53/s"),
    Asked(
        what="POST and DELETE os-server-groups, pairs",
        ask=_groups,
        least=900,
        nova=44,
        nova_said="20-44/s",
        each=2,
    ),
)


def measure(bench: Bench) -> Iterator[Row]:
    counts, rounds, seconds = (
        ((0, 1_000, 5_000), 1, 1) if bench.quick else ((0, 1_000, 50_000), 3, 3)
    )
    with bench.database() as dsn:
        with seeding(dsn) as seed:
            seed.ask(workload.ready())
            # As many groups at a time as there are clients, and who is ahead of its own deletion.
            seed.ask(SetQuota(project=_project(n), limits={"server_groups": -1}) for n in counts)
            for count in counts[1:]:
                seed.ask(workload.adopt((uuid4() for _ in range(count)), [_project(count)]))
        members = {count: _member(dsn, _project(count)) for count in counts}
        with serving(dsn) as process:
            for one in _ALL:
                yield from _rows(one, process, members, rounds=rounds, seconds=seconds)


def _rows(
    one: Asked, process: Serving, members: dict[int, str], *, rounds: int, seconds: int
) -> Iterator[Row]:
    """Up and down again, so that none of them has the better time; the first of all is for
    nothing."""
    counts = [*members]
    rates: dict[int, list[float]] = {count: [] for count in counts}
    costs: list[float] = []
    for count in (counts[0], *(*counts, *reversed(counts)) * rounds):
        before = process.cpu_seconds
        load = one.ask(process, _project(count), members[count], seconds)
        rates[count].append(load.rate / one.each)
        costs.append((process.cpu_seconds - before) / max(1, load.requests) * one.each * 1_000)
    del rates[counts[0]][0]
    empty, *fuller = (median(rates[count]) for count in counts)
    yield Row(
        what=f"Compute door: {one.what}, {CLIENTS} clients",
        figure=empty,
        unit="/s",
        peer=one.nova,
        peer_is=_NOVA.format(one.nova_said),
        budget=Budget(least=one.least),
    )
    for count, rate in zip(counts[1:], fuller, strict=True):
        flat = Budget(least=90, of="percent")
        what = f"… {count:,} servers in the project"
        yield Row(what=what, figure=rate, unit="/s", peer=empty, peer_is="with 0", budget=flat)
    yield Row(what="… processor time of each, all threads", figure=median(costs), unit="ms")


def _project(count: int) -> str:
    return f"servers-{count}"


def _member(dsn: str, project: str) -> str:
    """Its token."""
    return tokens.create(dsn, name=f"member-of-{project}", role="member", project=project)
