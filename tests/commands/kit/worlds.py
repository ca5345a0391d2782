"""Regions made at random from a seed: the same facts folded by the log, and by the read models."""

from __future__ import annotations

from collections.abc import Iterator
from random import Random
from typing import get_args
from uuid import UUID

from adapters.readside.models import Models
from commands.engine.aggregate_cache import AggregateCache
from domain.catalogue.region_policy import RegionPolicyChanged, RegionRules
from domain.hosts.host import NONE, CapacityClaimed, HostEnlisted, HostRead, Terms
from domain.hosts.neighbours import GroupPolicy
from domain.hosts.pool import HostJoined
from domain.hosts.server_group import GroupCreated, MemberAdded
from domain.quota import ParentChanged, QuotaChanged, QuotaClaimed, SharedClaimed
from domain.quota.events import SharedQuotaChanged, UserQuotaChanged
from domain.shared.events import Event
from domain.shared.resources import Amounts
from domain.shared.size import Size
from tests.commands.kit.lives import GROUP, life
from tests.kit.examples import PROJECT
from tests.kit.memory_store import MemoryStore

HOSTS = ("host-1", "host-2", "host-3", "host-4")
SERVERS = tuple(UUID(int=n) for n in range(1, 9))
USER = "ann"
PARENT = "acme"


class World:
    """One region, seen from both sides."""

    def __init__(self, seed: int) -> None:
        self.random = Random(seed)
        store = MemoryStore()
        store.record(*_hosts(self.random), *_group(self.random), *_policy(self.random))
        store.record(*_quota(self.random))
        for server in SERVERS:
            events = life(self.random, server, self.random.choice(HOSTS[:3]))
            store.record(*((f"server:{server}", event) for event in events))
        self.log = AggregateCache(store, bound=1_000)
        self.models = Models()
        self.models.apply(store.facts)

    def used(self) -> Amounts:
        """Of the project, by the read models."""
        return self.models.limits.quota(PROJECT).used


def _hosts(random: Random) -> Iterator[tuple[str, Event]]:
    for name in HOSTS:
        terms = Terms(
            pool="default" if random.random() < 0.85 else "other",
            zone="nova" if random.random() < 0.8 else "east",
            cpu_allocation_ratio=1.0,
            reserved_host_memory_mb=0,
            enabled=random.random() < 0.85,
        )
        stream = f"host:{name}"
        yield stream, HostEnlisted(host=name, terms=terms, used=NONE)
        # A pool may list a host whose terms name another one: they are two streams.
        yield "pool:default" if random.random() < 0.9 else "pool:other", HostJoined(host=name)
        if random.random() < 0.85:
            capacity = Size(random.choice((4, 8, 48)), random.choice((8192, 16_384, 200_000)))
            traits = ("FAST",) if random.random() < 0.7 else ()
            yield stream, HostRead(host=name, capacity=capacity, traits=traits, hypervisor="QEMU")
        taken = Size(random.randrange(0, 6), 1024 * random.randrange(0, 8))
        yield stream, CapacityClaimed(host=name, server=SERVERS[0], amounts=taken, used=taken)


def _group(random: Random) -> Iterator[tuple[str, Event]]:
    stream = f"server-group:{GROUP}"
    policy = random.choice(get_args(GroupPolicy))
    most = random.choice((None, 1, 2)) if policy == "anti-affinity" else None
    yield (
        stream,
        GroupCreated(project=PROJECT, name="web", policy=policy, max_server_per_host=most),
    )
    for server in SERVERS:
        if random.random() < 0.5:
            yield stream, MemberAdded(project=PROJECT, server=server)


def _policy(random: Random) -> Iterator[tuple[str, Event]]:
    if random.random() < 0.3:
        rules = RegionRules(scaling=random.random() < 0.95)
        yield "region:policy", RegionPolicyChanged(was=RegionRules(), to=rules)


def _quota(random: Random) -> Iterator[tuple[str, Event]]:
    """What is used leaves now and then nothing, of a project's own, a user's, or a shared limit."""
    stream, used = f"quota:{PROJECT}", _amounts(random, 8)
    by_user = {name: amount // 2 for name, amount in used.items()}
    yield (
        stream,
        QuotaClaimed(project=PROJECT, amounts=used, used=used, user=USER, used_by_user=by_user),
    )
    if random.random() < 0.5:
        yield stream, QuotaChanged(project=PROJECT, was={}, limits=_limits(random, used))
    if random.random() < 0.3:
        limits = _limits(random, by_user)
        yield stream, UserQuotaChanged(project=PROJECT, user=USER, was={}, limits=limits)
    if random.random() < 0.4:
        yield stream, ParentChanged(project=PROJECT, was=None, parent=PARENT)
        below = f"quota:{PARENT}"
        yield (
            below,
            SharedClaimed(project=PARENT, by_project=PROJECT, amounts=used, below=used),
        )
        limits = _limits(random, used)
        yield below, SharedQuotaChanged(project=PARENT, was={}, limits=limits)


def _amounts(random: Random, most: int) -> Amounts:
    servers = random.randrange(1, most)
    return {"instances": servers, "cores": 2 * servers, "ram": 4096 * servers}


def _limits(random: Random, used: Amounts) -> Amounts:
    """Of some resources; little is left, or much."""
    left = {"cores": random.choice((0, 4, 60)), "ram": random.choice((0, 8192, 300_000))}
    return {name: used[name] + more for name, more in left.items() if random.random() < 0.4}
