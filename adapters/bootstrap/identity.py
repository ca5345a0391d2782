"""The Keystone that the settings name, if any."""

from __future__ import annotations

from typing import TYPE_CHECKING

from adapters.settings import Settings

if TYPE_CHECKING:
    from adapters.keystone.keystone import Keystone


def from_keystone(settings: Settings) -> Keystone | None:
    """The Keystone whose tokens are taken too; None: there is none."""
    if not settings.keystone_url:
        return None
    # Its libraries take time to load and room, which those without a Keystone are spared.
    from adapters.keystone.keystone import Keystone  # noqa: PLC0415

    return Keystone(settings)
