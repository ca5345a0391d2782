"""What was stored once is read for ever, and means the same."""

from __future__ import annotations

from typing import Any, get_args
from uuid import UUID

from adapters.eventlog import chain
from adapters.eventlog.mapper import FactMapper
from commands.command import Aggregate
from domain.history import AnyEvent
from domain.hosts.host import Host, Terms
from domain.hosts.pool import Pool
from domain.quota import ProjectQuota
from domain.quota.quota_class import QuotaClass
from domain.server import Autoscaling, Operation, Server
from domain.shared.envelope import Envelope
from domain.shared.events import kind_of
from domain.shared.request_spec import FlavorCopy, ImageCopy, RequestSpec
from domain.shared.size import GuestView, Size
from tests.adapters.eventlog.stored_facts import read
from tests.kit.examples import (
    DEADLINE,
    ENVELOPE,
    HOST,
    LARGE,
    LATER,
    OTHER_SERVER,
    PROJECT,
    SERVER,
    SMALL,
    TINY,
)

KINDS = {kind_of(kind) for kind in get_args(AnyEvent)}
AGGREGATES: dict[str, type[Aggregate]] = {
    kind.category: kind for kind in (Server, ProjectQuota, QuotaClass, Host, Pool)
}
# The lines of when servers were only adopted and scaled, of when they had got whole lives, and of
# when quotas had got users and trees; more may follow, these stay.
LINES, LIVES, QUOTAS = 22, 74, 109
HASHES = {
    LINES: "01c01b4b74eadbbd821fed832d3993cc4b1ea33c4b7924d8875a7e611dee6a51",
    LIVES: "f9052ec8caacd632b2913dd367e76c7606f02d7f1331622444023deeba457cf0",
    QUOTAS: "b8185afd7f99c3479ff46d177941175f29066a89a5ac7d9989bcb9a390bc023e",
}
# Of flavors and the like test_stored_catalogue.py tells, of users, trees and groups
# test_stored_quotas.py.
BUILT, FAILED, DELETED = (UUID(int=n) for n in (0xC, 0xD, 0xF))


STANDING = Server(
    project=PROJECT,
    name="built-1",
    host="host-2",
    size=Size(5, 8192),
    power="paused",
    guest=GuestView(vcpus=2, memory_mib=1958),
    envelope=Envelope(
        floor=Size(2, 2048),
        ceiling=Size(8, 16384),
        memory_by="dimm",
        memory_step_mib=128,
        memory_slots_left=15,
    ),
    ceiling=Size(8, 16384),
    autoscaling=Autoscaling(
        least=Size(1, 1024), most=Size(8, 8192), dead_band_percent=5, cool_down_seconds=60
    ),
    spec=RequestSpec(
        version=2,
        size=Size(4, 4096),
        flavor=FlavorCopy(
            id="m1.small",
            name="m1.small",
            vcpus=2,
            memory_mib=2048,
            extra_specs={"hw:max_vcpus": "8"},
        ),
        image=ImageCopy(id="debian", name="debian-12", properties={"hw_max_memory_mb": "16384"}),
        traits=("CUSTOM_SSD",),
        zone="nova",
        pool="default",
        group=UUID(int=0x77),
        hints={"rack": '"7" été'},
        max_vcpus=8,
        max_memory_mib=16384,
    ),
    cool_until=LATER,
)


def folded(upto: int = LINES) -> dict[str, Any]:
    states: dict[str, Any] = {}
    for stored, _ in read()[:upto]:
        if str(stored.originator_id).partition(":")[0] not in AGGREGATES:
            continue
        fact = FactMapper().fact(stored)
        kind = AGGREGATES[fact.stream.partition(":")[0]]
        before = states.get(fact.stream)
        states[fact.stream] = before.after(fact.event) if before else kind.begin(fact.event)
    return states


def test_every_kind_of_fact_is_in_the_stored_file() -> None:
    missing = KINDS - {stored.topic for stored, _ in read()}
    assert missing == set(), "add a line to facts_v1.jsonl, with `append` of stored_facts.py"


def test_every_stored_fact_is_still_read_as_its_kind() -> None:
    for stored, _ in read():
        fact = FactMapper().fact(stored)
        assert (fact.position, fact.version) == (stored.id, stored.originator_version)
        assert kind_of(fact.event) in KINDS


def test_stored_facts_still_lead_to_the_same_state() -> None:
    assert folded() == {
        "quota-class:default": QuotaClass(limits={"instances": 10, "cores": 20, "ram": -1}),
        "quota:demo": ProjectQuota(
            limits={"cores": 40}, used={"instances": 2, "cores": 10, "ram": 69632}
        ),
        f"server:{SERVER}": Server(
            project=PROJECT,
            name="web-1",
            host=HOST,
            size=Size(8, 65536),
            envelope=ENVELOPE,
            guest=GuestView(),
            spec=RequestSpec(version=4, size=LARGE),
        ),
        f"server:{OTHER_SERVER}": Server(
            project=PROJECT,
            name='db "1" \\ été',
            host="host-2",
            size=TINY,
            envelope=Envelope(floor=TINY, ceiling=TINY, memory_by="none"),
            ceiling=SMALL,
            operation=Operation(id=UUID(int=4), to=SMALL, deadline=DEADLINE),
            spec=RequestSpec(version=2, max_vcpus=SMALL.vcpus, max_memory_mib=SMALL.memory_mib),
        ),
    }


def test_lives_of_servers_still_lead_to_the_same_state() -> None:
    states = folded(LIVES)
    assert states[f"server:{BUILT}"] == STANDING
    assert {states[f"server:{gone}"].power for gone in (FAILED, DELETED)} == {"gone"}


def test_hosts_and_pools_still_lead_to_the_same_state() -> None:
    states = folded(LIVES)
    assert states["pool:default"] == Pool(hosts=("host-2",))
    assert states["host:host-2"] == Host(enlisted=True)
    assert states["host:host-1"] == Host(
        terms=Terms(
            pool="spare",
            zone="z1",
            cpu_allocation_ratio=1.5,
            ram_allocation_ratio=0.9,
            reserved_host_memory_mb=2048,
            traits=("CUSTOM_SSD",),
            enabled=False,
        ),
        capacity=Size(16, 131072),
        reported_traits=("HW_CPU_X86_AVX2", "COMPUTE_MIGRATE_AUTO_CONVERGE"),
        hypervisor="QEMU 7.2.0",
        used=Size(9, 66560),
        enlisted=True,
    )


def test_stored_servers_hold_what_their_project_uses() -> None:
    states = folded()
    claims = [states[f"server:{server}"].claimed() for server in (SERVER, OTHER_SERVER)]
    added = {name: sum(claim[name] for claim in claims) for name in claims[0]}
    assert added == states["quota:demo"].used


def test_the_chain_of_the_stored_facts_still_holds() -> None:
    position, digest, broken = chain.verify(read())
    assert (position, digest, broken) == (len(read()), read()[-1][1], None)


def test_stored_hashes_are_computed_the_same_today() -> None:
    """Whoever changes what is hashed, or a line that stands there, learns it here."""
    assert {lines: read()[lines - 1][1].hex() for lines in HASHES} == HASHES
