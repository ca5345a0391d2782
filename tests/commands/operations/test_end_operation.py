"""However an operation ends, its project holds what the server then really has."""

from __future__ import annotations

from uuid import UUID

import pytest
from msgspec.structs import replace

from commands.command import Command
from commands.operations.end_operation import ReportFailed, ReportSeen
from commands.operations.give_up_operation import GiveUpOperation
from commands.operations.resolve_operation import ReadBackAccepted, ResolveOperation
from domain.hosts.host import CapacityClaimed, CapacityReleased
from domain.quota import QuotaChanged, QuotaClaimed, QuotaReleased
from domain.server import Step
from domain.shared.errors import NotFound, NothingToResolve
from domain.shared.events import Event
from domain.shared.resources import Amounts
from domain.shared.size import Size
from tests.commands.kit.region import HOST_STREAM, QUOTA_STREAM, SERVER_STREAM, Ask, Region, told
from tests.kit.examples import (
    ADOPTED,
    CLAIMED_AT_ADOPTION,
    DECLARED,
    HOST,
    LARGE,
    LATER,
    MIDDLE,
    NEXT_OPERATION,
    OPERATION,
    PLACED_AT_ADOPTION,
    PROJECT,
    SERVER,
    SMALL,
    TINY,
    VAST,
    confirmed,
    failed,
    partly,
    read_back,
    requested,
    seen,
    unknown,
)

GROWTH = QuotaClaimed(
    project=PROJECT,
    server=SERVER,
    operation=OPERATION,
    amounts={"cores": 2, "ram": 4096},
    used={"instances": 1, "cores": 4, "ram": 8192},
)
ROOM = CapacityClaimed(
    host=HOST, server=SERVER, operation=OPERATION, amounts=Size(2, 4096), used=LARGE
)
ADOPTION = (
    (SERVER_STREAM, ADOPTED),
    (SERVER_STREAM, DECLARED),
    (QUOTA_STREAM, CLAIMED_AT_ADOPTION),
    (HOST_STREAM, PLACED_AT_ADOPTION),
)
GROWING = (
    *ADOPTION,
    (SERVER_STREAM, requested(LARGE)),
    (QUOTA_STREAM, GROWTH),
    (HOST_STREAM, ROOM),
)
SHRINKING = (*ADOPTION, (SERVER_STREAM, requested(TINY)))
FAIL = ReportFailed(
    step=Step(server=SERVER, operation=OPERATION, ask="reconfigure"), reason="no room on the host"
)
GIVE_UP = GiveUpOperation(server=SERVER, operation=OPERATION, reason="the host is silent")
RESOLVE = ResolveOperation(server=SERVER, operation=OPERATION, deadline=LATER)


def confirm(size: Size, operation: UUID = OPERATION) -> ReportSeen:
    return ReportSeen(
        step=Step(server=SERVER, operation=operation, ask="reconfigure"),
        seen=seen(size),
        shortfall="the guest kept its CPUs",
    )


def released(amounts: Amounts, used: Amounts) -> tuple[str, QuotaReleased]:
    return QUOTA_STREAM, QuotaReleased(
        project=PROJECT, server=SERVER, operation=OPERATION, amounts=amounts, used=used
    )


def left(amounts: Size, used: Size) -> tuple[str, CapacityReleased]:
    return HOST_STREAM, CapacityReleased(
        host=HOST, server=SERVER, operation=OPERATION, amounts=amounts, used=used
    )


AS_BEFORE = (
    released({"cores": 2, "ram": 4096}, {"instances": 1, "cores": 2, "ram": 4096}),
    left(Size(2, 4096), SMALL),
)


def test_a_confirmed_growth_keeps_what_was_claimed(region: Region) -> None:
    region.given(*GROWING)
    answer = region.ask(confirm(LARGE))
    assert region.events == [(SERVER_STREAM, confirmed(LARGE))]
    assert answer.position == 8


def test_a_failed_growth_gives_back_what_was_claimed(region: Region) -> None:
    region.given(*GROWING)
    region.ask(FAIL)
    assert region.events == [(SERVER_STREAM, failed(LARGE)), *AS_BEFORE]


def test_a_growth_read_back_at_the_old_size_has_failed(region: Region) -> None:
    region.given(*GROWING)
    region.ask(
        ReportSeen(
            step=Step(server=SERVER, operation=OPERATION, ask="reconfigure"),
            seen=seen(SMALL),
            shortfall="no room on the host",
        )
    )
    assert region.events == [(SERVER_STREAM, failed(LARGE)), *AS_BEFORE]


def test_a_partial_growth_keeps_what_the_server_really_has(region: Region) -> None:
    region.given(*GROWING)
    region.ask(confirm(MIDDLE))
    assert region.events == [
        (SERVER_STREAM, partly(MIDDLE, LARGE)),
        released({"cores": 1, "ram": 2048}, {"instances": 1, "cores": 3, "ram": 6144}),
        left(Size(1, 2048), MIDDLE),
    ]


