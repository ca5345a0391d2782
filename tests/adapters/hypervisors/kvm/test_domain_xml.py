"""What is read out of libvirt's XML. The texts are what libvirt 9.0 wrote, cut to what counts."""

from __future__ import annotations

from uuid import UUID

import pytest

from adapters.hypervisors.failures import DriverNeedsRestart, DriverRefused
from adapters.hypervisors.kvm.definition import domain_xml, limits
from adapters.hypervisors.kvm.definition.domain_xml import Definition
from adapters.hypervisors.kvm.definition.reading import Reading
from domain.shared.size import Size

SERVER = UUID("625f7e72-3eb7-4f73-b8a4-072609a92272")


def domain(
    *,
    kind: str = "qemu",
    live: bool = True,
    memory: int = 512,
    balloon: int | None = None,
    vcpu: str = "<vcpu placement='static' current='2'>4</vcpu>",
    devices: str = "",
) -> Definition:
    number = "id='7'" if live else ""
    return domain_xml.definition(
        f"<domain type='{kind}' {number}><name>one</name><uuid>{SERVER}</uuid>"
        "<maxMemory slots='16' unit='KiB'>4194304</maxMemory>"
        f"<memory unit='KiB'>{memory * 1024}</memory>"
        f"<currentMemory unit='KiB'>{(balloon or memory) * 1024}</currentMemory>{vcpu}"
        f"<devices><memballoon model='virtio'/>{devices}</devices></domain>"
    )


def reading(live: Definition, config: Definition | None = None) -> Reading:
    return Reading(state="running", live=live, config=config)


def dimm(mib: int, address: str = "slot='0' base='0x100000000'") -> str:
    return (
        f"<memory model='dimm'><target><size unit='KiB'>{mib * 1024}</size><node>0</node></target>"
        f"<alias name='ua-x'/><address type='dimm' {address}/></memory>"
    )


def virtio_mem(size: int, requested: int, current: int | None) -> str:
    has = "" if current is None else f"<current unit='KiB'>{current * 1024}</current>"
    return (
        f"<memory model='virtio-mem'><target><size unit='KiB'>{size * 1024}</size>"
        "<node>0</node><block unit='KiB'>2048</block>"
        f"<requested unit='KiB'>{requested * 1024}</requested>{has}</target>"
        "<alias name='virtiomem0'/></memory>"
    )


VCPUS = """
<vcpu current='3'>4</vcpu><vcpus>
  <vcpu id='0' enabled='yes' hotpluggable='no' order='1'/>
  <vcpu id='1' enabled='yes' hotpluggable='yes' order='2'/>
  <vcpu id='2' enabled='yes' hotpluggable='yes' order='3'/>
  <vcpu id='3' enabled='no' hotpluggable='yes'/>
</vcpus>"""


def test_a_plain_domain() -> None:
    found = domain()
    assert (found.server, found.name, found.kind) == (SERVER, "one", "qemu")
    assert (found.vcpus, found.vcpus_max, found.fixed_vcpus) == (2, 4, None)
    assert (found.allocated_mib, found.max_memory_mib, found.slots) == (512, 4096, 16)


def test_a_dimm_counts_when_it_has_a_place_in_memory() -> None:
    assert domain(memory=768, devices=dimm(256)).allocated_mib == 768
    on_its_way = domain(memory=768, balloon=512, devices=dimm(256, "slot='0'"))
    assert on_its_way.allocated_mib == 512
    assert on_its_way.named("ua-x") is not None


def test_a_dimm_of_the_next_start_counts_without_one() -> None:
    assert domain(live=False, memory=768, devices=dimm(256, "slot='0'")).allocated_mib == 768


def test_virtio_mem_counts_as_far_as_it_is_plugged() -> None:
    assert domain(memory=1536, devices=virtio_mem(1024, 512, 130)).allocated_mib == 642
    later = domain(live=False, memory=1536, devices=virtio_mem(1024, 512, None))
    assert later.allocated_mib == 1024


def test_memory_that_libvirt_lost_sight_of_counts_by_qemus_own_count() -> None:
    found = domain(memory=512, balloon=768)
    assert (found.allocated_mib, found.unrecorded_mib) == (768, 256)
    assert limits.envelope(reading(found)).memory_slots_left == 15


def test_virtio_mem_is_asked_for_another_size_and_otherwise_left_alone() -> None:
    device = domain(memory=1536, devices=virtio_mem(1024, 0, 0)).virtio_mem
    assert device is not None
    asked = domain_xml.with_requested(device, 256)
    assert '<requested unit="KiB">262144</requested>' in asked
    assert asked.replace(">262144<", ">0<") == device.xml


@pytest.mark.parametrize(
    ("kind", "vcpu", "floor"),
    [
        ("kvm", VCPUS, 1),
        ("kvm", "<vcpu current='3'>4</vcpu>", 3),
        ("qemu", VCPUS, 3),
        ("test", "<vcpu current='3'>4</vcpu>", 1),
    ],
)
def test_vcpus_go_down_only_where_that_is_safe(kind: str, vcpu: str, floor: int) -> None:
    assert limits.envelope(reading(domain(kind=kind, vcpu=vcpu))).floor.vcpus == floor


def test_the_next_start_limits_what_runs() -> None:
    """One call changes both, and libvirt refuses it for both."""
    later = domain(live=False, vcpu="<vcpu current='2'>3</vcpu>")
    assert limits.envelope(reading(domain(), later)).ceiling.vcpus == 3


def test_a_ceiling_is_a_multiple_of_steps_away() -> None:
    assert limits.envelope(reading(domain(memory=500))).ceiling.memory_mib == 500 + 28 * 128


def test_a_ballooned_guest_keeps_its_memory() -> None:
    ballooned = reading(domain(balloon=384))
    with pytest.raises(DriverRefused, match="balloon"):
        limits.check(ballooned, Size(2, 640))
    limits.check(ballooned, Size(3, 512))


def test_a_domain_without_libvirts_numbers_is_no_domain() -> None:
    with pytest.raises(ValueError, match="no vcpu"):
        domain_xml.definition("<domain type='kvm'><name>x</name></domain>")


def test_a_size_below_the_floor_needs_a_restart() -> None:
    with pytest.raises(DriverNeedsRestart):
        limits.check(reading(domain()), Size(1, 512))
