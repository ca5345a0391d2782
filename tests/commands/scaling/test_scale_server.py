"""A scale is recorded with what it claims, or not at all."""

from __future__ import annotations

from uuid import UUID

import pytest
from msgspec.structs import replace

from commands.scaling.scale_server import Dimension, ScaleAccepted, ScaleServer
from domain.hosts.host import CapacityClaimed
from domain.quota import QuotaChanged, QuotaClaimed
from domain.quota.quota_class import QuotaClassChanged
from domain.shared.errors import (
    AboveCeiling,
    NotFound,
    OutcomeUndecided,
    QuotaExceeded,
    ScaleInProgress,
    Shortage,
)
from domain.shared.events import Event, Fact
from domain.shared.size import Size
from tests.commands.kit.region import (
    CLASS_STREAM,
    HOST_STREAM,
    QUOTA_STREAM,
    SERVER_STREAM,
    Ask,
    Region,
    told,
)
from tests.kit.examples import (
    ADOPTED,
    CLAIMED_AT_ADOPTION,
    DEADLINE,
    DECLARED,
    HOST,
    HUGE,
    LARGE,
    MIDDLE,
    NEXT_OPERATION,
    NOON,
    OPERATION,
    PLACED_AT_ADOPTION,
    PROJECT,
    SERVER,
    SMALL,
    TINY,
    VAST,
    requested,
    unknown,
)

