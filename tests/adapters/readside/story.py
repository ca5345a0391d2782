"""A random story of commands, the same for the same seed, and what each reader makes of it."""

from __future__ import annotations

from collections.abc import Iterator
from random import Random
from typing import Any
from uuid import UUID

import msgspec
import psycopg

from adapters.bootstrap.process import Process
from adapters.readside import tables
from adapters.readside.models import Models
from commands.catalogue.create_flavor import CreateFlavor
from commands.catalogue.create_image import CreateImage
from commands.command import Command
from commands.placement.read_host import ReadHost
from commands.placement.set_host_terms import SetHostTerms
from commands.quotas.set_quota import SetQuota
from commands.scaling.declare_ceiling import DeclareCeiling
from domain.catalogue.image import ImageSettings
from domain.hosts.host import Terms
from domain.shared.errors import Refused
from domain.shared.size import Size
from projections.servers import ServerRow
from tests.adapters.readside.catalogue_story import CatalogueStory
from tests.adapters.readside.quota_story import BEFORE, NODES, QuotaStory
from tests.adapters.readside.server_story import FLAVORS, HOSTS, IMAGES, PROJECTS, ServerStory
from tests.kit.region import until

Picture = dict[str, Any]


class Story:
    """Commands of every kind, most of them sensible; which are refused is part of the story.

    It plays on `HOSTS`, which the region's settings should name.
    """

    def __init__(self, seed: int) -> None:
        self._random = Random(seed)
        self._catalogue = CatalogueStory(seed)
        self._servers = ServerStory(seed, self._row_of)
        self._quotas = QuotaStory(seed, self._any_server, self._servers.groups)
        self._process: Process | None = None
        self.refused = 0

    @property
    def operations(self) -> list[UUID]:
        """All that were accepted."""
        return [one.operation for one in self._servers.asked]

    def tell(self, process: Process, commands: int) -> None:
        self._process = process
        for command in self.commands(commands):
            try:
                process.sequencer.call(command, by="story", because=self._servers.id())
            except Refused:
                self.refused += 1
                self._servers.refused(command)

    def commands(self, count: int) -> Iterator[Command]:
        yield CreateFlavor(flavor=FLAVORS[0], name="sure", vcpus=4, memory_mib=512)
        yield CreateImage(
            image=IMAGES[0], settings=ImageSettings(name="sure"), template="<domain/>"
        )
        yield ReadHost(host=HOSTS[0], capacity=Size(64, 262144), traits=(), hypervisor="kvm")
        yield from BEFORE
        for _ in range(count):
            yield self._servers.command()
            yield self._servers.command()
            if self._random.random() < 0.5:
                yield self._catalogue.command()
            if self._random.random() < 0.5:
                yield self._quotas.command()
            if self._random.random() < 0.2:
                yield self._random.choice((self._limit, self._host))()

    def _any_server(self) -> UUID:
        return self._servers.server() if self._servers.servers else UUID(int=1)

    def _row_of(self, server: UUID) -> ServerRow | None:
        return self._process.readside.server(server) if self._process else None

    def _limit(self) -> Command:
        if self._random.random() < 0.3:
            server = self._random.choice(self._servers.servers)
            return DeclareCeiling(server=server, ceiling=Size(32, 65536))
        limits: dict[str, int | None] = {
            self._random.choice(("instances", "cores", "ram")): self._random.choice(
                (None, -1, 50, 500_000)
            )
        }
        project = self._random.choice(PROJECTS)
        return SetQuota(project=project, limits=limits, force=self._random.random() < 0.5)

    def _host(self) -> Command:
        host = self._random.choice(HOSTS)
        if self._random.random() < 0.6:
            capacity = Size(self._random.choice((4, 8, 64)), self._random.choice((16384, 262144)))
            return ReadHost(host=host, capacity=capacity, traits=("HW_X",), hypervisor="kvm")
        terms = Terms(pool=self._random.choice(("default", "b")), traits=("CUSTOM_A",))
        return SetHostTerms(host=host, terms=terms)


def saved(process: Process) -> None:
    """Wait until memory and tables have come to the head of the log."""
    head = process.log.head()
    until(lambda: process.readside.position >= head and process.readside.saved >= head)


def picture(models: Models) -> Picture:
    """All that a set of read models answers, with the operations that are still open."""
    return {
        "position": models.position,
        "defaults": models.limits.defaults,
        "limits": {name: _limits(models, name) for name in models.limits.projects()},
        "trees": {name: models.limits.below(name) for name in (None, *NODES)},
        "servers": dict(models.servers._rows),
        "open": dict(models.operations._open),
        "catalogue": {name: dict(rows) for name, rows in models.catalogue._rows.items()},
    }


def _limits(models: Models, project: str) -> list[Any]:
    """Of the project, of each of its users, and what they rest on."""
    reserved, quota = models.servers.reserved, models.limits.quota(project)
    of = [
        models.limits.of_project(project, user, reserved(project, user))
        for user in (None, *sorted(quota.users))
    ]
    return [quota, *of]


def folded(process: Process) -> Models:
    """A fold of the whole log from nothing."""
    models = Models()
    while facts := process.log.facts(models.position, 1000):
        models.apply(facts)
    return models


def loaded(dsn: str) -> Models:
    with psycopg.connect(dsn, autocommit=True, options="-c timezone=UTC") as connection:
        return tables.load(connection)


def rows(dsn: str) -> dict[str, list[tuple[Any, ...]]]:
    """The read models' tables, row by row."""
    keys = {
        "quota_usage": "project",
        "quota_limits": "project",
        "quota_classes": "name",
        "quota_parts": "project, part, name",
        "quota_parents": "project",
        "servers": "id",
        "operations": "id",
        "catalogue": "category, id",
        "history": "position",
    }
    with psycopg.connect(dsn, autocommit=True, options="-c timezone=UTC") as connection:
        return {
            table: connection.execute(
                f"SELECT * FROM {table} ORDER BY {key}"  # noqa: S608
            ).fetchall()
            for table, key in keys.items()
        }


def as_json(row: object) -> Any:
    return msgspec.json.decode(msgspec.json.encode(row))
