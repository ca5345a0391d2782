"""What a flavor and an image make of a server: its size, and how far it may be scaled."""

from __future__ import annotations

from collections.abc import Iterable

from domain.catalogue.flavor import Flavor
from domain.catalogue.scalability import maxima
from domain.server import FlavorTerms
from domain.shared.request_spec import FlavorCopy, ImageCopy
from domain.shared.size import Size
from domain.shared.traits import required


def terms(
    id: str, flavor: Flavor, image: ImageCopy | None, traits: Iterable[str] = ()
) -> FlavorTerms:
    """The terms by flavor and image. ``traits`` are required beside those of flavor and image."""
    properties = image.properties if image else {}
    size = Size(flavor.vcpus, flavor.memory_mib)
    most = maxima(flavor.extra_specs, properties)
    return FlavorTerms(
        flavor=FlavorCopy(
            id=id,
            name=flavor.name,
            vcpus=flavor.vcpus,
            memory_mib=flavor.memory_mib,
            extra_specs=flavor.extra_specs,
            scalable=flavor.scalable,
            disk_gib=flavor.disk_gib,
            ephemeral_gib=flavor.ephemeral_gib,
            swap_mib=flavor.swap_mib,
        ),
        size=size,
        ceiling=_ceiling(most.vcpus, most.memory_mib, size),
        traits=tuple(sorted({*traits, *required(flavor.extra_specs, properties)})),
        max_vcpus=most.vcpus,
        max_memory_mib=most.memory_mib,
    )


def _ceiling(vcpus: int | None, memory_mib: int | None, size: Size) -> Size | None:
    """The ceiling; a dimension that nobody named a maximum for stays at ``size``."""
    if vcpus is None and memory_mib is None:
        return None
    return Size(vcpus or size.vcpus, memory_mib or size.memory_mib).max_with(size)
