"""What a host says of itself, in the words of OpenStack."""

from __future__ import annotations

import os
import re
from uuid import uuid4
from xml.etree import ElementTree as ET

import pytest

from adapters.hypervisors.failures import DriverUnavailable
from adapters.hypervisors.kvm import Kvm
from adapters.hypervisors.kvm.definition import traits
from tests.adapters.hypervisors.kvm.hosts import Host, QemuHost

# From the files of os-traits 3.9.
NAMES = re.compile(
    r"HW_CPU_HYPERTHREADING|HW_CPU_X86_\w+|COMPUTE_(ARCH|FIRMWARE|GRAPHICS_MODEL|MIGRATE|SECURITY"
    r"|STORAGE_BUS)_\w+"
)


def test_a_host_has_vcpus_and_memory(host: Host) -> None:
    facts = host.driver.read_host()
    assert facts.vcpus > 0
    assert facts.memory_mib > 0
    assert facts.traits == tuple(sorted(set(facts.traits)))
    assert all(NAMES.fullmatch(trait) for trait in facts.traits)


@pytest.mark.xdist_group("guest")
def test_a_real_host_is_this_machine(qemu_host: QemuHost) -> None:
    facts = qemu_host.driver.read_host()
    assert facts.vcpus == os.cpu_count()
    assert facts.memory_mib == os.sysconf("SC_PHYS_PAGES") * os.sysconf("SC_PAGE_SIZE") >> 20
    assert facts.hypervisor.startswith("QEMU ")
    assert {"COMPUTE_ARCH_X86_64", "COMPUTE_STORAGE_BUS_VIRTIO", "HW_CPU_X86_SSE2"} <= set(
        facts.traits
    )


def test_a_host_that_does_not_answer_is_unavailable() -> None:
    with pytest.raises(DriverUnavailable):
        Kvm(f"qemu:///session?socket=/nowhere/{uuid4()}").read_host()


def test_only_traits_that_a_host_has_are_reported() -> None:
    text = """<domainCapabilities><os><enum name='firmware'><value>efi</value></enum>
    <loader supported='yes'><enum name='secure'><value>no</value></enum></loader></os>
    <devices><tpm supported='no'><enum name='model'><value>tpm-crb</value></enum></tpm>
    <video supported='yes'><enum name='modelType'><value>qxl</value><value>new</value></enum>
    </video></devices></domainCapabilities>"""
    found = ET.fromstring(text)  # noqa: S314 (our own)
    assert traits.of_domains(found) == {
        "COMPUTE_FIRMWARE_UEFI",
        "COMPUTE_GRAPHICS_MODEL_QXL",
    }
    assert traits.of_domains(None) == set()
    assert traits.of_cpu({"avx2", "unheard-of"}) == {"HW_CPU_X86_AVX2"}
