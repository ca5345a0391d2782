"""What one domain can become without a restart."""

from __future__ import annotations

from adapters.hypervisors.failures import DriverNeedsRestart, DriverRefused
from adapters.hypervisors.kvm.definition.domain_xml import Definition
from adapters.hypervisors.kvm.definition.reading import Reading
from domain.shared.envelope import Envelope, MemoryBy
from domain.shared.size import Size

# Linux takes memory in blocks of 128 MiB. One DIMM of another size lets every later one fail too
# until the guest is powered off, and neither libvirt nor QEMU says so.
DIMM_STEP_MIB = 128
# The test driver takes any size, and so would a balloon: a guest needs something to live in.
LEAST_MIB = 64


def allocated(definition: Definition) -> Size:
    return Size(definition.vcpus, definition.allocated_mib)


def envelope(now: Reading) -> Envelope:
    """The live limits, cut by those of the next start: both take every change."""
    by = memory_by(now.live)
    least, most, step = _memory_range(now.live, by)
    slots = _slots_left(now)
    if by == "dimm" and not slots:
        most = least
    return Envelope(
        floor=Size(_least_vcpus(now.live), least),
        ceiling=Size(_both(now, "vcpus_max"), most),
        memory_by=by,
        memory_step_mib=step,
        memory_slots_left=slots,
        memory_slots_used=len(now.live.devices) if now.live.slots else None,
    )


def memory_by(definition: Definition) -> MemoryBy:
    if definition.kind == "test":
        return "balloon"
    if definition.virtio_mem is not None:
        return "virtio-mem"
    return "dimm" if definition.slots else "none"


def check(now: Reading, to: Size) -> None:
    """Sends nothing. Raises DriverRefused or DriverNeedsRestart where it cannot be done live."""
    limits, size = envelope(now), allocated(now.live)
    if to.vcpus != size.vcpus:
        _within("vCPUs", to.vcpus, limits.floor.vcpus, limits.ceiling.vcpus)
    if to.memory_mib != size.memory_mib:
        _check_memory(now, to.memory_mib, limits)


def _check_memory(now: Reading, mib: int, limits: Envelope) -> None:
    if limits.memory_by == "none":
        raise DriverNeedsRestart("the server was built without a way to plug memory")
    if is_ballooned(now.live):
        raise DriverRefused(
            f"somebody's balloon holds the guest at {now.live.ballooned_to} MiB of"
            f" {now.live.allocated_mib}: plugging or unplugging now could starve it"
        )
    if limits.memory_by == "dimm" and not limits.memory_slots_left:
        raise DriverNeedsRestart("every memory slot is taken")
    _within("MiB", mib, limits.floor.memory_mib, limits.ceiling.memory_mib)
    if odd := (mib - limits.floor.memory_mib) % limits.memory_step_mib:
        raise DriverRefused(
            f"memory moves in steps of {limits.memory_step_mib} MiB:"
            f" {mib - odd} or {mib - odd + limits.memory_step_mib} MiB would fit, {mib} does not"
        )


def _within(unit: str, asked: int, least: int, most: int) -> None:
    if asked > most:
        raise DriverNeedsRestart(f"{asked} {unit} asked, at most {most} without a restart")
    if asked < least:
        raise DriverNeedsRestart(f"{asked} {unit} asked, at least {least} without a restart")


def is_ballooned(definition: Definition) -> bool:
    return definition.kind != "test" and definition.ballooned_to < definition.allocated_mib


def _memory_range(live: Definition, by: MemoryBy) -> tuple[int, int, int]:
    """Least and most MiB, and the step between them."""
    now = live.allocated_mib
    if by == "balloon":
        return min(LEAST_MIB, live.total_mib), live.total_mib, 1
    if by == "virtio-mem" and (device := live.virtio_mem):
        base = now - device.current_mib
        return base, base + device.size_mib, device.block_mib
    if by == "dimm":
        return now, now + _down_to_step(live.max_memory_mib - now), DIMM_STEP_MIB
    return now, now, 1


def _down_to_step(mib: int) -> int:
    return max(0, mib - mib % DIMM_STEP_MIB)


def _least_vcpus(live: Definition) -> int:
    """Unplugging a vCPU under QEMU's own emulator corrupts its heap (measured, QEMU 7.2)."""
    if live.kind == "test":
        return 1
    if live.kind != "kvm" or live.fixed_vcpus is None:
        return live.vcpus
    return max(1, live.fixed_vcpus)


def _slots_left(now: Reading) -> int | None:
    if now.live.kind == "test" or not now.live.slots:
        return None
    sides = [now.live] if now.config is None else [now.live, now.config]
    taken = [len(side.devices) + bool(side.unrecorded_mib) for side in sides]
    return max(0, min(side.slots - n for side, n in zip(sides, taken, strict=True)))


def _both(now: Reading, field: str) -> int:
    most: int = getattr(now.live, field)
    return most if now.config is None else min(most, getattr(now.config, field))
