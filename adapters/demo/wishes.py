"""What the story asks for, by what the machine has and can have."""

from __future__ import annotations

import msgspec

from domain.resources import Amounts
from domain.size import Size

_MORE_VCPUS = 2
_MORE_MIB = 256
_FAR_MORE_MIB = 1280


class Wishes(msgspec.Struct, frozen=True, kw_only=True):
    """``to`` is granted; ``ceiling`` is more than ``quota`` leaves; ``other`` can be had then."""

    to: Size
    ceiling: Size
    quota: Amounts
    other: Size


def wishes(size: Size, most: Size) -> Wishes:
    """For a machine of that size that can have so much live: more, as far as it can."""
    to = Size(min(size.vcpus + _MORE_VCPUS, most.vcpus), size.memory_mib + _MORE_MIB)
    other = to.vcpus + 1 if to.vcpus < most.vcpus else to.vcpus - 1
    return Wishes(
        to=to,
        ceiling=Size(most.vcpus, size.memory_mib + _MORE_MIB + _FAR_MORE_MIB),
        quota={"instances": 5, "cores": to.vcpus + 1, "ram": to.memory_mib + _MORE_MIB},
        other=Size(other, to.memory_mib),
    )


def options(size: Size) -> tuple[str, ...]:
    """As it is typed."""
    return ("--vcpus", str(size.vcpus), "--memory", f"{size.memory_mib}MiB")
