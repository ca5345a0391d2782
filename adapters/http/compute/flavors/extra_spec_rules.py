"""Extra specs of the namespaces that are known, as Nova validates them from 2.86 on.

Those of Nova 34, and what says here how far a server may be scaled; what is of another namespace
passes, and so do other keys without one.
"""

from __future__ import annotations

import re
from collections.abc import Callable

import os_resource_classes
import os_traits

from adapters.http.compute.gateway.faults import Fault
from adapters.http.compute.gateway.truth import truth
from domain.catalogue.scalability import MAX_MEMORY, MAX_VCPUS

Check = Callable[[str], str | None]
"""What is wrong with a value; None where nothing is."""


def check(key: str, value: str) -> None:
    """Check an extra spec as Nova validates it. Raises Fault."""
    rule = _KEYS.get(key) or next((r for form, r in _FORMS if form.fullmatch(key)), None)
    if rule:
        wrong = rule(value)
    elif _NAMESPACES.match(key):
        wrong = f"extra spec '{key}' does not appear to be a valid extra spec."
    else:
        wrong = None
    if wrong:
        raise Fault(400, f"Validation failed; {wrong}")


def _truth(value: str) -> str | None:
    try:
        truth(value)
    except ValueError:
        return f"'{value}' is not a valid boolean-like value."
    return None


def _whole(value: str) -> str | None:
    try:
        int(value)
    except ValueError:
        return f"'{value}' is not a valid integer value."
    return None


def _least(least: int, most: int | None = None) -> Check:
    def checked(value: str) -> str | None:
        if wrong := _whole(value):
            return wrong
        number = int(value)
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


def _form(pattern: str, nova: str = "") -> Check:
    """``nova``: its own pattern, where looking for that would take for ever."""

    def checked(value: str) -> str | None:
        matches = re.fullmatch(pattern, value)
        return None if matches else f"'{value}' is not of the format '{nova or pattern}'."

    return checked


def _anything(_: str) -> str | None:
    return None


_CPUS = _form(r"\^?\d+((-\d+)?(,\^?\d+(-\d+)?)?)*")
_COUNT, _FROM_NONE = _least(1), _least(0)
_SHARED = ("cpu", "memory", "disk_io", "vif")
_OF_HOSTS = (
    *("id", "uuid", "service_id", "host", "vcpus", "memory_mb", "local_gb", "vcpus_used"),
    *("memory_mb_used", "local_gb_used", "hypervisor_type", "hypervisor_version"),
    *("hypervisor_hostname", "free_ram_mb", "free_disk_gb", "current_workload", "running_vms"),
    *("disk_available_least", "host_ip", "mapped", "cpu_allocation_ratio", "ram_allocation_ratio"),
    *("disk_allocation_ratio", "total_usable_ram_mb", "total_usable_disk_gb", "disk_mb_used"),
    *("free_disk_mb", "vcpus_total", "num_instances", "num_io_ops", "failed_builds", "aggregates"),
    *("cell_uuid", "updated"),
)
_OF_HOSTS_IN_PARTS = (
    *("cpu_info", "metrics", "stats", "numa_topology", "supported_hv_specs", "pci_device_pools"),
    *("nodename", "pci_stats", "supported_instances", "limits", "instances"),
)
_KEYS: dict[str, Check] = {
    MAX_VCPUS: _COUNT,
    MAX_MEMORY: _COUNT,
    "hw:cpu_realtime": _truth,
    "hw:cpu_realtime_mask": _form(r"(\^)?\d+((-\d+)?(,\^?\d+(-\d+)?)?)*"),
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
    "hw:pmem": _form("[a-zA-Z0-9_]+(,[a-zA-Z0-9_]+)*,?", "([a-zA-Z0-9_]+(,)?)+"),
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
    "hide_hypervisor_id": _truth,
    "group_policy": _one_of("isolate", "none"),
    "accel:device_profile": _anything,
    "pci_passthrough:alias": _form(r"[^:]+:\d+(?:\s*,\s*[^:]+:\d+)*"),
    "vmware:hw_version": _anything,
    "vmware:storage_policy": _anything,
    "quota:cpu_shares": _FROM_NONE,
    "quota:cpu_period": _FROM_NONE,
    "quota:cpu_quota": _whole,
    **{f"quota:{of}_limit": _FROM_NONE for of in _SHARED},
    **{f"quota:{of}_reservation": _whole for of in _SHARED},
    **{f"quota:{of}_shares_share": _FROM_NONE for of in _SHARED},
    **{f"quota:{of}_shares_level": _one_of("custom", "high", "normal", "low") for of in _SHARED},
    **{
        f"quota:disk_{of}_{what}_sec": _FROM_NONE
        for of in ("read", "write", "total")
        for what in ("bytes", "iops")
    },
    **{
        f"quota:vif_{way}_{what}": _FROM_NONE
        for way in ("inbound", "outbound")
        for what in ("average", "peak", "burst")
    },
    **{f"capabilities:{of}": _anything for of in _OF_HOSTS},
}
_GROUP = "[a-zA-Z0-9_-]{0,64}"
_TRAITS, _CLASSES = "|".join(os_traits.get_traits()), "|".join(os_resource_classes.STANDARDS)
_FORMS: tuple[tuple[re.Pattern[str], Check], ...] = (
    (re.compile(r"hw:numa_cpus\.\d+"), _CPUS),
    (re.compile(r"hw:numa_mem\.\d+"), _COUNT),
    # A trait that may not be there is not served: the flavor itself refuses it.
    (
        re.compile(rf"trait{_GROUP}:({_TRAITS}|CUSTOM_[A-Z0-9_]+)"),
        _one_of("required", "forbidden"),
    ),
    (re.compile(rf"resources{_GROUP}:({_CLASSES}|CUSTOM_[A-Z0-9_]+)"), _whole),
    (re.compile("aggregate_instance_extra_specs:.+"), _anything),
    (re.compile(rf"capabilities:({'|'.join(_OF_HOSTS_IN_PARTS)})(:\w+)*"), _anything),
)
_NAMESPACES = re.compile(
    rf"(trait{_GROUP}|resources{_GROUP}|accel|aggregate_instance_extra_specs|capabilities|hw|hw_rng"
    "|hw_video|os|pci_passthrough|quota|vmware):"
)
