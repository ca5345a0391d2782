"""What is changed in a description, and how it is afterwards."""

from __future__ import annotations

from collections.abc import Mapping

import msgspec
from msgspec import UNSET, UnsetType
from msgspec.structs import replace

from domain.server.values import Description
from domain.shared.events import Event


class DescriptionPart(msgspec.Struct, frozen=True, kw_only=True, gc=False):
    """What of a description changes; all that is not there stays. ``metadata``: those that change,
    by their keys; None: there is none of that key."""

    name: str | UnsetType = UNSET
    description: str | UnsetType | None = UNSET
    metadata: dict[str, str | None] | UnsetType = UNSET
    access_ipv4: str | UnsetType = UNSET
    access_ipv6: str | UnsetType = UNSET
    hostname: str | UnsetType | None = UNSET


class DescriptionChanged(Event, frozen=True, kw_only=True, tag="server.description-changed"):
    """Name, description, metadata, addresses or host name were changed. Holds only what changed:
    what is said of a server can be long, and is changed as often as one likes."""

    was: DescriptionPart
    to: DescriptionPart
    reason: str = ""


_FIELDS = ("name", "description", "access_ipv4", "access_ipv6", "hostname")


def changed(was: Description, to: Description, *, reason: str = "") -> list[DescriptionChanged]:
    """The event of the change; none where nothing changes."""
    if was == to:
        return []
    return [DescriptionChanged(was=_part(was, to), to=_part(to, was), reason=reason)]


def with_part(described: Description, part: DescriptionPart) -> Description:
    """The description with that part of it as it is there."""
    fields = {name: getattr(part, name) for name in _FIELDS}
    metadata = described.metadata
    if part.metadata is not UNSET:
        both = {**metadata, **part.metadata}
        metadata = {key: value for key, value in both.items() if value is not None}
    given = {name: value for name, value in fields.items() if value is not UNSET}
    return replace(described, metadata=metadata, **given)


def _part(one: Description, other: Description) -> DescriptionPart:
    """Of ``one`` what is not so in the other."""
    fields = {name: getattr(one, name) for name in _FIELDS}
    differ = {name: value for name, value in fields.items() if value != getattr(other, name)}
    metadata = _differing(one.metadata, other.metadata)
    return DescriptionPart(metadata=metadata or UNSET, **differ)


def _differing(one: Mapping[str, str], other: Mapping[str, str]) -> dict[str, str | None]:
    keys = [*one, *(key for key in other if key not in one)]
    return {key: one.get(key) for key in keys if one.get(key) != other.get(key)}
