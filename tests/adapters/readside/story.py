"""A random story of commands, the same for the same seed, and what each reader makes of it."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from random import Random
from typing import Any
from uuid import UUID

import msgspec
import psycopg

from adapters.bootstrap.serving import Process
from adapters.readside import tables
from adapters.readside.models import Models
from commands.adopt_server import AdoptServer
from commands.command import Command
from commands.declare_ceiling import DeclareCeiling
from commands.end_scale import ConfirmScale, FailScale
from commands.give_up_scale import GiveUpScale
from commands.resolve_scale import ResolveScale
from commands.scale_server import ScaleServer
from commands.set_quota import SetQuota
from domain.errors import Refused
from domain.size import GuestView, Size
from tests.hypervisor import ENVELOPE
from tests.region import until

PROJECTS = ("demo", "other", "third")
_SOON = datetime.now(UTC) + timedelta(hours=1)
_VCPUS, _MEMORY = (1, 2, 4, 8), (1024, 4096, 8192)

Picture = dict[str, Any]


class Story:
    """Commands of every kind, most of them sensible; which are refused is part of the story."""

    def __init__(self, seed: int) -> None:
        self._random = Random(seed)
        self._ids = 0
        self.servers: list[UUID] = []
        self.operations: list[tuple[UUID, UUID, Size]] = []

    def tell(self, process: Process, commands: int) -> None:
        for command in self.commands(commands):
            try:
                process.sequencer.call(command, by="story", because=self._id())
            except Refused:
                continue

    def commands(self, count: int) -> Iterator[Command]:
        kinds = (self._adopt, self._scale, self._scale, self._end, self._end, self._limit)
        for _ in range(count):
            kind = self._random.choice(kinds) if self.operations else self._adopt
            yield (self._scale() if self.servers and not self.operations else kind())

    def _id(self) -> UUID:
        self._ids += 1
        return UUID(int=(self._random.getrandbits(64) << 64) + self._ids)

    def _size(self) -> Size:
        return Size(self._random.choice(_VCPUS), self._random.choice(_MEMORY))

    def _adopt(self) -> Command:
        self.servers.append(self._id())
        return AdoptServer(
            server=self.servers[-1],
            project=self._random.choice(PROJECTS),
            name="vm",
            host="host-1",
            size=self._size(),
            envelope=ENVELOPE,
            guest=GuestView(vcpus=1),
            ceiling=Size(64, 65536),
        )

    def _scale(self) -> Command:
        server = self._random.choice(self.servers)
        operation, to = self._id(), self._size()
        self.operations.append((server, operation, to))
        return ScaleServer(server=server, to=to, operation=operation, deadline=_SOON)

    def _end(self) -> Command:
        server, operation, to = self._random.choice(self.operations[-4:])
        match self._random.randrange(5):
            case 0:
                return FailScale(server=server, operation=operation, reason="no room")
            case 1:
                return GiveUpScale(server=server, operation=operation, reason="silence")
            case 2:
                return ResolveScale(server=server, operation=operation, deadline=_SOON)
            case _:
                return ConfirmScale(
                    server=server,
                    operation=operation,
                    size=self._random.choice((to, to, self._size())),
                    guest=GuestView(),
                    envelope=ENVELOPE,
                    shortfall="in part",
                )

    def _limit(self) -> Command:
        if self._random.random() < 0.3 and self.servers:
            return DeclareCeiling(server=self._random.choice(self.servers), ceiling=Size(32, 65536))
        limits = {
            self._random.choice(("instances", "cores", "ram")): self._random.choice(
                (None, -1, 50, 500_000)
            )
        }
        project = self._random.choice(PROJECTS)
        return SetQuota(project=project, limits=limits, force=self._random.random() < 0.5)


def saved(process: Process) -> None:
    """Wait until memory and tables have come to the head of the log."""
    head = process.log.head()
    until(lambda: process.readside.position >= head and process.readside.saved >= head)


def picture(models: Models) -> Picture:
    """All that a set of read models answers, with the operations that are still open."""
    return {
        "position": models.position,
        "defaults": models.limits.defaults,
        "limits": {name: models.limits.of_project(name) for name in models.limits.projects()},
        "servers": dict(models.servers._rows),
        "open": dict(models.operations._open),
    }


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
        "servers": "id",
        "operations": "id",
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
