"""Hosts come into the books once, tell what they have, and are promised on the operator's terms."""

from __future__ import annotations

import pytest
from msgspec.structs import replace

from commands.placement.enlist_host import EnlistHost
from commands.placement.read_host import ReadHost
from commands.placement.set_host_terms import SetHostTerms, TermsSet
from domain.hosts.host import HostEnlisted, HostRead, HostTermsChanged, Terms
from domain.hosts.pool import HostJoined, HostLeft, Pool
from domain.shared.errors import NeedsMigration, NotFound, NoValidHost, StaleVersion
from domain.shared.size import Size
from tests.commands.kit.region import HOST_STREAM, Region
from tests.commands.kit.region import told as answered
from tests.commands.kit.standing import MUCH, SECOND, held_by, host, scale, standing
from tests.domain.hosts.hosts import EXACTLY
from tests.kit.examples import HOST, LARGE, MIDDLE, SMALL, TINY

ENLIST = EnlistHost(host=HOST, used=SMALL)
READ = ReadHost(host=HOST, capacity=LARGE, traits=("FAST",), hypervisor="QEMU")
ENLISTED = HostEnlisted(host=HOST, terms=Terms(), used=SMALL)


def pool(region: Region, name: str) -> tuple[str, ...]:
    stream = region.store.load(Pool, f"pool:{name}")
    return stream.state.hosts if stream else ()


def test_a_host_is_enlisted_once_with_what_servers_held_on_it_before(region: Region) -> None:
    region.ask(ENLIST)
    region.ask(replace(ENLIST, used=LARGE))
    assert region.events == [
        (HOST_STREAM, ENLISTED),
        ("pool:default", HostJoined(host=HOST)),
    ]


def test_a_hosts_report_is_recorded_when_it_differs(region: Region) -> None:
    region.ask(ENLIST)
    for capacity in (LARGE, LARGE, MIDDLE):
        region.ask(replace(READ, capacity=capacity))
    read = HostRead(host=HOST, capacity=LARGE, traits=("FAST",), hypervisor="QEMU")
    assert region.events[2:] == [
        (HOST_STREAM, read),
        (HOST_STREAM, replace(read, capacity=MIDDLE)),
    ]


def test_changed_host_terms_are_recorded_with_the_old_ones(region: Region) -> None:
    region.given(*host(HOST, LARGE))
    terms = replace(EXACTLY, cpu_allocation_ratio=2.0)
    answer = region.ask(SetHostTerms(host=HOST, terms=terms, expected=2, reason="new CPUs"))
    assert region.events == [
        (
            HOST_STREAM,
            HostTermsChanged(host=HOST, was=EXACTLY, terms=terms, reason="new CPUs"),
        )
    ]
    assert answered(answer, TermsSet) == TermsSet(host=HOST, terms=terms, version=3)


def test_unchanged_host_terms_are_not_recorded(region: Region) -> None:
    region.given(*host(HOST))
    answer = region.ask(SetHostTerms(host=HOST, terms=EXACTLY))
    assert region.events == []
    assert answered(answer, TermsSet).version == 2


def test_a_host_that_changes_its_pool_leaves_the_one_and_joins_the_other(region: Region) -> None:
    region.given(*host(HOST), *host(SECOND))
    region.ask(SetHostTerms(host=HOST, terms=replace(EXACTLY, pool="east")))
    assert region.events[1:] == [
        ("pool:default", HostLeft(host=HOST)),
        ("pool:east", HostJoined(host=HOST)),
    ]
    assert (pool(region, "default"), pool(region, "east")) == ((SECOND,), (HOST,))


def test_host_terms_decided_on_an_older_version_are_refused(region: Region) -> None:
    region.given(*host(HOST))
    with pytest.raises(StaleVersion) as stale:
        region.ask(SetHostTerms(host=HOST, terms=Terms(), expected=1))
    assert vars(stale.value) == {"expected": 1, "current": 2}


@pytest.mark.parametrize("wish", [READ, SetHostTerms(host=HOST, terms=Terms())])
def test_an_unknown_host_is_not_found(region: Region, wish: ReadHost | SetHostTerms) -> None:
    with pytest.raises(NotFound):
        region.ask(wish)


def test_a_host_above_its_smaller_terms_keeps_its_servers_and_takes_no_more(
    region: Region,
) -> None:
    region.given(*standing())
    region.ask(SetHostTerms(host=HOST, terms=replace(EXACTLY, ram_allocation_ratio=0.001)))
    assert held_by(region, HOST) == SMALL
    with pytest.raises(NeedsMigration):
        region.ask(scale(Size(2, 5120)))
    region.ask(scale(TINY))


def test_overcommit_ratios_make_room(region: Region) -> None:
    region.given(*standing(first=SMALL, second=SMALL))
    with pytest.raises(NoValidHost):
        region.ask(scale(LARGE))
    twice = replace(EXACTLY, cpu_allocation_ratio=2.0, ram_allocation_ratio=2.0)
    region.ask(SetHostTerms(host=HOST, terms=twice))
    region.ask(scale(LARGE))
    assert held_by(region, HOST) == LARGE


def test_memory_reserved_for_the_host_is_not_promised(region: Region) -> None:
    kept = replace(EXACTLY, reserved_host_memory_mb=MUCH.memory_mib - 8000)
    region.given(*standing(second=SMALL))
    region.ask(SetHostTerms(host=HOST, terms=kept))
    with pytest.raises(NoValidHost) as short:
        region.ask(scale(LARGE))
    assert short.value.would_fit == Size(4, 7936)
