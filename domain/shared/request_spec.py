"""The request spec: how a server was asked for, used again for every later placement."""

from __future__ import annotations

from uuid import UUID

import msgspec
from msgspec.structs import replace

from domain.shared.size import Size


class FlavorCopy(msgspec.Struct, frozen=True, kw_only=True, gc=False):
    """The flavor as it was when the server was asked for; later changes do not reach it."""

    id: str
    name: str
    vcpus: int
    memory_mib: int
    extra_specs: dict[str, str] = {}
    scalable: bool = True
    disk_gib: int = 0
    ephemeral_gib: int = 0
    swap_mib: int = 0


class ImageCopy(msgspec.Struct, frozen=True, kw_only=True, gc=False):
    """The image as it was when the server was asked for."""

    id: str
    name: str
    properties: dict[str, str] = {}
    scalable: bool = True


class RequestSpec(msgspec.Struct, frozen=True, kw_only=True, gc=False):
    """What later placements must respect (Nova, "Persist RequestSpec object").

    ``size``: asked for last, and reached; None: never asked for, as of an adopted server.
    ``max_vcpus`` and ``max_memory_mib`` (MiB): what flavor and image allow without building anew;
    None: not scalable in that dimension. ``traits``: a host must have them all. ``version`` counts
    the changes. ``launch``: shared by the servers that were asked for together (Nova's
    reservation_id), of which this is the one of that ``launch_index``.
    """

    version: int = 1
    size: Size | None = None
    flavor: FlavorCopy | None = None
    image: ImageCopy | None = None
    traits: tuple[str, ...] = ()
    zone: str = ""
    pool: str = ""
    group: UUID | None = None
    hints: dict[str, str] = {}
    max_vcpus: int | None = None
    max_memory_mib: int | None = None
    launch: str = msgspec.field(default="", name="reservation")
    launch_index: int = 0


def limited(spec: RequestSpec, ceiling: Size | None) -> RequestSpec:
    """The spec with the instance's limits replaced by an operator's ceiling; None: not scalable."""
    return replace(
        spec,
        version=spec.version + 1,
        max_vcpus=ceiling.vcpus if ceiling else None,
        max_memory_mib=ceiling.memory_mib if ceiling else None,
    )
