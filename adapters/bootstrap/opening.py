"""What the settings say, as the first commands of a process that begins to lead."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from concurrent.futures import Future
from uuid import uuid4

from adapters.readside.models import Models
from adapters.settings import Settings
from commands.command import Command
from commands.engine.request import Request
from commands.placement.enlist_host import EnlistHost, RetireHost
from commands.quotas.set_default_quota import SetDefaultQuota
from domain.hosts.host import NONE, Host
from domain.hosts.pool import Pool


def opening(settings: Settings, hosts: Collection[str], models: Models) -> list[Request]:
    """The settings' quota class and ``hosts``, for as far as they are not recorded yet."""
    commands: list[Command] = [SetDefaultQuota(limits=settings.default_quota)]
    commands += [*_enlisting(hosts, models), *_retiring(hosts, models)]
    return [Request(one, by="settings", because=uuid4(), future=Future()) for one in commands]


def _enlisting(hosts: Collection[str], models: Models) -> list[EnlistHost]:
    """New hosts, with what is on them: of servers that were there before hosts were recorded no
    claim says so."""
    new = {name for name in hosts if not _pooled(name, models)}
    used = dict.fromkeys(new, NONE)
    for row in models.servers.all() if new else ():
        for name, size in row.state.placed().items():
            if name in new:
                used[name] = used[name].plus(size)
    return [EnlistHost(host=name, used=used[name]) for name in sorted(new)]


def _retiring(hosts: Collection[str], models: Models) -> Iterator[RetireHost]:
    for row in models.catalogue.all(Host):
        if row.id not in hosts and _pooled(row.id, models):
            yield RetireHost(host=row.id)


def _pooled(host: str, models: Models) -> bool:
    known = models.catalogue.get(Host, host)
    pool = models.catalogue.get(Pool, known.state.terms.pool) if known else None
    return pool is not None and host in pool.state.hosts
