"""A host promises its capacity times the operator's ratios, less what it keeps for itself."""

from __future__ import annotations

import pytest

from domain.hosts.host import (
    NONE,
    CapacityClaimed,
    CapacityReleased,
    Host,
    HostEnlisted,
    HostRead,
    HostTermsChanged,
    Terms,
)
from domain.shared.size import Size
from tests.domain.hosts.hosts import room
from tests.kit.examples import HOST, LARGE, MIDDLE, OPERATION, SERVER, SMALL, TINY
from tests.kit.scenario import given

ENLISTED = HostEnlisted(host=HOST, terms=Terms(), used=SMALL)
READ = HostRead(
    host=HOST, capacity=Size(8, 16_384), traits=("HW_CPU_X86_AVX2",), hypervisor="QEMU 10"
)


def test_a_host_that_has_not_reported_has_no_limit_yet() -> None:
    host = given(Host, ENLISTED).state
    assert (host.capacity, host.limit, host.used) == (None, None, SMALL)
    assert host.lacks(Size(1000, 1)) == NONE


def test_by_default_cpus_are_promised_four_times_and_unreserved_memory_once() -> None:
    assert given(Host, ENLISTED, READ).state.limit == Size(32, 16_384 - 512)


def test_overcommit_ratios_apply_to_what_is_not_reserved() -> None:
    terms = Terms(cpu_allocation_ratio=1.5, ram_allocation_ratio=2.0, reserved_host_memory_mb=6_384)
    changed = HostTermsChanged(host=HOST, was=Terms(), terms=terms)
    assert given(Host, ENLISTED, READ, changed).state.limit == Size(12, 20_000)


def test_a_hosts_limit_is_rounded_down_to_whole_vcpus_and_mib() -> None:
    terms = Terms(cpu_allocation_ratio=1.3, ram_allocation_ratio=1.1, reserved_host_memory_mb=0)
    assert room(Size(5, 1001), terms=terms).limit == Size(6, 1101)


def test_a_host_that_reserves_more_than_it_has_promises_nothing() -> None:
    terms = Terms(reserved_host_memory_mb=2048)
    assert room(Size(1, 1024), terms=terms).limit == Size(4, 0)


@pytest.mark.parametrize(
    ("more", "lacks"),
    [
        (Size(2, 4096), NONE),
        (Size(3, 4096), Size(1, 0)),
        (Size(2, 4097), Size(0, 1)),
        (Size(4, 8192), Size(2, 4096)),
        (Size(-2, 8192), Size(0, 4096)),
        (Size(0, 0), NONE),
    ],
)
def test_a_host_lacks_only_in_dimensions_in_which_more_is_asked(more: Size, lacks: Size) -> None:
    assert room(Size(4, 8192), used=SMALL).lacks(more) == lacks


def test_a_shrink_needs_no_room_on_a_host_above_its_limit() -> None:
    assert room(TINY, used=LARGE).lacks(Size(-1, -1024)) == NONE
    assert room(TINY, used=LARGE).lacks(Size(1, -1024)) == Size(4, 0)


def test_a_hosts_traits_are_those_reported_and_those_the_operator_added() -> None:
    changed = HostTermsChanged(host=HOST, was=Terms(), terms=Terms(traits=("CUSTOM_FAST",)))
    host = given(Host, ENLISTED, READ, changed).state
    assert host.traits == {"HW_CPU_X86_AVX2", "CUSTOM_FAST"}


def test_settling_claims_and_releases_the_difference_on_a_host() -> None:
    host = room(used=SMALL)
    mixed = Size(4, 1024)
    assert host.settle(HOST, was=SMALL, now=mixed, server=SERVER, operation=OPERATION) == [
        CapacityClaimed(
            host=HOST,
            server=SERVER,
            operation=OPERATION,
            amounts=Size(2, 0),
            used=Size(4, 4096),
        ),
        CapacityReleased(
            host=HOST, server=SERVER, operation=OPERATION, amounts=Size(0, 3072), used=mixed
        ),
    ]
    assert host.settle(HOST, was=SMALL, now=SMALL, server=SERVER, operation=None) == []


def test_settling_on_a_host_is_never_refused() -> None:
    (claimed,) = room(TINY).settle(HOST, was=NONE, now=MIDDLE, server=SERVER, operation=None)
    assert room(TINY).after(claimed).used == MIDDLE
