"""Take a server into the books as it was found on its hypervisor, under its project's quota."""

from __future__ import annotations

from uuid import UUID

from commands.command import Command, Decision, Log, Reply, first
from commands.default_quota import defaults
from domain.envelope import Envelope
from domain.errors import AlreadyAdopted
from domain.quota import ProjectQuota
from domain.resources import held
from domain.server import CeilingDeclared, Server, ServerAdopted
from domain.size import GuestView, Size


class Adopted(Reply, frozen=True, kw_only=True):
    server: UUID


class AdoptServer(Command, frozen=True, kw_only=True):
    """Raises AlreadyAdopted, QuotaExceeded."""

    server: UUID
    project: str
    name: str
    host: str
    size: Size
    envelope: Envelope
    guest: GuestView
    ceiling: Size | None = None
    reason: str = ""

    def decide(self, log: Log) -> Decision:
        if log.find(Server, str(self.server)):
            raise AlreadyAdopted(server=self.server)
        quota = log.open(ProjectQuota, self.project)
        claim = quota.state.claim(
            self.project, held(self.size), defaults=defaults(log), server=self.server
        )
        events = [self._adopted(), *self._declared()]
        changes = first(Server, str(self.server), *events)
        return Decision([*changes, *quota.record(claim)], Adopted(server=self.server))

    def _adopted(self) -> ServerAdopted:
        return ServerAdopted(
            project=self.project,
            name=self.name,
            host=self.host,
            size=self.size,
            envelope=self.envelope,
            guest=self.guest,
            reason=self.reason,
        )

    def _declared(self) -> list[CeilingDeclared]:
        return [CeilingDeclared(was=None, ceiling=self.ceiling)] if self.ceiling else []
