"""A region with hosts and one server on the first of them: the past that scaling begins with."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from uuid import UUID

import pytest

from commands.command import Command
from commands.drift.observe_server import ObserveServer
from commands.operations.end_operation import ReportAbsent, ReportFailed, ReportSeen
from commands.operations.give_up_operation import GiveUpOperation
from commands.operations.resolve_operation import ResolveOperation
from commands.scaling.scale_server import ScaleServer
from commands.servers.build_server import BuildServer
from commands.servers.power_server import PowerServer
from domain.catalogue.flavor import FlavorCreated, FlavorSettings
from domain.catalogue.image import ImageCreated, ImageSettings
from domain.catalogue.region_policy import RegionPolicyChanged, RegionRules
from domain.hosts.host import (
    NONE,
    CapacityClaimed,
    CapacityReleased,
    HostEnlisted,
    HostRead,
    Terms,
)
from domain.hosts.pool import HostJoined
from domain.quota import QuotaChanged, QuotaClaimed, QuotaReleased
from domain.server import Consent, Power, Seen, Server, Step, StepKind
from domain.shared.errors import Refused
from domain.shared.events import Event
from domain.shared.resources import Amounts, held
from domain.shared.size import Size
from tests.commands.kit.region import HOST_STREAM, QUOTA_STREAM, SERVER_STREAM, Region
from tests.domain.hosts.hosts import EXACTLY
from tests.kit.examples import (
    ADOPTED,
    CLAIMED_AT_ADOPTION,
    DEADLINE,
    DECLARED,
    ENVELOPE,
    GREW,
    HOST,
    LATER,
    OPERATION,
    PLACED_AT_ADOPTION,
    PROJECT,
    SERVER,
    SMALL,
)

Past = tuple[tuple[str, Event], ...]
SECOND, THIRD = "host-2", "host-3"
MUCH = Size(64, 262_144)
EMPTY: Mapping[str, str] = MappingProxyType({})
ADOPTION: Past = (
    (SERVER_STREAM, ADOPTED),
    (SERVER_STREAM, DECLARED),
    (QUOTA_STREAM, CLAIMED_AT_ADOPTION),
    (HOST_STREAM, PLACED_AT_ADOPTION),
)


def host(name: str, capacity: Size | None = MUCH, terms: Terms = EXACTLY) -> Past:
    """Enlisted, and read if its ``capacity`` is told."""
    enlisted: Past = (
        (f"host:{name}", HostEnlisted(host=name, terms=terms, used=NONE)),
        (f"pool:{terms.pool}", HostJoined(host=name)),
    )
    if capacity is None:
        return enlisted
    read = HostRead(host=name, capacity=capacity, traits=(), hypervisor="QEMU")
    return (*enlisted, (f"host:{name}", read))


def standing(first: Size = MUCH, second: Size = MUCH, third: Size | None = None) -> Past:
    """Two hosts with that capacity, or three; the server is on the first."""
    others = host(THIRD, third) if third else ()
    return (*host(HOST, first), *host(SECOND, second), *others, *ADOPTION)


def limited(**limits: int) -> Past:
    return ((QUOTA_STREAM, QuotaChanged(project=PROJECT, was={}, limits=limits)),)


def ruled(rules: RegionRules) -> Past:
    return (("region:policy", RegionPolicyChanged(was=RegionRules(), to=rules)),)


def flavor(extra_specs: Mapping[str, str] = EMPTY, *, scalable: bool = True) -> Past:
    """The one that is called small."""
    settings = FlavorSettings(extra_specs=dict(extra_specs), scalable=scalable)
    created = FlavorCreated(
        name="small", vcpus=SMALL.vcpus, memory_mib=SMALL.memory_mib, to=settings
    )
    return (("flavor:small", created),)


def image(properties: Mapping[str, str] = EMPTY, *, scalable: bool = True) -> Past:
    """The one that is called debian."""
    settings = ImageSettings(name="debian", properties=dict(properties), scalable=scalable)
    return (("image:debian", ImageCreated(to=settings, template="<domain/>")),)


BUILD = BuildServer(
    server=SERVER,
    project=PROJECT,
    name="web-1",
    flavor="small",
    image="debian",
    operation=OPERATION,
    deadline=DEADLINE,
)


# What is asked and told


def scale(
    to: Size, consent: Consent = "live", operation: UUID = OPERATION, plan: str | None = None
) -> ScaleServer:
    return ScaleServer(
        server=SERVER, to=to, operation=operation, deadline=DEADLINE, consent=consent, plan=plan
    )


def power(to: Power, operation: UUID = OPERATION) -> PowerServer:
    assert to in {"running", "stopped"}
    return PowerServer(
        server=SERVER,
        to="running" if to == "running" else "stopped",
        operation=operation,
        deadline=DEADLINE,
    )


def at(size: Size = SMALL, on: str = HOST, power: Power = "running") -> Seen:
    """As it is read on a host."""
    return Seen(host=on, size=size, power=power, guest=GREW, envelope=ENVELOPE)


def told(
    seen: Seen,
    ask: StepKind = "reconfigure",
    to_host: str | None = None,
    host: str | None = None,
    operation: UUID = OPERATION,
) -> ReportSeen:
    return ReportSeen(
        step=Step(server=SERVER, operation=operation, ask=ask, to_host=to_host, host=host),
        seen=seen,
        shortfall="as it came",
    )


def refused(
    ask: StepKind = "reconfigure",
    to_host: str | None = None,
    host: str | None = None,
    *,
    no_capacity: bool = False,
    operation: UUID = OPERATION,
) -> ReportFailed:
    return ReportFailed(
        step=Step(server=SERVER, operation=operation, ask=ask, to_host=to_host, host=host),
        reason="as it came",
        no_capacity=no_capacity,
    )


def absent(ask: StepKind, operation: UUID = OPERATION) -> ReportAbsent:
    return ReportAbsent(step=Step(server=SERVER, operation=operation, ask=ask))


GIVE_UP = GiveUpOperation(server=SERVER, operation=OPERATION, reason="the host is silent")
RESOLVE = ResolveOperation(server=SERVER, operation=OPERATION, deadline=LATER)


def observed(seen: Seen | None, version: int = 2) -> ObserveServer:
    """``version`` is the server's after its adoption, unless something has happened since."""
    return ObserveServer(server=SERVER, version=version, seen=seen)