def test_a_shrink_gives_back_when_it_is_confirmed(region: Region) -> None:
    region.given(*SHRINKING)
    region.ask(confirm(TINY))
    assert region.events == [
        (SERVER_STREAM, confirmed(TINY)),
        released({"cores": 1, "ram": 3072}, {"instances": 1, "cores": 1, "ram": 1024}),
        left(Size(1, 3072), TINY),
    ]


def test_a_failed_shrink_gives_nothing_back(region: Region) -> None:
    region.given(*SHRINKING)
    region.ask(FAIL)
    assert region.events == [(SERVER_STREAM, failed(TINY))]


def test_the_quota_follows_a_server_larger_than_claimed(region: Region) -> None:
    tight = QuotaChanged(project=PROJECT, was={}, limits={"cores": 4, "ram": 8192})
    region.given(*GROWING, (QUOTA_STREAM, tight))
    region.ask(confirm(VAST))
    assert region.events == [
        (SERVER_STREAM, partly(VAST, LARGE)),
        (
            QUOTA_STREAM,
            QuotaClaimed(
                project=PROJECT,
                server=SERVER,
                operation=OPERATION,
                amounts={"cores": 60, "ram": 253952},
                used={"instances": 1, "cores": 64, "ram": 262144},
            ),
        ),
        (HOST_STREAM, replace(ROOM, amounts=Size(60, 253_952), used=VAST)),
    ]


def test_an_unknown_outcome_keeps_the_larger_size_claimed(region: Region) -> None:
    region.given(*GROWING)
    region.ask(GIVE_UP)
    assert region.events == [(SERVER_STREAM, unknown(LARGE))]


@pytest.mark.parametrize(
    ("end", "events"),
    [
        (confirm(LARGE), [(SERVER_STREAM, confirmed(LARGE))]),
        (FAIL, [(SERVER_STREAM, failed(LARGE)), *AS_BEFORE]),
    ],
    ids=["confirmed", "failed"],
)
def test_an_unknown_outcome_is_settled_when_it_is_known_late(
    region: Region, end: Command, events: list[tuple[str, Event]]
) -> None:
    region.given(*GROWING, (SERVER_STREAM, unknown(LARGE)))
    region.ask(end)
    assert region.events == events


def test_an_operator_has_an_unknown_outcome_read_back(region: Region) -> None:
    region.given(*GROWING, (SERVER_STREAM, unknown(LARGE)))
    answer = region.ask(RESOLVE)
    assert region.events == [(SERVER_STREAM, read_back(LARGE))]
    assert told(answer, ReadBackAccepted) == ReadBackAccepted(
        operation=OPERATION, server=SERVER, deadline=LATER
    )


@pytest.mark.parametrize("past", [GROWING, (*GROWING, (SERVER_STREAM, confirmed(LARGE)))])
def test_a_known_outcome_is_not_read_back(
    region: Region, past: tuple[tuple[str, Event], ...]
) -> None:
    region.given(*past)
    with pytest.raises(NothingToResolve) as refused:
        region.ask(RESOLVE)
    assert vars(refused.value) == {"operation": OPERATION}
    assert region.events == []


@pytest.mark.parametrize(
    "late", [confirm(TINY), FAIL, GIVE_UP], ids=["confirmed", "failed", "given up"]
)
def test_an_operation_that_has_ended_stays_as_it_ended(region: Region, late: Command) -> None:
    region.given(*GROWING, (SERVER_STREAM, confirmed(LARGE)))
    assert region.ask(late).position == 8
    assert region.events == []


@pytest.mark.parametrize(
    "other",
    [
        confirm(TINY, NEXT_OPERATION),
        replace(FAIL, step=replace(FAIL.step, operation=NEXT_OPERATION)),
        GiveUpOperation(server=SERVER, operation=NEXT_OPERATION, reason=""),
    ],
    ids=["confirmed", "failed", "given up"],
)
def test_the_end_of_another_operation_ends_nothing(region: Region, other: Command) -> None:
    region.given(*GROWING)
    region.ask(other)
    assert region.events == []


def test_an_operation_is_given_up_once(region: Region) -> None:
    region.given(*GROWING, (SERVER_STREAM, unknown(LARGE)))
    region.ask(GIVE_UP)
    assert region.events == []


def test_of_two_reported_ends_at_a_time_the_first_counts(region: Region) -> None:
    region.given(*GROWING)
    region.ask_together(Ask(confirm(LARGE)), Ask(FAIL), Ask(GIVE_UP))
    assert region.events == [(SERVER_STREAM, confirmed(LARGE))]


@pytest.mark.parametrize(
    "command",
    [confirm(LARGE), FAIL, GIVE_UP, RESOLVE],
    ids=["confirm", "fail", "give up", "resolve"],
)
def test_an_unknown_server_has_no_operation(region: Region, command: Command) -> None:
    with pytest.raises(NotFound) as refused:
        region.ask(command)
    assert vars(refused.value) == {"what": "server", "id": str(SERVER)}
