"""Build a server from a flavor and an image: quota, host and request spec are decided together."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from commands import books
from commands.catalogue import present
from commands.command import Command, Decision, Log, Reply
from commands.hosts import HostsOf
from domain.errors import NoValidHost
from domain.flavor import Flavor
from domain.image import Image, MemoryTooSmall
from domain.placement import place
from domain.request_spec import FlavorCopy, ImageCopy, RequestSpec
from domain.scalability import maxima
from domain.server import BuildRequested
from domain.size import Size
from domain.traits import required


class BuildAccepted(Reply, frozen=True, kw_only=True):
    operation: UUID
    server: UUID
    host: str
    size: Size
    ceiling: Size | None
    deadline: datetime


class BuildServer(Command, frozen=True, kw_only=True):
    """``traits`` are asked for beside those of flavor and image.

    Raises NotFound (flavor, image), MemoryTooSmall, QuotaExceeded, NoValidHost.
    """

    server: UUID
    project: str
    name: str
    flavor: str
    image: str
    operation: UUID
    deadline: datetime
    traits: tuple[str, ...] = ()
    zone: str = ""
    pool: str = "default"
    group: UUID | None = None
    hints: dict[str, str] = {}  # noqa: RUF012 (a Struct's default is copied)
    reason: str = ""

    def decide(self, log: Log) -> Decision:
        flavor = present(log, Flavor, self.flavor).state
        image = present(log, Image, self.image).state
        size = Size(flavor.vcpus, flavor.memory_mib)
        if size.memory_mib < image.min_memory_mib:
            raise MemoryTooSmall(memory_mib=size.memory_mib, least=image.min_memory_mib)
        spec = self._spec(flavor, image, size)
        # The quota before the host: who may not have it is not told where there is room.
        host = place(HostsOf(log).pool(self.pool), spec=spec, size=size)
        event = self._requested(spec, host or "", image.template)
        changes = books.begun(log, self.server, event, operation=self.operation)
        if host is None:
            raise NoValidHost(asked=size)
        return Decision(changes, self._reply(event))

    def _spec(self, flavor: Flavor, image: Image, size: Size) -> RequestSpec:
        most = maxima(flavor.extra_specs, image.properties)
        traits = {*self.traits, *required(flavor.extra_specs, image.properties)}
        return RequestSpec(
            size=size,
            flavor=FlavorCopy(
                id=self.flavor,
                name=flavor.name,
                vcpus=flavor.vcpus,
                memory_mib=flavor.memory_mib,
                extra_specs=flavor.extra_specs,
                scalable=flavor.scalable,
            ),
            image=ImageCopy(
                id=self.image,
                name=image.name,
                properties=image.properties,
                scalable=image.scalable,
            ),
            traits=tuple(sorted(traits)),
            zone=self.zone,
            pool=self.pool,
            group=self.group,
            hints=self.hints,
            max_vcpus=most.vcpus,
            max_memory_mib=most.memory_mib,
        )

    def _requested(self, spec: RequestSpec, host: str, template: str) -> BuildRequested:
        size = spec.size or Size(0, 0)
        return BuildRequested(
            operation=self.operation,
            project=self.project,
            name=self.name,
            host=host,
            size=size,
            ceiling=_ceiling(spec, size),
            spec=spec,
            template=template,
            deadline=self.deadline,
            reason=self.reason,
        )

    def _reply(self, event: BuildRequested) -> BuildAccepted:
        return BuildAccepted(
            operation=self.operation,
            server=self.server,
            host=event.host,
            size=event.size,
            ceiling=event.ceiling,
            deadline=self.deadline,
        )


def _ceiling(spec: RequestSpec, size: Size) -> Size | None:
    """In a dimension that nobody named a maximum for, the server stays as it is built."""
    if spec.max_vcpus is None and spec.max_memory_mib is None:
        return None
    most = Size(spec.max_vcpus or size.vcpus, spec.max_memory_mib or size.memory_mib)
    return most.most(size)
