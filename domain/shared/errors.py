"""Refusals: the ways a rule says no. Each carries its facts, never a status code."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal
from uuid import UUID

import msgspec

from domain.shared.resources import RESOURCES
from domain.shared.ruled_out import RuledOut, in_words
from domain.shared.size import Size


class Refused(Exception):
    """A command broke a rule. The same command may succeed at another time."""


@dataclass(eq=False)
class NotFound(Refused):
    """Nothing with this id exists, or it is another project's."""

    what: str
    id: str

    def __str__(self) -> str:
        return f"There is no {self.what} {self.id}."


@dataclass(eq=False)
class AlreadyAdopted(Refused):
    """The server is known already, or was another project's."""

    server: UUID

    def __str__(self) -> str:
        return f"Server {self.server} is already adopted."


@dataclass(eq=False)
class ScaleInProgress(Refused):
    """An operation on the server is still open; a server has one at a time."""

    operation: UUID
    to: Size

    def __str__(self) -> str:
        return f"Operation {self.operation} is still open; wait for its end, or cancel it."


@dataclass(eq=False)
class OutcomeUndecided(Refused):
    """The outcome of the server's last operation is not known yet."""

    operation: UUID
    to: Size

    def __str__(self) -> str:
        return f"The outcome of operation {self.operation} is unknown; resolve it first."


@dataclass(eq=False)
class NothingToResolve(Refused):
    """The operation has ended with a known outcome, or is still open."""

    operation: UUID

    def __str__(self) -> str:
        return f"Operation {self.operation} has no unknown outcome to resolve."


@dataclass(eq=False)
class NothingToCancel(Refused):
    """The operation was sent to its hypervisor, or has ended."""

    operation: UUID

    def __str__(self) -> str:
        return (
            f"Operation {self.operation} cannot be cancelled: "
            "it was sent to its hypervisor, or has ended."
        )


@dataclass(eq=False)
class NothingToChange(Refused):
    """The server has the size asked for already."""

    size: Size

    def __str__(self) -> str:
        return f"The server already has {self.size}."


@dataclass(eq=False)
class NothingDrifted(Refused):
    """The server has no drift that can be adopted, or none that can be re-applied."""

    def __str__(self) -> str:
        return "No drift is recorded for this server that could be adopted or re-applied."


@dataclass(eq=False)
class DriftOpen(Refused):
    """Somebody changed the server on its hypervisor; that must be adopted or re-applied first."""

    def __str__(self) -> str:
        return (
            "This server was changed on its hypervisor; "
            "an administrator must adopt that, or re-apply what is recorded."
        )


@dataclass(eq=False)
class PowerForbids(Refused):
    """The server's power does not allow it. ``needs``: what it would have to be."""

    power: str
    needs: tuple[str, ...] = ("running", "stopped")

    def __str__(self) -> str:
        is_ = {"gone": "deleted", "building": "being built"}.get(self.power, self.power)
        needs = " or ".join(filter(None, (", ".join(self.needs[:-1]), self.needs[-1])))
        return f"The server is {is_}; this needs one that is {needs}."


@dataclass(eq=False)
class NotScalable(Refused):
    """The server may not be scaled.

    ``closed``: the flags (region, flavor, image, server) or the dimensions (vcpus, memory) that
    stand against it; none: it has no ceiling.
    """

    server_size: Size
    closed: tuple[str, ...] = ()

    def __str__(self) -> str:
        return f"This server stays at {self.server_size}: {self._why()}."

    def _why(self) -> str:
        if not self.closed:
            return "it has no ceiling; an administrator can declare one"
        named = ", ".join(self.closed)
        if {"vcpus", "memory"}.issuperset(self.closed):
            return f"neither its flavor nor its image sets a maximum for {named}"
        return f"scaling is turned off for {named}; an administrator can turn it on"


@dataclass(eq=False)
class AboveCeiling(Refused):
    """The size is above the most that the server may have."""

    asked: Size
    ceiling: Size

    def __str__(self) -> str:
        return f"{self.asked} is above the server's ceiling of {self.ceiling}."


@dataclass(eq=False)
class NeedsRestart(Refused):
    """The size cannot be reached while the server runs; ``floor`` to ``ceiling`` can."""

    asked: Size
    floor: Size
    ceiling: Size
    consent: str = "restart"

    def __str__(self) -> str:
        return (
            f"{self.asked} needs a restart; while the server runs, it can have "
            f"{self.floor} to {self.ceiling}."
        )


