"""Whether a server may be scaled, and how far, by what its flavor and its image say."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import NamedTuple

import msgspec

MAX_VCPUS, MAX_MEMORY = "hw:max_vcpus", "hw:max_memory_mb"
"""A flavor's extra specs: the most vCPUs and MiB of its servers."""

IMAGE_MAX_VCPUS, IMAGE_MAX_MEMORY = "hw_max_vcpus", "hw_max_memory_mb"
"""The same as an image's properties."""

# As many digits as a bigint surely holds.
_COUNT = re.compile(r"[1-9][0-9]{0,17}")


class Maxima(msgspec.Struct, frozen=True, kw_only=True, gc=False):
    """The most that a server may have: vCPUs, and memory in MiB.

    None: it cannot be scaled in that dimension. ``ignored``: properties of the image without
    effect, as they are not below the flavor's.
    """

    vcpus: int | None
    memory_mib: int | None
    ignored: tuple[str, ...] = ()


class _Most(NamedTuple):
    value: int | None
    ignored: tuple[str, ...]


def maxima(extra_specs: Mapping[str, str], properties: Mapping[str, str]) -> Maxima:
    """The maxima that flavor and image set together.

    The image's counts only if it is lower than the flavor's, or the only one (Nova, "Scale servers
    - vcpus and memory").
    """
    vcpus = _most(extra_specs.get(MAX_VCPUS), properties, IMAGE_MAX_VCPUS)
    memory = _most(extra_specs.get(MAX_MEMORY), properties, IMAGE_MAX_MEMORY)
    return Maxima(
        vcpus=vcpus.value, memory_mib=memory.value, ignored=vcpus.ignored + memory.ignored
    )


def closed(*, region: bool, flavor: bool, image: bool, server: bool) -> tuple[str, ...]:
    """The flags that forbid scaling: of region, flavor, image, server.

    A server is scalable only if all four allow it (CloudStack, "Dynamic scaling of CPU and RAM").
    """
    if region and flavor and image and server:  # of nearly every server
        return ()
    flags = {"region": region, "flavor": flavor, "image": image, "server": server}
    return tuple(name for name, open_ in flags.items() if not open_)


def count(written: str) -> int | None:
    """The whole number above 0 that ``written`` spells; None: it spells none."""
    return int(written) if _COUNT.fullmatch(written) else None


def _most(of_flavor: str | None, properties: Mapping[str, str], name: str) -> _Most:
    flavor, image = count(of_flavor or ""), count(properties.get(name, ""))
    if flavor is None or image is None:
        return _Most(image if flavor is None else flavor, ())
    return _Most(image, ()) if image < flavor else _Most(flavor, (name,))
