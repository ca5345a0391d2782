"""Take over a server as it was found on its hypervisor, within its project's quota."""

from __future__ import annotations

from uuid import UUID

from commands.command import Command, Decision, Log, Reply
from commands.ledger import books
from commands.ledger.region_policy import counts
from domain.server import CeilingDeclared, Power, Server, ServerAdopted
from domain.shared.envelope import Envelope
from domain.shared.errors import AlreadyAdopted
from domain.shared.request_spec import RequestSpec
from domain.shared.size import GuestView, Size


class Adopted(Reply, frozen=True, kw_only=True):
    """The server is managed from now on."""

    server: UUID


class AdoptServer(Command, frozen=True, kw_only=True):
    """Adopt a server as it was read. ``ceiling``: the most it may have; None: it may not be scaled.

    A deleted server may be adopted again, by its old project only. Raises AlreadyAdopted,
    QuotaExceeded.
    """

    server: UUID
    project: str
    name: str
    host: str
    size: Size
    envelope: Envelope
    guest: GuestView
    power: Power = "running"
    ceiling: Size | None = None
    reason: str = ""
    user: str = ""

    def decide(self, log: Log) -> Decision:
        """Record the server, and claim its size of the project's quota."""
        known = log.find(Server, str(self.server))
        # What a server did belongs to its project for ever, so that it comes back only there.
        if known and (known.state.power != "gone" or known.state.project != self.project):
            raise AlreadyAdopted(server=self.server)
        changes = books.begun(
            log, self.server, self._adopted(counted=counts(log, self.power)), *self._declared()
        )
        return Decision(changes, Adopted(server=self.server))

    def _adopted(self, *, counted: bool) -> ServerAdopted:
        return ServerAdopted(
            project=self.project,
            name=self.name,
            host=self.host,
            size=self.size,
            envelope=self.envelope,
            guest=self.guest,
            reason=self.reason,
            power=self.power,
            spec=RequestSpec(size=self.size),
            counted=counted,
            user=self.user,
        )

    def _declared(self) -> list[CeilingDeclared]:
        return [CeilingDeclared(was=None, ceiling=self.ceiling)] if self.ceiling else []