# What follows in the books


def claimed(amounts: Amounts, used: Amounts, operation: UUID | None = OPERATION) -> QuotaClaimed:
    return QuotaClaimed(
        project=PROJECT, server=SERVER, operation=operation, amounts=amounts, used=used
    )


def released(amounts: Amounts, used: Amounts, operation: UUID | None = OPERATION) -> QuotaReleased:
    return QuotaReleased(
        project=PROJECT, server=SERVER, operation=operation, amounts=amounts, used=used
    )


def taken(
    amounts: Size, used: Size, on: str = HOST, operation: UUID | None = OPERATION
) -> CapacityClaimed:
    return CapacityClaimed(host=on, server=SERVER, operation=operation, amounts=amounts, used=used)


def left(
    amounts: Size, used: Size, on: str = HOST, operation: UUID | None = OPERATION
) -> CapacityReleased:
    return CapacityReleased(host=on, server=SERVER, operation=operation, amounts=amounts, used=used)


def events(region: Region) -> list[Event]:
    """What was recorded, whatever the streams: each event names its own."""
    return [event for _, event in region.events]


def used(region: Region) -> Amounts:
    """Of the project's quota, as it was recorded last."""
    claims = [f.event for f in region.store.of(QUOTA_STREAM)]
    last = [c for c in claims if isinstance(c, QuotaClaimed | QuotaReleased)][-1]
    return held(NONE) | {"instances": 0} | last.used


def held_by(region: Region, name: str) -> Size:
    """What servers hold on a host, as it was recorded last."""
    facts = [f.event for f in region.store.of(f"host:{name}")]
    return [
        e.used for e in facts if isinstance(e, HostEnlisted | CapacityClaimed | CapacityReleased)
    ][-1]


def loaded(region: Region) -> Server:
    """The server as another process would load it."""
    stream = region.store.load(Server, SERVER_STREAM)
    assert stream
    return stream.state


def refusal(region: Region, command: Command) -> Refused:
    """Why it is refused; it leaves no trace."""
    before = len(region.facts)
    with pytest.raises(Refused) as caught:
        region.ask(command)
    assert len(region.facts) == before
    return caught.value
