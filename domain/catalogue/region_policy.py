"""The rules that the region's operators set for all of its servers."""

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
    """The region's rules.

    ``scaling``: servers may be scaled at all. ``scale_retries``: how many other hosts are tried
    after the first one turned out to have no room.
    """

    scaling: bool = True
    stopped_servers: StoppedServers = "always"
    scale_retries: int = 2


class RegionPolicyChanged(Event, frozen=True, kw_only=True, tag="region.policy-changed"):
    """The region's rules were changed, all of them given: as they were and as they are."""

    was: RegionRules
    to: RegionRules
    reason: str = ""


RegionPolicyEvent = RegionPolicyChanged


@dataclass(eq=False)
class RetriesInvalid(Refused):
    """The number of retries is out of range."""

    asked: int

    def __str__(self) -> str:
        return f"{self.asked} is not a valid number of retries; use 0 to {MOST_RETRIES}."


class RegionPolicy(RegionRules, frozen=True, kw_only=True, gc=False):
    """The region's rules as its events have made them; the defaults before the first."""

    category: ClassVar[str] = "region"
    snapshot_format: ClassVar[int] = 1
    deleted: ClassVar[bool] = False
    is_over: ClassVar[bool] = False

    def change(self, to: RegionRules, reason: str = "") -> RegionPolicyChanged:
        """Replace the rules with ``to``. Raises RetriesInvalid."""
        if not 0 <= to.scale_retries <= MOST_RETRIES:
            raise RetriesInvalid(asked=to.scale_retries)
        return RegionPolicyChanged(was=self.rules(), to=to, reason=reason)

    def rules(self) -> RegionRules:
        """The rules alone, as an event carries them."""
        return RegionRules(**asdict(self))

    @classmethod
    def begin(cls, event: RegionPolicyEvent) -> Self:
        """The policy after its first change."""
        return cls().after(event)

    def after(self, event: RegionPolicyEvent) -> Self:
        """The policy after one more change."""
        return type(self)(**asdict(event.to))
