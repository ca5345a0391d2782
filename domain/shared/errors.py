"""Refusals: the ways a rule says no. Each carries its facts, never a status code.

Refused
├── NotFound            no such server, operation or project
├── AlreadyAdopted      a server is adopted once
├── ScaleInProgress     one open operation a server
├── OutcomeUndecided    the last operation's outcome is not known yet
├── NothingToResolve    the operation has ended, and its outcome is known
├── NothingToCancel     the operation has been sent, or has ended
├── NothingToChange     the server has the size already
├── NothingDrifted      the server is as it is in the books
├── DriftOpen           somebody else has changed the server; adopt or re-apply first
├── PowerForbids        not while the server is building, paused or gone
├── NotScalable         no ceiling was declared, or a flag says no
├── AboveCeiling        more than was declared
├── NeedsRestart        more, or less, than can be reached while the server runs
├── NeedsMigration      there is room for it on another host only
├── NoValidHost         there is room for it on no host
├── StalePlan           it would not go as planned any more
├── Misaligned          memory that does not come in the server's steps
├── NoMemorySlot        no slot left for another memory device
├── QuotaExceeded       more than the project's quota leaves
├── QuotaBelowUsage     a limit under what is in use already
├── LimitInvalid        a limit that is neither -1 nor a count
├── ResourceUnknown     a resource that no quota counts
└── StaleVersion        decided on something that has changed since
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal
from uuid import UUID

import msgspec

from domain.shared.resources import RESOURCES
from domain.shared.size import Size


class Refused(Exception):
    """A command broke a rule. The same command may succeed at another time."""


@dataclass(eq=False)
class NotFound(Refused):
    what: str
    id: str

    def __str__(self) -> str:
        return f"There is no {self.what} {self.id}."


@dataclass(eq=False)
class AlreadyAdopted(Refused):
    server: UUID

    def __str__(self) -> str:
        return f"Server {self.server} is adopted already."


@dataclass(eq=False)
class ScaleInProgress(Refused):
    operation: UUID
    to: Size

    def __str__(self) -> str:
        return f"Operation {self.operation} is still open: nothing else can begin before it ends."


@dataclass(eq=False)
class OutcomeUndecided(Refused):
    operation: UUID
    to: Size

    def __str__(self) -> str:
        return (
            f"It is not known whether operation {self.operation} brought the server to {self.to}: "
            "resolve that operation first."
        )


@dataclass(eq=False)
class NothingToResolve(Refused):
    operation: UUID

    def __str__(self) -> str:
        return f"Operation {self.operation} is not one whose outcome is unknown."


@dataclass(eq=False)
class NothingToCancel(Refused):
    operation: UUID

    def __str__(self) -> str:
        return f"Operation {self.operation} was sent to its hypervisor already, or has ended."


@dataclass(eq=False)
class NothingToChange(Refused):
    size: Size

    def __str__(self) -> str:
        return f"The server has {self.size} already."


@dataclass(eq=False)
class NothingDrifted(Refused):
    def __str__(self) -> str:
        return "There is nothing about this server that could be adopted or re-applied so."


@dataclass(eq=False)
class DriftOpen(Refused):
    def __str__(self) -> str:
        return (
            "Somebody else has changed this server. "
            "An administrator can adopt what was done, or re-apply what is in the books."
        )


@dataclass(eq=False)
class PowerForbids(Refused):
    power: str

    def __str__(self) -> str:
        return f"That cannot be done to a server which is {self.power}."


@dataclass(eq=False)
class NotScalable(Refused):
    """``closed``: the flags, or the dimensions, that stand against it; none: no ceiling."""

    server_size: Size
    closed: tuple[str, ...] = ()

    def __str__(self) -> str:
        why = f"closed by {', '.join(self.closed)}" if self.closed else "no ceiling was declared"
        return f"The server is fixed at {self.server_size}: {why}. An administrator can change it."


@dataclass(eq=False)
class AboveCeiling(Refused):
    asked: Size
    ceiling: Size

    def __str__(self) -> str:
        return f"{self.asked} is above the server's ceiling of {self.ceiling}."


@dataclass(eq=False)
class NeedsRestart(Refused):
    """``floor`` and ``ceiling`` are what can be reached while the server runs."""

    asked: Size
    floor: Size
    ceiling: Size
    consent: str = "restart"

    def __str__(self) -> str:
        return (
            f"{self.asked} cannot be reached while the server runs: "
            f"only {self.floor} up to {self.ceiling} can."
        )


@dataclass(eq=False)
class Misaligned(Refused):
    asked_memory_mib: int
    step_mib: int
    nearest_memory_mib: int

    def __str__(self) -> str:
        return (
            f"Memory of this server changes in steps of {self.step_mib} MiB: "
            f"not {self.asked_memory_mib} but {self.nearest_memory_mib} MiB would work."
        )


@dataclass(eq=False)
class NoMemorySlot(Refused):
    asked_memory_mib: int
    consent: str = "restart"

    def __str__(self) -> str:
        return (
            f"No memory slot is left to grow to {self.asked_memory_mib} MiB while the server runs."
        )


@dataclass(eq=False)
class NeedsMigration(Refused):
    """Another host of the pool has room. Which, and what is lacking here, is the operators'."""

    asked: Size
    consent: str = "migrate"

    def __str__(self) -> str:
        return (
            f"There is no room for {self.asked} where the server runs; "
            "it would have to migrate to another host first."
        )


@dataclass(eq=False)
class NoValidHost(Refused):
    asked: Size
    would_fit: Size | None = None

    def __str__(self) -> str:
        fit = f" {self.would_fit} would fit." if self.would_fit else ""
        return f"No host has room for {self.asked}.{fit}"


@dataclass(eq=False)
class StalePlan(Refused):
    planned: str
    current: str

    def __str__(self) -> str:
        return "It would not go as planned any more. Plan again, and look at what has changed."


Scope = Literal["project", "user", "shared", "group"]
"""Whose limit it is: the project's own, that of one of its users, one that a project shares with
all below it, or that of a user's members in a server group."""

_WHOSE = {"user": " by user", "shared": " by all below", "group": " in group"}


class Shortage(msgspec.Struct, frozen=True, kw_only=True):
    """One resource of which a quota leaves too little. ``left`` may still be claimed.

    ``node`` is what the limit stands at: a project, perhaps further up, a user, or a group.
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
    project: str
    shortages: list[Shortage]
    would_fit: Size | None = None

    def __str__(self) -> str:
        short = "; ".join(str(s) for s in self.shortages)
        fit = f" {self.would_fit} would fit." if self.would_fit else ""
        return f"Quota of project {self.project} exceeded: {short}.{fit}"


@dataclass(eq=False)
class QuotaBelowUsage(Refused):
    shortages: list[Shortage]

    def __str__(self) -> str:
        named = "; ".join(f"{s.resource}: {s.used} used, {s.limit} asked" for s in self.shortages)
        return (
            f"The limit would be below what is in use ({named}); force it to set it all the same."
        )


@dataclass(eq=False)
class LimitInvalid(Refused):
    resource: str
    limit: int

    def __str__(self) -> str:
        return (
            f"{self.limit} is no limit for {self.resource}: "
            "-1 is unlimited, 0 to 2147483647 are counts."
        )


@dataclass(eq=False)
class ResourceUnknown(Refused):
    resource: str

    def __str__(self) -> str:
        return f"There is no quota for {self.resource!r}, only for {', '.join(RESOURCES)}."


@dataclass(eq=False)
class StaleVersion(Refused):
    expected: int
    current: int

    def __str__(self) -> str:
        return f"It has changed: version {self.expected} was named, {self.current} is current."
