"""What the operators of the region allow, for all of its servers."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar, Literal, Self

import msgspec
from msgspec.structs import asdict

from domain.shared.errors import Refused
from domain.shared.events import Event

POLICY = "policy"
"""The id of the one policy there is."""

StoppedServers = Literal["always", "when-running"]
"""Whether cores and ram of a server that is stopped count against the quota all the same."""

# Each retry is a migration that somebody waits for.
MOST_RETRIES = 10


class RegionRules(msgspec.Struct, frozen=True, kw_only=True, gc=False):
    """``scaling``: servers may be scaled. ``scale_retries``: other hosts that are tried after the
    first one that turned out to have no room."""

    scaling: bool = True
    stopped_servers: StoppedServers = "always"
    scale_retries: int = 2


class RegionPolicyChanged(Event, frozen=True, kw_only=True, tag="region.policy-changed"):
    was: RegionRules
    to: RegionRules
    reason: str = ""


RegionPolicyEvent = RegionPolicyChanged


@dataclass(eq=False)
class RetriesInvalid(Refused):
    asked: int

    def __str__(self) -> str:
        return f"{self.asked} retries cannot be: 0 to {MOST_RETRIES} can."


class RegionPolicy(RegionRules, frozen=True, kw_only=True, gc=False):
    category: ClassVar[str] = "region"
    snapshot_format: ClassVar[int] = 1

    def change(self, to: RegionRules, reason: str = "") -> RegionPolicyChanged:
        """Raises RetriesInvalid."""
        if not 0 <= to.scale_retries <= MOST_RETRIES:
            raise RetriesInvalid(asked=to.scale_retries)
        return RegionPolicyChanged(was=self.rules(), to=to, reason=reason)

    def rules(self) -> RegionRules:
        return RegionRules(**asdict(self))

    @classmethod
    def begin(cls, event: RegionPolicyEvent) -> Self:
        return cls().after(event)

    def after(self, event: RegionPolicyEvent) -> Self:
        return type(self)(**asdict(event.to))
