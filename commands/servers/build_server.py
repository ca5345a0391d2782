"""Build a server from a flavor and an image: quota, host, group and request spec at once."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from commands.command import Change, Command, Decision, Log, Reply
from commands.ledger import books, groups, quotas
from commands.ledger.catalogue import present
from commands.ledger.flavored import terms
from commands.ledger.scales import hosts_of
from domain.catalogue.flavor import Flavor
from domain.catalogue.image import Image, MemoryTooSmall
from domain.hosts.placement import Wanted, place, ruled_out
from domain.hosts.server_group import ServerGroup
from domain.server import BuildRequested, Description, FlavorTerms
from domain.shared.errors import NotFound, NoValidHost
from domain.shared.request_spec import ImageCopy, RequestSpec
from domain.shared.resources import METADATA_ITEMS
from domain.shared.size import Size


class BuildAccepted(Reply, frozen=True, kw_only=True):
    """The build is open; it ends by ``deadline`` (UTC)."""

    operation: UUID
    server: UUID
    host: str
    size: Size
    ceiling: Size | None
    deadline: datetime


class BuildServer(Command, frozen=True, kw_only=True):
    """Build a server for ``user``. ``traits`` are added to those of flavor and image.

    ``described``: its description, if it has more than a name. ``launch`` and ``launch_index``: see
    RequestSpec. ``deadline`` in UTC. Raises NotFound (flavor, image, server-group), MemoryTooSmall,
    QuotaExceeded, NoValidHost.
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
    user: str = ""
    described: Description | None = None
    launch: str = ""
    launch_index: int = 0

    def decide(self, log: Log) -> Decision:
        """Check the image, the quota and the group, choose a host, and open the build."""
        flavor = present(log, Flavor, self.flavor).state
        image = present(log, Image, self.image).state
        made = terms(self.flavor, flavor, _copied(self.image, image), self.traits)
        if made.size.memory_mib < image.min_memory_mib:
            raise MemoryTooSmall(memory_mib=made.size.memory_mib, least=image.min_memory_mib)
        if self.described:
            path = quotas.path(log, self.project, self.user)
            path.must_hold(METADATA_ITEMS, len(self.described.metadata))
        spec = self._spec(made, _copied(self.image, image))
        # The quota before the host: who may not have it is not told where there is room.
        hosts = hosts_of(log, self.server)
        candidates = hosts.pool(self.pool)
        wanted = Wanted(spec, made.size, hosts.neighbours(self.group))
        host = place(candidates, wanted)
        event = self._requested(spec, made, host or "", image.template)
        changes = [
            *self._joined(log),
            *books.begun(log, self.server, event, operation=self.operation),
        ]
        if host is None:
            why_not = ruled_out(candidates, wanted)
            raise NoValidHost(asked=made.size, ruled_out=why_not, pool=self.pool)
        return Decision(changes, self._reply(event))

    def _joined(self, log: Log) -> list[Change]:
        if self.group is None:
            return []
        if present(log, ServerGroup, str(self.group)).state.project != self.project:
            raise NotFound(what=ServerGroup.category, id=str(self.group))
        return groups.joined(log, self.group, self.server, self.user, self.reason)

    def _spec(self, made: FlavorTerms, image: ImageCopy) -> RequestSpec:
        return RequestSpec(
            size=made.size,
            flavor=made.flavor,
            image=image,
            traits=made.traits,
            zone=self.zone,
            pool=self.pool,
            group=self.group,
            hints=self.hints,
            max_vcpus=made.max_vcpus,
            max_memory_mib=made.max_memory_mib,
            launch=self.launch,
            launch_index=self.launch_index,
        )

    def _requested(
        self, spec: RequestSpec, made: FlavorTerms, host: str, template: str
    ) -> BuildRequested:
        return BuildRequested(
            operation=self.operation,
            project=self.project,
            name=self.name,
            host=host,
            size=made.size,
            ceiling=made.ceiling,
            spec=spec,
            template=template,
            deadline=self.deadline,
            reason=self.reason,
            user=self.user,
            described=self.described,
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


def _copied(id: str, image: Image) -> ImageCopy:
    return ImageCopy(id=id, name=image.name, properties=image.properties, scalable=image.scalable)
