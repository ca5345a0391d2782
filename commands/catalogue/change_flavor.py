"""Change a flavor's settings. Servers that were built with it stay as they are."""

from __future__ import annotations

import msgspec

from commands.catalogue.create_flavor import recorded
from commands.command import Command, Decision, Log
from commands.ledger.catalogue import as_expected, present
from commands.ledger.merging import merged
from domain.catalogue.flavor import Flavor, FlavorSettings


class ChangeFlavor(Command, frozen=True, kw_only=True):
    """Change what may change of a flavor; a field that is None stays.

    Extra specs that are not named stay, and those set to None are removed. ``access`` replaces the
    whole list of projects. ``expected``: the version that the caller decided on. Raises NotFound,
    StaleVersion, ExtraSpecInvalid.
    """

    flavor: str
    extra_specs: dict[str, str | None] = msgspec.field(default_factory=dict)
    scalable: bool | None = None
    public: bool | None = None
    description: str | None = None
    access: tuple[str, ...] | None = None
    expected: int | None = None
    reason: str = ""

    def decide(self, log: Log) -> Decision:
        """Record the new settings; nothing where they are so already."""
        stream = present(log, Flavor, self.flavor)
        as_expected(stream.version, self.expected)
        changed = stream.state.change(self._wanted(stream.state), self.reason)
        if changed.to == changed.was:
            return Decision([], recorded(self.flavor, stream.state, stream.version))
        changes = stream.record(changed)
        return Decision(
            changes, recorded(self.flavor, stream.state.after(changed), changes[-1].version)
        )

    def _wanted(self, now: Flavor) -> FlavorSettings:
        return FlavorSettings(
            extra_specs=merged(now.extra_specs, self.extra_specs),
            scalable=now.scalable if self.scalable is None else self.scalable,
            public=now.public if self.public is None else self.public,
            description=now.description if self.description is None else self.description,
            access=now.access if self.access is None else tuple(sorted(set(self.access))),
        )
