"""Quotas of users and trees, groups and resizes that were stored once lead to the same states."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from adapters.eventlog.mapper import FactMapper
from commands.command import Aggregate
from domain.hosts.server_group import Member, ServerGroup
from domain.quota import ProjectQuota, UserQuota
from domain.quota.quota_class import QuotaClass
from domain.server import Description, FlavorTerms, Server
from domain.shared.envelope import Envelope
from domain.shared.request_spec import FlavorCopy, ImageCopy, RequestSpec
from domain.shared.size import GuestView, Size
from tests.adapters.eventlog.stored_facts import read

# The lines that tell of project dev below acme, of user ann, group web and server web-1 in it.
LINES = slice(81, 109)
RESIZED, GONE = 98, 106
AGGREGATES: dict[str, type[Aggregate]] = {
    kind.category: kind for kind in (QuotaClass, ProjectQuota, ServerGroup, Server)
}
DEV, ACME, GROUP = "quota:dev", "quota:acme", UUID(int=0x70)
WEB, STREAM = f"server-group:{GROUP}", f"server:{UUID(int=0x11)}"
LIMITS = {"cores": 6, "server_group_members": 3}
SMALL = FlavorCopy(
    id="m1",
    name="m1.small",
    vcpus=2,
    memory_mib=2048,
    extra_specs={"hw:max_vcpus": "8"},
    disk_gib=20,
)
LARGE = FlavorCopy(
    id="m2",
    name="m1.large",
    vcpus=4,
    memory_mib=8192,
    extra_specs={"trait:CUSTOM_SSD": "required"},
    disk_gib=20,
)
SERVER = Server(
    project="dev",
    user="ann",
    name="shop",
    host="host-2",
    size=Size(4, 8192),
    guest=GuestView(vcpus=4),
    envelope=Envelope(
        floor=Size(1, 1024), ceiling=Size(8, 16384), memory_by="virtio-mem", memory_step_mib=128
    ),
    spec=RequestSpec(
        version=4,
        size=Size(4, 8192),
        flavor=LARGE,
        image=ImageCopy(id="debian", name="debian-12"),
        traits=("CUSTOM_SSD",),
        pool="default",
    ),
    seen_by_guest=True,
    described=Description(
        name="shop",
        metadata={"tier": "2"},
        access_ipv4="192.0.2.7",
        access_ipv6="2001:db8::7",
    ),
)


def folded(upto: int = LINES.stop) -> dict[str, Any]:
    states: dict[str, Any] = {}
    for stored, _ in read()[LINES.start : upto]:
        fact = FactMapper().fact(stored)
        kind, before = AGGREGATES[fact.stream.partition(":")[0]], states.get(fact.stream)
        states[fact.stream] = before.after(fact.event) if before else kind.begin(fact.event)
    return states


def test_the_stored_quota_class_leads_to_the_same_state() -> None:
    assert folded()["quota-class:default"] == QuotaClass(
        limits={"instances": 10, "cores": 8, "ram": -1, "server_groups": 10}, own={"cores": 8}
    )


def test_a_stored_project_and_its_user_lead_to_the_same_state() -> None:
    used = {"server_groups": 0, "instances": 1, "cores": 4, "ram": 8192}
    ann = UserQuota(limits=LIMITS, used=used)
    assert folded()[DEV] == ProjectQuota(used=used, users={"ann": ann}, parent="acme")


def test_stored_shared_limits_lead_to_the_same_state() -> None:
    assert folded()[ACME] == ProjectQuota(
        shared={"cores": 12, "server_groups": 2},
        below={"server_groups": 0, "instances": 1, "cores": 4, "ram": 8192},
    )


def test_a_stored_group_leads_to_the_same_state() -> None:
    web = ServerGroup(
        project="dev",
        user="ann",
        name='web "é"',
        policy="anti-affinity",
        max_server_per_host=2,
        members=(Member(server=UUID(int=0x11), user="ann"),),
    )
    assert folded(RESIZED)[WEB] == web
    gone = ServerGroup(
        project="dev",
        user="ann",
        name='web "é"',
        policy="anti-affinity",
        max_server_per_host=2,
        deleted=True,
    )
    assert folded(GONE)[WEB] == gone


def test_a_stored_resized_server_and_its_group_are_what_their_project_uses() -> None:
    then = folded(RESIZED)
    assert then[STREAM].claimed() | then[WEB].claimed() == then[DEV].used == then[ACME].below


def test_a_stored_confirmed_server_that_left_its_group_leads_to_the_same_state() -> None:
    assert folded()[STREAM] == SERVER


def test_each_stored_end_of_a_resize_leads_to_the_same_state() -> None:
    was = FlavorTerms(flavor=SMALL, size=Size(2, 2048), ceiling=Size(8, 2048), max_vcpus=8)
    grown, reverted, again = (folded(upto)[STREAM] for upto in (98, 100, 102))
    assert (grown.resized_from, grown.terms.flavor, grown.ceiling) == (was, LARGE, None)
    assert (reverted.resized_from, reverted.terms) == (None, was)
    assert (again.resized_from, again.size) == (was, Size(4, 8192))


def test_a_stored_adopted_server_has_its_user() -> None:
    assert folded()[f"server:{UUID(int=0x12)}"].user == "ann"
