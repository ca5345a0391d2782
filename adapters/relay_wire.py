"""What relays report of the hypervisors' answers: the words that both ends of the wire use."""

from __future__ import annotations

from typing import Annotated, Any, Self
from uuid import UUID

import msgspec

from adapters.texts import PRINTABLE_OR_EMPTY
from commands.command import Command
from commands.drift.observe_server import ObserveServer
from commands.operations.end_operation import ReportAbsent, ReportFailed, ReportSeen
from commands.placement.read_host import ReadHost
from domain.server import Seen, Step
from domain.shared.size import Size

MOST = 20
"""Outcomes in one report, so that it stays within the size of a body."""


# A reason becomes part of a fact, and PostgreSQL's JSON takes no NUL.
Words = Annotated[str, msgspec.Meta(max_length=1000, pattern=PRINTABLE_OR_EMPTY)]


class _Told(Step, frozen=True, kw_only=True, forbid_unknown_fields=True, tag_field="outcome"):
    """The step that was carried, and what became of it."""

    @classmethod
    def of(cls, step: Step, **became: Any) -> Self:
        return cls(**msgspec.structs.asdict(step.bare()), **became)


class ReadBack(_Told, frozen=True, kw_only=True, tag="read-back"):
    """The server as it was read back; how the operation ends follows from that. ``shortfall``:
    the hypervisor's words, where it has some on what is not as asked."""

    seen: Seen
    shortfall: Words

    def command(self, hosts: frozenset[str] | None) -> Command:
        return ReportSeen(step=self.bare(), hosts=hosts, seen=self.seen, shortfall=self.shortfall)


class Absent(_Told, frozen=True, kw_only=True, tag="absent"):
    """Its host does not know the server."""

    reason: Words

    def command(self, hosts: frozenset[str] | None) -> Command:
        return ReportAbsent(step=self.bare(), hosts=hosts, reason=self.reason)


class Failed(_Told, frozen=True, kw_only=True, tag="failed"):
    """The hypervisor said no, and nothing was changed. ``no_capacity``: for lack of room there."""

    reason: Words
    no_capacity: bool = False

    def command(self, hosts: frozenset[str] | None) -> Command:
        return ReportFailed(
            step=self.bare(),
            hosts=hosts,
            reason=self.reason,
            no_capacity=self.no_capacity,
            refused=True,
        )


ReportedOutcome = ReadBack | Absent | Failed


class Outcomes(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    outcomes: Annotated[list[ReportedOutcome], msgspec.Meta(max_length=MOST)]
    """None: only whether the token is taken is asked."""


class Observation(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A server that was not as in the books; ``version`` is the server's as it stood there before
    it was read. ``seen`` None: its host does not know it."""

    server: UUID
    version: int
    seen: Seen | None

    def command(self, hosts: frozenset[str] | None) -> Command:
        return ObserveServer(server=self.server, hosts=hosts, version=self.version, seen=self.seen)


class HostTold(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What a host says that it has."""

    host: str
    capacity: Size
    traits: Annotated[tuple[str, ...], msgspec.Meta(max_length=500)]
    hypervisor: Words

    def command(self) -> Command:
        return ReadHost(
            host=self.host,
            capacity=self.capacity,
            traits=self.traits,
            hypervisor=self.hypervisor,
        )


class Observations(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What a relay saw without having been asked."""

    hosts: Annotated[list[HostTold], msgspec.Meta(max_length=MOST)] = []
    servers: Annotated[list[Observation], msgspec.Meta(max_length=MOST)] = []

    def named_hosts(self) -> list[str]:
        """All that are told of, or that a server is said to be on."""
        return [one.host for one in self.hosts] + [
            one.seen.host for one in self.servers if one.seen
        ]