ADOPTION = (
    (SERVER_STREAM, ADOPTED),
    (SERVER_STREAM, DECLARED),
    (QUOTA_STREAM, CLAIMED_AT_ADOPTION),
    (HOST_STREAM, PLACED_AT_ADOPTION),
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


def scale(to: Size, operation: UUID = OPERATION) -> ScaleServer:
    return ScaleServer(server=SERVER, to=to, operation=operation, deadline=DEADLINE)


def limited(**limits: int) -> tuple[str, QuotaChanged]:
    return QUOTA_STREAM, QuotaChanged(project=PROJECT, was={}, limits=limits)


def test_server_quota_and_host_change_together(region: Region) -> None:
    region.given(*ADOPTION)
    answer = region.ask(scale(LARGE))
    assert region.facts == [
        recorded(5, SERVER_STREAM, 3, requested(LARGE)),
        recorded(6, QUOTA_STREAM, 2, GROWTH),
        recorded(7, HOST_STREAM, 2, ROOM),
    ]
    assert answer.position == 7
    assert told(answer, ScaleAccepted) == ScaleAccepted(
        operation=OPERATION,
        server=SERVER,
        was=SMALL,
        to=LARGE,
        mode="live",
        to_host=None,
        deadline=DEADLINE,
    )


def recorded(position: int, stream: str, version: int, event: Event) -> Fact[Event]:
    return Fact(
        position=position,
        stream=stream,
        version=version,
        at=NOON,
        by="wei",
        because=UUID(int=1),
        event=event,
    )


@pytest.mark.parametrize(
    ("only", "asked", "to"),
    [("vcpus", Size(3, 1), Size(3, 4096)), ("memory_mib", Size(1, 6144), Size(2, 6144))],
)
def test_a_scale_of_one_dimension_leaves_the_other_as_it_is_by_then(
    region: Region, only: Dimension, asked: Size, to: Size
) -> None:
    region.given(*ADOPTION)
    answer = region.ask(replace(scale(asked), only=only))
    assert told(answer, ScaleAccepted).to == to
    assert region.events[0] == (SERVER_STREAM, requested(to))


def test_shrinking_claims_and_gives_back_nothing_yet(region: Region) -> None:
    region.given(*ADOPTION)
    region.ask(scale(TINY))
    assert region.events == [(SERVER_STREAM, requested(TINY))]


def test_only_what_grows_is_claimed(region: Region) -> None:
    region.given(*ADOPTION)
    mixed = Size(4, 1024)
    region.ask(scale(mixed))
    assert region.events == [
        (SERVER_STREAM, requested(mixed)),
        (
            QUOTA_STREAM,
            QuotaClaimed(
                project=PROJECT,
                server=SERVER,
                operation=OPERATION,
                amounts={"cores": 2},
                used={"instances": 1, "cores": 4, "ram": 4096},
            ),
        ),
        (HOST_STREAM, replace(ROOM, amounts=Size(2, 0), used=Size(4, 4096))),
    ]


def test_nothing_is_recorded_when_the_quota_refuses(region: Region) -> None:
    region.given(*ADOPTION, limited(cores=3))
    with pytest.raises(QuotaExceeded) as refused:
        region.ask(scale(LARGE))
    assert vars(refused.value) == {
        "project": PROJECT,
        "shortages": [Shortage(resource="cores", asked=2, used=2, limit=3, left=1, node=PROJECT)],
        "would_fit": Size(3, LARGE.memory_mib),
    }
    assert region.events == []


def test_the_size_that_would_fit_is_accepted(region: Region) -> None:
    region.given(*ADOPTION, limited(cores=3, ram=5000))
    with pytest.raises(QuotaExceeded) as refused:
        region.ask(scale(LARGE))
    assert refused.value.would_fit == Size(3, 4992)
    region.ask(scale(refused.value.would_fit))
    assert region.events[0] == (SERVER_STREAM, requested(Size(3, 4992)))


def test_the_ceiling_is_looked_at_before_the_quota(region: Region) -> None:
    region.given(*ADOPTION, limited(cores=3))
    with pytest.raises(AboveCeiling) as refused:
        region.ask(scale(VAST))
    assert vars(refused.value) == {"asked": VAST, "ceiling": HUGE}


def test_the_quota_class_limits_growth(region: Region) -> None:
    region.given(*ADOPTION, (CLASS_STREAM, QuotaClassChanged(was={}, limits={"ram": 4096})))
    with pytest.raises(QuotaExceeded) as refused:
        region.ask(scale(LARGE))
    assert refused.value.shortages == [
        Shortage(resource="ram", asked=4096, used=4096, limit=4096, left=0, node=PROJECT)
    ]


def test_shrinking_is_allowed_above_the_quota(region: Region) -> None:
    region.given(*ADOPTION, limited(cores=0, ram=0, instances=0))
    region.ask(scale(TINY))
    assert region.events == [(SERVER_STREAM, requested(TINY))]


def test_of_two_at_a_time_the_second_sees_the_first(region: Region) -> None:
    region.given(*ADOPTION)
    first, second = region.ask_together(Ask(scale(LARGE)), Ask(scale(MIDDLE, NEXT_OPERATION)))
    assert told(first, ScaleAccepted).operation == OPERATION
    assert isinstance(second, ScaleInProgress)
    assert vars(second) == {"operation": OPERATION, "to": LARGE}
    assert region.events == [
        (SERVER_STREAM, requested(LARGE)),
        (QUOTA_STREAM, GROWTH),
        (HOST_STREAM, ROOM),
    ]


def test_a_scale_is_refused_while_an_outcome_is_unknown(region: Region) -> None:
    region.given(
        *ADOPTION,
        (SERVER_STREAM, requested(LARGE)),
        (QUOTA_STREAM, GROWTH),
        (SERVER_STREAM, unknown(LARGE)),
    )
    with pytest.raises(OutcomeUndecided) as refused:
        region.ask(scale(TINY, NEXT_OPERATION))
    assert vars(refused.value) == {"operation": OPERATION, "to": LARGE}


def test_an_unknown_server_is_refused(region: Region) -> None:
    with pytest.raises(NotFound) as refused:
        region.ask(scale(LARGE))
    assert vars(refused.value) == {"what": "server", "id": str(SERVER)}
    assert region.events == []


def test_the_callers_reason_stands_in_the_fact(region: Region) -> None:
    region.given(*ADOPTION)
    region.ask(replace(scale(TINY), reason="the night is quiet"))
    asked = replace(requested(TINY), reason="the night is quiet")
    assert region.events == [(SERVER_STREAM, asked)]
