"""What the story asks for, by what the machine has and can have."""

from __future__ import annotations

import msgspec

from domain.shared.resources import Amounts
from domain.shared.size import Size

_MORE_VCPUS = 2
_MORE_MIB = 256
_FAR_MORE_MIB = 1280


class StorySizes(msgspec.Struct, frozen=True, kw_only=True):
    """``to`` is granted; ``ceiling`` is more than ``quota`` leaves; ``larger`` is what the second
    act asks for, in a quota of ``larger_quota``."""

    to: Size
    ceiling: Size
    quota: Amounts
    larger: Size
    larger_quota: Amounts


def sizes_for(size: Size, most: Size) -> StorySizes:
    """For a machine of that size that can have so much live: more, as far as it can."""
    to = Size(min(size.vcpus + _MORE_VCPUS, most.vcpus), size.memory_mib + _MORE_MIB)
    ceiling = Size(most.vcpus, size.memory_mib + _MORE_MIB + _FAR_MORE_MIB)
    return StorySizes(
        to=to,
        ceiling=ceiling,
        quota={"instances": 5, "cores": to.vcpus + 1, "ram": to.memory_mib + _MORE_MIB},
        larger=Size(most.vcpus, to.memory_mib + 2 * _MORE_MIB),
        larger_quota={"cores": 2 * most.vcpus, "ram": 2 * ceiling.memory_mib},
    )


def other(size: Size, most: Size) -> Size:
    """Something else that can be had live by who has that size."""
    if size.vcpus < most.vcpus:
        return Size(size.vcpus + 1, size.memory_mib)
    return Size(size.vcpus, size.memory_mib + _MORE_MIB)


def options(size: Size) -> tuple[str, ...]:
    """As it is typed."""
    return ("--vcpus", str(size.vcpus), "--memory", f"{size.memory_mib}MiB")
