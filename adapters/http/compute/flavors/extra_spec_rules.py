"""Extra specs of the namespaces that are known, as Nova validates them from 2.86 on.

Those of Nova 34, and what says here how far a server may be scaled; what is of another namespace
passes, and so do other keys without one.
"""

from __future__ import annotations

import re

import os_resource_classes
import os_traits

from adapters.http.compute.flavors.extra_spec_values import (
    Check,
    anything,
    at_least,
    boolean,
    integer,
    of_form,
    one_of,
)
from adapters.http.compute.gateway.faults import Fault
from domain.catalogue.scalability import MAX_MEMORY, MAX_VCPUS


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


_CPUS = of_form(r"\^?\d+((-\d+)?(,\^?\d+(-\d+)?)?)*")
_COUNT, _FROM_NONE = at_least(1), at_least(0)
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
    "hw:cpu_realtime": boolean,
    "hw:cpu_realtime_mask": of_form(r"(\^)?\d+((-\d+)?(,\^?\d+(-\d+)?)?)*"),
    "hw:hide_hypervisor_id": boolean,
    "hw:cpu_policy": one_of("dedicated", "shared", "mixed"),
    "hw:cpu_thread_policy": one_of("prefer", "isolate", "require"),
    "hw:emulator_threads_policy": one_of("isolate", "share"),
    "hw:cpu_dedicated_mask": _CPUS,
    "hw:mem_page_size": of_form(r"(large|small|any|\d+([kKMGT]i?)?(b|bit|B)?)"),
    "hw:locked_memory": boolean,
    "hw:numa_nodes": _COUNT,
    "hw:pci_numa_affinity_policy": one_of("required", "preferred", "legacy", "socket"),
    **{f"hw:cpu_{most}{of}": _COUNT for most in ("", "max_") for of in ("sockets", "cores")},
    **{f"hw:cpu_{most}threads": _COUNT for most in ("", "max_")},
    "hw:boot_menu": boolean,
    "hw:vif_multiqueue_enabled": boolean,
    "hw:mem_encryption": boolean,
    "hw:mem_encryption_model": one_of("amd-sev", "amd-sev-es", "amd-sev-snp", "intel-tdx"),
    "hw:pmem": of_form("[a-zA-Z0-9_]+(,[a-zA-Z0-9_]+)*,?", "([a-zA-Z0-9_]+(,)?)+"),
    "hw:pmu": boolean,
    "hw:serial_port_count": _FROM_NONE,
    "hw:tpm_model": one_of("tpm-tis", "tpm-crb"),
    "hw:tpm_version": one_of("1.2", "2.0"),
    "hw:tpm_secret_security": one_of("user", "host", "deployment"),
    "hw:watchdog_action": one_of("none", "pause", "poweroff", "reset", "disabled"),
    "hw:viommu_model": one_of("intel", "smmuv3", "virtio", "auto"),
    "hw:virtio_packed_ring": boolean,
    "hw:sound_model": one_of(*("sb16", "es1370", "pcspk", "ac97", "ich6", "ich9", "usb", "virtio")),
    "hw:usb_model": one_of("none", "nec-xhci", "qemu-xhci"),
    "hw:redirected_usb_ports": at_least(0, 15),
    "hw:ephemeral_encryption": boolean,
    "hw:ephemeral_encryption_format": one_of("plain", "luks", "luksv2"),
    "hw_rng:allowed": boolean,
    "hw_rng:rate_bytes": _FROM_NONE,
    "hw_rng:rate_period": _FROM_NONE,
    "hw_video:ram_max_mb": _FROM_NONE,
    "os:secure_boot": one_of("disabled", "required"),
    "hide_hypervisor_id": boolean,
    "group_policy": one_of("isolate", "none"),
    "accel:device_profile": anything,
    "pci_passthrough:alias": of_form(r"[^:]+:\d+(?:\s*,\s*[^:]+:\d+)*"),
    "vmware:hw_version": anything,
    "vmware:storage_policy": anything,
    "quota:cpu_shares": _FROM_NONE,
    "quota:cpu_period": _FROM_NONE,
    "quota:cpu_quota": integer,
    **{f"quota:{of}_limit": _FROM_NONE for of in _SHARED},
    **{f"quota:{of}_reservation": integer for of in _SHARED},
    **{f"quota:{of}_shares_share": _FROM_NONE for of in _SHARED},
    **{f"quota:{of}_shares_level": one_of("custom", "high", "normal", "low") for of in _SHARED},
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
    **{f"capabilities:{of}": anything for of in _OF_HOSTS},
}
_GROUP = "[a-zA-Z0-9_-]{0,64}"
_TRAITS, _CLASSES = "|".join(os_traits.get_traits()), "|".join(os_resource_classes.STANDARDS)
_FORMS: tuple[tuple[re.Pattern[str], Check], ...] = (
    (re.compile(r"hw:numa_cpus\.\d+"), _CPUS),
    (re.compile(r"hw:numa_mem\.\d+"), _COUNT),
    # A trait that may not be there is not served: the flavor itself refuses it.
    (
        re.compile(rf"trait{_GROUP}:({_TRAITS}|CUSTOM_[A-Z0-9_]+)"),
        one_of("required", "forbidden"),
    ),
    (re.compile(rf"resources{_GROUP}:({_CLASSES}|CUSTOM_[A-Z0-9_]+)"), integer),
    (re.compile("aggregate_instance_extra_specs:.+"), anything),
    (re.compile(rf"capabilities:({'|'.join(_OF_HOSTS_IN_PARTS)})(:\w+)*"), anything),
)
_NAMESPACES = re.compile(
    rf"(trait{_GROUP}|resources{_GROUP}|accel|aggregate_instance_extra_specs|capabilities|hw|hw_rng"
    "|hw_video|os|pci_passthrough|quota|vmware):"
)
