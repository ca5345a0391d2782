"""Give a server another flavor by a restart, then confirm or revert that."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from commands.command import Command, Decision, Log, Reply
from commands.ledger import books
from commands.ledger.accepted import OperationAccepted
from commands.ledger.catalogue import find, present
from commands.ledger.flavored import terms
from commands.ledger.scales import scale_of
from domain.catalogue.flavor import Flavor
from domain.catalogue.image import Image
from domain.scaling.assess import Resize, assess
from domain.server import FlavorTerms, Server, resizing
from domain.shared.errors import Refused
from domain.shared.traits import required


class ResizeServer(Command, frozen=True, kw_only=True):
    """Resize a server to another flavor. ``deadline`` in UTC.

    More is claimed at once; less is given back only when the resize is confirmed, so that it can
    always be reverted. Its host must have the room, and what else the new flavor asks for. Raises
    NotFound (server, flavor), ScaleInProgress, OutcomeUndecided, DriftOpen, ResizeUnconfirmed,
    PowerForbids, NothingToChange, MemoryTooSmall, QuotaExceeded, NoValidHost.
    """

    server: UUID
    flavor: str
    operation: UUID
    deadline: datetime
    reason: str = ""

    def decide(self, log: Log) -> Decision:
        """Assess the resize, and open it."""
        stream = log.load(Server, str(self.server))
        resize = self._resize(log, stream.state)
        found = assess(scale_of(log, stream, self.server, resize.terms.size, resize))
        if isinstance(refused := found.answer("restart"), Refused):
            raise refused
        asked = resizing.resize(
            stream.state,
            resize.terms,
            operation=self.operation,
            deadline=self.deadline,
            reason=self.reason,
        )
        changes = books.claimed(
            log, stream, self.server, asked, operation=self.operation, quota=found.scale.quota
        )
        return Decision(changes, self._reply())

    def _resize(self, log: Log, server: Server) -> Resize:
        """With the memory that the image needs, while it is there to say so."""
        image = find(log, Image, server.spec.image.id) if server.spec.image else None
        least = image.state.min_memory_mib if image else 0
        return Resize(terms=self._terms(log, server), min_memory_mib=least)

    def _terms(self, log: Log, server: Server) -> FlavorTerms:
        """What was asked for beside what the old flavor asked for is asked for still."""
        flavor = present(log, Flavor, self.flavor).state
        image, was = server.spec.image, server.spec.flavor
        asked = required(was.extra_specs if was else {}, image.properties if image else {})
        return terms(self.flavor, flavor, image, {*server.spec.traits} - {*asked})

    def _reply(self) -> OperationAccepted:
        return OperationAccepted(
            operation=self.operation, server=self.server, deadline=self.deadline
        )


class ConfirmResize(Command, frozen=True, kw_only=True):
    """Keep the new flavor. Raises NotFound, ScaleInProgress, OutcomeUndecided, NotResized."""

    server: UUID
    reason: str = ""

    def decide(self, log: Log) -> Decision:
        """Record it, and give back what was held for going back."""
        stream = log.load(Server, str(self.server))
        confirmed = resizing.confirmed(stream.state, self.reason)
        return Decision(books.settled(log, stream, self.server, confirmed), Reply())


class RevertResize(Command, frozen=True, kw_only=True):
    """Go back to the old flavor. ``deadline`` in UTC.

    Raises NotFound, ScaleInProgress, OutcomeUndecided, NotResized, DriftOpen.
    """

    server: UUID
    operation: UUID
    deadline: datetime
    reason: str = ""

    def decide(self, log: Log) -> Decision:
        """Open the way back; its size is claimed still."""
        stream = log.load(Server, str(self.server))
        asked = resizing.reverted(
            stream.state, operation=self.operation, deadline=self.deadline, reason=self.reason
        )
        changes = books.claimed(log, stream, self.server, asked, operation=self.operation)
        reply = OperationAccepted(
            operation=self.operation, server=self.server, deadline=self.deadline
        )
        return Decision(changes, reply)
