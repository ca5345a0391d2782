"""One server, its sizes and what may happen to it: the past that most tests begin with."""

from __future__ import annotations

from datetime import UTC, datetime
from uuid import UUID

from domain.hosts.host import CapacityClaimed
from domain.quota import QuotaClaimed
from domain.server import (
    CeilingDeclared,
    OutcomeUnknown,
    ReadBackRequested,
    ScaleConfirmed,
    ScaleFailed,
    ScalePartlyApplied,
    ScaleRequested,
    Seen,
    ServerAdopted,
)
from domain.shared.envelope import Envelope
from domain.shared.request_spec import RequestSpec
from domain.shared.size import GuestView, Size

NOON = datetime(2026, 1, 1, 12, tzinfo=UTC)
DEADLINE = datetime(2026, 1, 1, 12, 10, tzinfo=UTC)
LATER = datetime(2026, 1, 2, 12, tzinfo=UTC)

PROJECT, HOST = "demo", "host-1"
SERVER, OTHER_SERVER = UUID(int=0xA), UUID(int=0xB)
OPERATION, NEXT_OPERATION = UUID(int=0x1), UUID(int=0x2)

TINY, SMALL, MIDDLE = Size(1, 1024), Size(2, 4096), Size(3, 6144)
LARGE, HUGE, VAST = Size(4, 8192), Size(16, 65536), Size(64, 262144)

GUEST = GuestView(vcpus=2, memory_mib=4010)
GREW = GuestView(vcpus=4, memory_mib=8050)
ENVELOPE = Envelope(floor=TINY, ceiling=HUGE, memory_by="virtio-mem", memory_step_mib=128)

ADOPTED = ServerAdopted(
    project=PROJECT,
    name="web-1",
    host=HOST,
    size=SMALL,
    envelope=ENVELOPE,
    guest=GUEST,
    spec=RequestSpec(size=SMALL),
)
DECLARED = CeilingDeclared(was=None, ceiling=HUGE)
CLAIMED_AT_ADOPTION = QuotaClaimed(
    project=PROJECT,
    server=SERVER,
    amounts={"instances": 1, "cores": 2, "ram": 4096},
    used={"instances": 1, "cores": 2, "ram": 4096},
)
PLACED_AT_ADOPTION = CapacityClaimed(host=HOST, server=SERVER, amounts=SMALL, used=SMALL)


def seen(size: Size, host: str = HOST) -> Seen:
    return Seen(host=host, size=size, power="running", guest=GREW, envelope=ENVELOPE)


def requested(to: Size, was: Size = SMALL) -> ScaleRequested:
    return ScaleRequested(operation=OPERATION, host=HOST, was=was, to=to, deadline=DEADLINE)


def _kept(size: Size) -> int:
    """What the guest will say: all but what it kept for itself before."""
    return size.memory_mib - (SMALL.memory_mib - (GUEST.memory_mib or 0))


def confirmed(size: Size, was: Size = SMALL) -> ScaleConfirmed:
    return ScaleConfirmed(
        operation=OPERATION,
        was=was,
        size=size,
        guest=GREW,
        envelope=ENVELOPE,
        power="running",
        seen_by_guest=size == LARGE,  # as GREW tells
        awaited=None if size == LARGE else GuestView(vcpus=size.vcpus, memory_mib=_kept(size)),
    )


def partly(size: Size, to: Size, was: Size = SMALL) -> ScalePartlyApplied:
    return ScalePartlyApplied(
        operation=OPERATION,
        was=was,
        to=to,
        size=size,
        guest=GREW,
        envelope=ENVELOPE,
        reason="the guest kept its CPUs",
        power="running",
    )


def failed(to: Size, size: Size = SMALL, *, refused: bool = False) -> ScaleFailed:
    return ScaleFailed(
        operation=OPERATION, to=to, size=size, reason="no room on the host", refused=refused
    )


def unknown(to: Size, was: Size = SMALL) -> OutcomeUnknown:
    return OutcomeUnknown(
        operation=OPERATION, was=was, to=to, reason="the host is silent", host=HOST
    )


def read_back(to: Size, was: Size = SMALL) -> ReadBackRequested:
    return ReadBackRequested(operation=OPERATION, host=HOST, was=was, to=to, deadline=LATER)
