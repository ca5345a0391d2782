"""What may have happened to a server before a scale is asked for, made at random."""

from __future__ import annotations

from collections.abc import Iterator
from random import Random
from uuid import UUID

from msgspec.structs import replace

from domain.server import (
    BuildRequested,
    Built,
    CeilingDeclared,
    Deleted,
    Drift,
    DriftObserved,
    FlavorTerms,
    OutcomeUnknown,
    PowerChanged,
    ScalableSet,
    ScaleConfirmed,
    ScalePartlyApplied,
    ScaleRequested,
    Seen,
    ServerAdopted,
)
from domain.server.kinds import ServerEvent
from domain.shared.envelope import Envelope
from domain.shared.request_spec import FlavorCopy, ImageCopy, RequestSpec
from domain.shared.size import GuestView, Size
from tests.kit.examples import DEADLINE, OPERATION, PROJECT

GROUP = UUID(int=0x100)
STEP = 128


def life(random: Random, server: UUID, host: str) -> Iterator[ServerEvent]:
    """Its facts, from the first."""
    size = Size(random.choice((1, 2, 4)), 1024 * random.choice((1, 2, 4, 8)))
    spec, envelope = _spec(random, size), _envelope(random, size)
    yield from _beginning(random, server, host, size, spec, envelope)
    if random.random() < 0.15:
        stops = PowerChanged(
            was="running",
            power="stopped" if random.random() < 0.8 else "paused",
            size=size,
            guest=GuestView(),
            envelope=envelope,
            counted=random.random() < 0.5,
        )
        yield stops
    if random.random() < 0.03:
        yield ScalableSet(was=True, scalable=False)
    if random.random() < 0.2:
        yield from _trouble(random, host, size, envelope)


def _beginning(  # noqa: PLR0917 (all of it goes into one event or the other)
    random: Random, server: UUID, host: str, size: Size, spec: RequestSpec, envelope: Envelope
) -> Iterator[ServerEvent]:
    """Adopted, or built from a flavor that may name no maximum for a dimension."""
    most = Size(random.choice((8, 64, 64)), random.choice((8192, 262_144, 262_144)))
    ceiling = most.max_with(size) if random.random() < 0.95 else None
    user = "ann" if random.random() < 0.4 else ""
    if spec.flavor is None:
        yield ServerAdopted(
            project=PROJECT,
            name=f"web-{server.int}",
            host=host,
            size=size,
            envelope=envelope,
            spec=spec,
            user=user,
        )
        yield CeilingDeclared(was=None, ceiling=ceiling)
        return
    yield from _building(random, server, host, size, spec, envelope, ceiling, user)


def _building(  # noqa: PLR0917 (the same)
    random: Random,
    server: UUID,
    host: str,
    size: Size,
    spec: RequestSpec,
    envelope: Envelope,
    ceiling: Size | None,
    user: str,
) -> Iterator[ServerEvent]:
    yield BuildRequested(
        operation=OPERATION,
        project=PROJECT,
        name=f"web-{server.int}",
        host=host,
        size=size,
        ceiling=ceiling,
        spec=spec,
        template="<domain/>",
        deadline=DEADLINE,
        user=user,
    )
    if random.random() < 0.95:
        yield Built(
            operation=OPERATION, size=size, power="running", guest=GuestView(), envelope=envelope
        )


def _spec(random: Random, size: Size) -> RequestSpec:
    asked = RequestSpec(
        size=size,
        traits=("FAST",) if random.random() < 0.3 else (),
        zone=random.choice(("", "", "", "nova", "east")),
        pool=random.choice(("", "default")),
        group=GROUP if random.random() < 0.5 else None,
    )
    if random.random() < 0.75:
        return asked
    flavor = FlavorCopy(
        id="m1",
        name="m1",
        vcpus=size.vcpus,
        memory_mib=size.memory_mib,
        scalable=random.random() < 0.95,
    )
    return replace(
        asked,
        flavor=flavor,
        image=ImageCopy(id="debian", name="debian", scalable=random.random() < 0.95),
        max_vcpus=None if random.random() < 0.25 else 16,
        max_memory_mib=None if random.random() < 0.25 else 65_536,
    )


def _envelope(random: Random, size: Size) -> Envelope:
    """Its size lies within it but for a few, as when it was changed behind the hypervisor."""
    floor = Size(random.choice((1, 1, size.vcpus)), random.choice((256, 256, size.memory_mib)))
    most = Size(random.choice((size.vcpus, 64, 64)), random.choice((8192, 262_144, 262_144)))
    if random.random() < 0.03:
        floor, most = Size(2, 3072), Size(3, 6144)
    return Envelope(
        floor=floor,
        ceiling=most.max_with(floor),
        memory_by="virtio-mem",
        memory_step_mib=random.choice((1, 1, STEP, 1024)),
        memory_slots_left=random.choice((None, None, 0, 3)),
    )


def _trouble(random: Random, host: str, size: Size, envelope: Envelope) -> Iterator[ServerEvent]:
    """What has to be waited for or settled first; or was, and left its mark."""
    to = Size(size.vcpus + 1, size.memory_mib + 1024)
    asked = ScaleRequested(operation=OPERATION, host=host, was=size, to=to, deadline=DEADLINE)
    seen = Seen(host=host, size=to, power="running", guest=GuestView(), envelope=envelope)
    reached = ScaleConfirmed(
        operation=OPERATION, was=size, size=to, guest=GuestView(), envelope=envelope
    )
    terms = FlavorTerms(flavor=None, size=to, ceiling=to)
    partly = ScalePartlyApplied(
        operation=OPERATION,
        was=size,
        to=to,
        size=Size(to.vcpus, size.memory_mib),
        guest=GuestView(),
        envelope=envelope,
        reason="the guest kept its memory",
    )
    unknown = OutcomeUnknown(operation=OPERATION, was=size, to=to, reason="the host is silent")
    yield from random.choice(
        (
            (asked,),
            (asked, unknown),
            (DriftObserved(was=size, host=host, drift=Drift(seen=seen)),),
            (DriftObserved(was=size, host=host, drift=Drift(seen=None)),),
            (replace(asked, resize=terms, mode="restart"), reached),
            (asked, partly),
            (Deleted(),),
        )
    )
