"""Change what people say of a server: name, description, metadata, addresses, host name."""

from __future__ import annotations

from uuid import UUID

import msgspec
from msgspec import UNSET, UnsetType
from msgspec.structs import replace

from commands.command import Command, Decision, Log, Reply
from commands.ledger import quotas
from commands.ledger.catalogue import as_expected
from commands.ledger.merging import merged
from domain.server import Description, Server
from domain.server.describing import changed
from domain.shared.errors import NotFound
from domain.shared.resources import METADATA_ITEMS


class ServerDescription(Reply, frozen=True, kw_only=True):
    """The whole description now."""

    server: UUID
    described: Description
    version: int


_FIELDS = ("name", "description", "access_ipv4", "access_ipv6", "hostname")


class DescribeServer(Command, frozen=True, kw_only=True):
    """Change a description; a field that is not given stays.

    Metadata that are not named stay, or go if ``only``; those set to None go. Raises NotFound,
    StaleVersion, QuotaExceeded (metadata_items).
    """

    server: UUID
    name: str | UnsetType = UNSET
    description: str | UnsetType | None = UNSET
    access_ipv4: str | UnsetType = UNSET
    access_ipv6: str | UnsetType = UNSET
    hostname: str | UnsetType | None = UNSET
    metadata: dict[str, str | None] = msgspec.field(default_factory=dict)
    only: bool = False
    expected: int | None = None
    reason: str = ""

    def decide(self, log: Log) -> Decision:
        """Record the description; nothing where it is so already."""
        stream = log.load(Server, str(self.server))
        if stream.state.power == "gone" and stream.state.fault is None:
            raise NotFound(what="server", id=str(self.server))
        as_expected(stream.version, self.expected)
        was = stream.state.description
        metadata = merged({} if self.only else was.metadata, self.metadata)
        if len(metadata) > len(was.metadata):
            path = quotas.path(log, stream.state.project, stream.state.user)
            path.must_hold(METADATA_ITEMS, len(metadata))
        to = replace(self._changed(was), metadata=metadata)
        changes = stream.record(*changed(was, to, reason=self.reason))
        version = stream.version + len(changes)
        reply = ServerDescription(server=self.server, described=to, version=version)
        return Decision(changes, reply)

    def _changed(self, was: Description) -> Description:
        given = {name: getattr(self, name) for name in _FIELDS}
        return replace(was, **{name: one for name, one in given.items() if one is not UNSET})