@dataclass(eq=False)
class Misaligned(Refused):
    """The memory (MiB) does not come in the server's steps."""

    asked_memory_mib: int
    step_mib: int
    nearest_memory_mib: int

    def __str__(self) -> str:
        return (
            f"This server's memory changes in steps of {self.step_mib} MiB; "
            f"ask for {self.nearest_memory_mib} MiB instead of {self.asked_memory_mib} MiB."
        )


@dataclass(eq=False)
class NoMemorySlot(Refused):
    """The server has no slot left for another memory device."""

    asked_memory_mib: int
    consent: str = "restart"

    def __str__(self) -> str:
        return (
            f"{self.asked_memory_mib} MiB needs a restart; "
            "no memory slot is left to grow while the server runs."
        )


@dataclass(eq=False)
class NeedsMigration(Refused):
    """Only another host of the pool has room. Which, and what is lacking here, operators alone
    see."""

    asked: Size
    consent: str = "migrate"

    def __str__(self) -> str:
        return (
            f"{self.asked} needs a migration; the server's host has no room for it, "
            "another host has."
        )


@dataclass(eq=False)
class NoValidHost(Refused):
    """No host has room for the size and suits the server.

    ``ruled_out``: why not, with how many hosts of ``pool`` for each reason. ``in_place``: only the
    server's own host was asked.
    """

    asked: Size
    would_fit: Size | None = None
    ruled_out: tuple[RuledOut, ...] = ()
    pool: str | None = None
    in_place: bool = False

    def __str__(self) -> str:
        fit = f" {self.would_fit} would fit." if self.would_fit else ""
        why = in_words(self.ruled_out, in_place=self.in_place)
        return f"No valid host for {self.asked}: {why or f'pool {self.pool!r} has no hosts'}.{fit}"


@dataclass(eq=False)
class StalePlan(Refused):
    """The scale would go another way than planned."""

    planned: str
    current: str

    def __str__(self) -> str:
        return "The plan is out of date: the scale would now go another way. Plan again."


Scope = Literal["project", "user", "shared", "group"]
"""Whose limit it is: the project's own, that of one of its users, one that a project shares with
all below it, or that of a user's members in a server group."""

_WHOSE = {"user": " by user", "shared": " by all below", "group": " in group"}


class Shortage(msgspec.Struct, frozen=True, kw_only=True):
    """One resource of which a quota leaves too little; ``left`` may still be claimed.

    ``node``: where the limit stands: a project, perhaps further up, a user, or a group.
    """

    resource: str
    asked: int
    used: int
    limit: int
    left: int
    scope: Scope = "project"
    node: str = ""

    def __str__(self) -> str:
        whose = f"{_WHOSE[self.scope]} {self.node}" if self.scope in _WHOSE else ""
        return f"{self.resource}: {self.asked} more asked, {self.used} of {self.limit} used{whose}"


@dataclass(eq=False)
class QuotaExceeded(Refused):
    """The request needs more than the project's quota leaves."""

    project: str
    shortages: list[Shortage]
    would_fit: Size | None = None

    def __str__(self) -> str:
        short = "; ".join(str(s) for s in self.shortages)
        fit = f" {self.would_fit} would fit." if self.would_fit else ""
        return f"Quota of project {self.project} exceeded: {short}.{fit}"


@dataclass(eq=False)
class QuotaBelowUsage(Refused):
    """The limit is below what is in use."""

    shortages: list[Shortage]

    def __str__(self) -> str:
        named = "; ".join(f"{s.resource}: {s.used} used, {s.limit} asked" for s in self.shortages)
        return (
            f"The limit is below what is in use ({named}). "
            "Free resources first, or set it with force."
        )


@dataclass(eq=False)
class LimitInvalid(Refused):
    """The limit is neither -1 (unlimited) nor a count."""

    resource: str
    limit: int

    def __str__(self) -> str:
        return (
            f"{self.limit} is not a valid limit for {self.resource}; "
            "use -1 (unlimited) or 0 to 2147483647."
        )


@dataclass(eq=False)
class ResourceUnknown(Refused):
    """No quota counts this resource."""

    resource: str

    def __str__(self) -> str:
        return f"There is no quota for {self.resource!r}; there is for {', '.join(RESOURCES)}."


@dataclass(eq=False)
class StaleVersion(Refused):
    """The thing has changed since the version that the caller decided on."""

    expected: int
    current: int

    def __str__(self) -> str:
        return (
            f"Version {self.expected} was expected, but {self.current} is current; read it again."
        )
