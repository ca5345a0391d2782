"""Extra specs of the namespaces that are known, as Nova validates them from 2.86 on.

Those of Nova 34, and what says here how far a server may be scaled; a namespace that is not known
passes, and so do keys without one.
"""

from __future__ import annotations

import re
from collections.abc import Callable

from adapters.http.compute.faults import Fault
from adapters.http.compute.words import truth
from domain import traits
from domain.scalability import MAX_MEMORY, MAX_VCPUS

Check = Callable[[str], str | None]
"""What is wrong with a value; None where nothing is."""


def check(key: str, value: str) -> None:
    """Raises Fault."""
    namespace, colon, _ = key.partition(":")
    if not colon or namespace not in _NAMESPACES:
        return
    rule = _KEYS.get(key) or next((r for form, r in _FORMS if form.fullmatch(key)), None)
    if rule is None:
        wrong: str | None = f"extra spec '{key}' does not appear to be a valid extra spec."
    else:
        wrong = rule(value)
    if wrong:
        raise Fault(400, f"Validation failed; {wrong}")


def _truth(value: str) -> str | None:
    try:
        truth(value)
    except ValueError:
        return f"'{value}' is not a valid boolean-like value."
    return None


def _least(least: int, most: int | None = None) -> Check:
    def checked(value: str) -> str | None:
        try:
            number = int(value)
        except ValueError:
            return f"'{value}' is not a valid integer value."
        if most is not None and most < number:
            return f"'{number}' is greater than the max value of '{most}'."
        if number < least:
            return f"'{number}' is less than the min value of '{least}'."
        return None

    return checked


def _one_of(*words: str) -> Check:
    def checked(value: str) -> str | None:
        return None if value in words else f"'{value}' is not one of: {', '.join(words)}."

    return checked


def _form(pattern: str) -> Check:
    def checked(value: str) -> str | None:
        matches = re.fullmatch(pattern, value)
        return None if matches else f"'{value}' is not of the format '{pattern}'."

    return checked


_CPUS = _form(r"\^?\d+((-\d+)?(,\^?\d+(-\d+)?)?)*")
_COUNT, _FROM_NONE = _least(1), _least(0)
_KEYS: dict[str, Check] = {
    MAX_VCPUS: _COUNT,
    MAX_MEMORY: _COUNT,
    "hw:cpu_realtime": _truth,
    "hw:cpu_realtime_mask": _CPUS,
    "hw:hide_hypervisor_id": _truth,
    "hw:cpu_policy": _one_of("dedicated", "shared", "mixed"),
    "hw:cpu_thread_policy": _one_of("prefer", "isolate", "require"),
    "hw:emulator_threads_policy": _one_of("isolate", "share"),
    "hw:cpu_dedicated_mask": _CPUS,
    "hw:mem_page_size": _form(r"(large|small|any|\d+([kKMGT]i?)?(b|bit|B)?)"),
    "hw:locked_memory": _truth,
    "hw:numa_nodes": _COUNT,
    "hw:pci_numa_affinity_policy": _one_of("required", "preferred", "legacy", "socket"),
    **{f"hw:cpu_{most}{of}": _COUNT for most in ("", "max_") for of in ("sockets", "cores")},
    **{f"hw:cpu_{most}threads": _COUNT for most in ("", "max_")},
    "hw:boot_menu": _truth,
    "hw:vif_multiqueue_enabled": _truth,
    "hw:mem_encryption": _truth,
    "hw:mem_encryption_model": _one_of("amd-sev", "amd-sev-es", "amd-sev-snp", "intel-tdx"),
    "hw:pmem": _form(r"[a-zA-Z0-9_,]*[a-zA-Z0-9_]+,?"),
    "hw:pmu": _truth,
    "hw:serial_port_count": _FROM_NONE,
    "hw:tpm_model": _one_of("tpm-tis", "tpm-crb"),
    "hw:tpm_version": _one_of("1.2", "2.0"),
    "hw:tpm_secret_security": _one_of("user", "host", "deployment"),
    "hw:watchdog_action": _one_of("none", "pause", "poweroff", "reset", "disabled"),
    "hw:viommu_model": _one_of("intel", "smmuv3", "virtio", "auto"),
    "hw:virtio_packed_ring": _truth,
    "hw:sound_model": _one_of(
        *("sb16", "es1370", "pcspk", "ac97", "ich6", "ich9", "usb", "virtio")
    ),
    "hw:usb_model": _one_of("none", "nec-xhci", "qemu-xhci"),
    "hw:redirected_usb_ports": _least(0, 15),
    "hw:ephemeral_encryption": _truth,
    "hw:ephemeral_encryption_format": _one_of("plain", "luks", "luksv2"),
    "hw_rng:allowed": _truth,
    "hw_rng:rate_bytes": _FROM_NONE,
    "hw_rng:rate_period": _FROM_NONE,
    "hw_video:ram_max_mb": _FROM_NONE,
    "os:secure_boot": _one_of("disabled", "required"),
}
_FORMS: tuple[tuple[re.Pattern[str], Check], ...] = (
    (re.compile(r"hw:numa_cpus\.\d+"), _CPUS),
    (re.compile(r"hw:numa_mem\.\d+"), _COUNT),
    # A trait that may not be there is not served: the flavor itself refuses it.
    (re.compile(rf"{traits.PREFIX}\w+"), _one_of("required", "forbidden")),
)
_NAMESPACES = frozenset({"hw", "hw_rng", "hw_video", "os", "trait"})
