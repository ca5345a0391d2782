"""What a host has, and what it can do for its servers."""

from __future__ import annotations

from typing import Any
from xml.etree import ElementTree as ET

import libvirt

from adapters.hypervisors.driver import HostFacts
from adapters.hypervisors.kvm import reasons
from adapters.hypervisors.kvm.definition import traits


def read(connection: Any) -> HostFacts:
    """libvirt's own numbers: all vCPUs that are online, all memory that there is."""
    vcpus = connection.getInfo()[2]
    kind = connection.getType()
    return HostFacts(
        vcpus=vcpus,
        memory_mib=_memory_mib(connection),
        traits=tuple(sorted(_traits(connection))),
        hypervisor=f"{kind} {_version(connection.getVersion())}",
    )


def _memory_mib(connection: Any) -> int:
    """The kernel's count. That of the NUMA cells may leave out what was plugged into the host."""
    try:
        stats = connection.getMemoryStats(libvirt.VIR_NODE_MEMORY_STATS_ALL_CELLS)
    except libvirt.libvirtError as e:
        if reasons.code(e) != libvirt.VIR_ERR_NO_SUPPORT:
            raise
        return int(connection.getInfo()[1])
    return int(stats["total"]) // 1024


def _traits(connection: Any) -> set[str]:
    host = ET.fromstring(connection.getCapabilities())  # noqa: S314 (libvirt wrote it)
    features = _features(connection, host)
    return traits.of_cpu(features) | traits.of_host(host) | traits.of_domains(_domains(connection))


def _features(connection: Any, host: ET.Element) -> set[str]:
    """Those of the CPU's model as well, which libvirt lists only when asked to spell it out."""
    cpu = host.find("./host/cpu")
    if cpu is None or cpu.find("model") is None:
        return set()
    expand = libvirt.VIR_CONNECT_BASELINE_CPU_EXPAND_FEATURES
    whole = _supported(lambda: connection.baselineCPU([ET.tostring(cpu, "unicode")], expand))
    found = cpu if whole is None else ET.fromstring(whole)  # noqa: S314 (libvirt wrote it)
    return {
        feature.get("name", "")
        for feature in found.iterfind("feature")
        if feature.get("policy", "require") == "require"
    }


def _domains(connection: Any) -> ET.Element | None:
    """What libvirt offers to domains here; not every driver can say."""
    xml = _supported(connection.getDomainCapabilities)
    return None if xml is None else ET.fromstring(xml)  # noqa: S314 (libvirt wrote it)


def _supported(ask: Any) -> str | None:
    try:
        return str(ask())
    except libvirt.libvirtError as e:
        if reasons.code(e) in {libvirt.VIR_ERR_NO_SUPPORT, libvirt.VIR_ERR_CONFIG_UNSUPPORTED}:
            return None
        raise


def _version(number: int) -> str:
    """libvirt's 7002022 is 7.2.22."""
    return f"{number // 1_000_000}.{number // 1_000 % 1_000}.{number % 1_000}"
