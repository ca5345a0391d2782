"""The envelope: all that limits one server's live change now, as its hypervisor fixed it."""

from __future__ import annotations

from typing import Literal

import msgspec

from domain.shared.size import Size

MemoryBy = Literal["dimm", "virtio-mem", "balloon", "none"]


class Envelope(msgspec.Struct, frozen=True, kw_only=True, gc=False):
    """The sizes that can be reached without a restart.

    ``floor`` and ``ceiling`` are the least and the most. Memory changes in steps of
    ``memory_step_mib`` from what is allocated. ``memory_slots_left`` counts memory devices that can
    still be plugged, ``memory_slots_used`` those that are; None: not counted.
    """

    floor: Size
    ceiling: Size
    memory_by: MemoryBy
    memory_step_mib: int = 1
    memory_slots_left: int | None = None
    memory_slots_used: int | None = None
