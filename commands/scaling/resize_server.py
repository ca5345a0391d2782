"""Give a server another flavor, by way of a restart; then confirm that, or take it back."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from commands.command import Command, Decision, Log, Reply
from commands.ledger import books
from commands.ledger.catalogue import find, present
from commands.ledger.flavored import terms
from commands.ledger.hosts import HostsOf
from commands.servers.power_server import OperationAccepted
from domain.catalogue.flavor import Flavor
from domain.catalogue.image import Image, MemoryTooSmall
from domain.hosts.host import NONE
from domain.server import FlavorTerms, Server, resizing
from domain.shared.errors import NoValidHost
from domain.shared.size import Size
from domain.shared.traits import required


class ResizeServer(Command, frozen=True, kw_only=True):
    """What is more is claimed now, and what is less is given back when it is confirmed, so that
    it can always be reverted. Where the server runs there must be room for it, and what the new
    flavor asks for beside that.

    Raises NotFound (server, flavor), ScaleInProgress, OutcomeUndecided, DriftOpen,
    ResizeUnconfirmed, PowerForbids, NothingToChange, MemoryTooSmall, QuotaExceeded, NoValidHost.
    """

    server: UUID
    flavor: str
    operation: UUID
    deadline: datetime
    reason: str = ""

    def decide(self, log: Log) -> Decision:
        stream = log.load(Server, str(self.server))
        to = self._terms(log, stream.state)
        for obstacle in resizing.obstacles(stream.state, to):
            raise obstacle
        self._must_hold_image(log, stream.state, to.size)
        asked = resizing.resize(
            stream.state,
            to,
            operation=self.operation,
            deadline=self.deadline,
            mode="stopped" if stream.state.power == "stopped" else "restart",
            reason=self.reason,
        )
        # The quota before the host: who may not have it is not told where there is room.
        changes = books.claimed(log, stream, self.server, asked, operation=self.operation)
        if not self._fits(log, stream.state, to):
            raise NoValidHost(asked=to.size)
        return Decision(changes, self._reply())

    def _terms(self, log: Log, server: Server) -> FlavorTerms:
        """What was asked for beside what the old flavor asked for is asked for still."""
        flavor = present(log, Flavor, self.flavor).state
        image, was = server.spec.image, server.spec.flavor
        asked = required(was.extra_specs if was else {}, image.properties if image else {})
        return terms(self.flavor, flavor, image, {*server.spec.traits} - {*asked})

    def _must_hold_image(self, log: Log, server: Server, to: Size) -> None:
        """As a new one must, while the image is there to say so. Raises MemoryTooSmall."""
        image = find(log, Image, server.spec.image.id) if server.spec.image else None
        if image and to.memory_mib < image.state.min_memory_mib:
            raise MemoryTooSmall(memory_mib=to.memory_mib, least=image.state.min_memory_mib)

    def _fits(self, log: Log, server: Server, to: FlavorTerms) -> bool:
        host = HostsOf(log, self.server).host(server.host)
        added = {*to.traits} - {*server.spec.traits}
        more = Size(to.size.vcpus - server.size.vcpus, to.size.memory_mib - server.size.memory_mib)
        return host.lacks(more) == NONE and added <= host.traits

    def _reply(self) -> OperationAccepted:
        return OperationAccepted(
            operation=self.operation, server=self.server, deadline=self.deadline
        )


class ConfirmResize(Command, frozen=True, kw_only=True):
    """Raises NotFound, ScaleInProgress, OutcomeUndecided, NotResized."""

    server: UUID
    reason: str = ""

    def decide(self, log: Log) -> Decision:
        stream = log.load(Server, str(self.server))
        confirmed = resizing.confirmed(stream.state, self.reason)
        return Decision(books.settled(log, stream, self.server, confirmed), Reply())


class RevertResize(Command, frozen=True, kw_only=True):
    """Raises NotFound, ScaleInProgress, OutcomeUndecided, NotResized, DriftOpen."""

    server: UUID
    operation: UUID
    deadline: datetime
    reason: str = ""

    def decide(self, log: Log) -> Decision:
        stream = log.load(Server, str(self.server))
        asked = resizing.reverted(
            stream.state, operation=self.operation, deadline=self.deadline, reason=self.reason
        )
        changes = books.claimed(log, stream, self.server, asked, operation=self.operation)
        reply = OperationAccepted(
            operation=self.operation, server=self.server, deadline=self.deadline
        )
        return Decision(changes, reply)
