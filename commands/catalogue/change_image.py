"""Change an image. Servers that were built from it stay as they are."""

from __future__ import annotations

import msgspec

from commands.catalogue.create_image import recorded
from commands.command import Command, Decision, Log
from commands.ledger.catalogue import as_expected, present
from commands.ledger.merging import merged
from domain.catalogue.image import Image, ImageSettings


class ChangeImage(Command, frozen=True, kw_only=True):
    """Change an image; a field that is None stays.

    Properties that are not named stay, and those set to None are removed. ``min_memory_mib`` in
    MiB. ``expected``: the version that the caller decided on. Raises NotFound, StaleVersion,
    PropertyInvalid.
    """

    image: str
    name: str | None = None
    properties: dict[str, str | None] = msgspec.field(default_factory=dict)
    scalable: bool | None = None
    min_memory_mib: int | None = None
    template: str | None = None
    expected: int | None = None
    reason: str = ""

    def decide(self, log: Log) -> Decision:
        """Record the new settings; nothing where they are so already."""
        stream = present(log, Image, self.image)
        as_expected(stream.version, self.expected)
        template = None if self.template == stream.state.template else self.template
        changed = stream.state.change(
            self._wanted(stream.state), template=template, reason=self.reason
        )
        if changed.to == changed.was and template is None:
            return Decision([], recorded(self.image, stream.state, stream.version))
        changes = stream.record(changed)
        return Decision(
            changes, recorded(self.image, stream.state.after(changed), changes[-1].version)
        )

    def _wanted(self, now: Image) -> ImageSettings:
        least = now.min_memory_mib if self.min_memory_mib is None else self.min_memory_mib
        return ImageSettings(
            name=now.name if self.name is None else self.name,
            properties=merged(now.properties, self.properties),
            scalable=now.scalable if self.scalable is None else self.scalable,
            min_memory_mib=least,
        )
