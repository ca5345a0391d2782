"""Many servers are scaled by one command: each for itself, or all of them or none."""

from __future__ import annotations

from uuid import UUID

import pytest
from msgspec.structs import replace

from commands.scaling.scale_server import ScaleAccepted
from commands.scaling.scale_servers import (
    OneRefused,
    OneScale,
    ScaleAnswer,
    ScalesAnswered,
    ScaleServers,
)
from domain.quota import QuotaChanged, QuotaClaimed
from domain.server import ScaleRequested
from domain.shared.errors import NotFound, QuotaExceeded, ScaleInProgress, Shortage
from domain.shared.refusal import refusal
from domain.shared.size import Size
from tests.commands.kit.region import QUOTA_STREAM, SERVER_STREAM, Region, told
from tests.kit.examples import (
    ADOPTED,
    CLAIMED_AT_ADOPTION,
    DEADLINE,
    DECLARED,
    LARGE,
    NEXT_OPERATION,
    OPERATION,
    OTHER_SERVER,
    PROJECT,
    SERVER,
    SMALL,
    TINY,
)

OTHER_STREAM = f"server:{OTHER_SERVER}"
BOTH_CLAIMED = replace(
    CLAIMED_AT_ADOPTION, server=OTHER_SERVER, used={"instances": 2, "cores": 4, "ram": 8192}
)
TWO_SERVERS = (
    (SERVER_STREAM, ADOPTED),
    (SERVER_STREAM, DECLARED),
    (QUOTA_STREAM, CLAIMED_AT_ADOPTION),
    (OTHER_STREAM, ADOPTED),
    (OTHER_STREAM, DECLARED),
    (QUOTA_STREAM, BOTH_CLAIMED),
)
ONE = OneScale(server=SERVER, to=LARGE, operation=OPERATION)
OTHER = OneScale(server=OTHER_SERVER, to=LARGE, operation=NEXT_OPERATION)
ROOM_FOR_ONE = QuotaChanged(project=PROJECT, was={}, limits={"cores": 6})
SHORT = QuotaExceeded(
    project=PROJECT,
    shortages=[Shortage(resource="cores", asked=2, used=6, limit=6, left=0, node=PROJECT)],
    would_fit=Size(2, 8192),
)


def scales(*of: OneScale, project: str | None = None, all_: bool = False) -> ScaleServers:
    return ScaleServers(
        scales=list(of), deadline=DEADLINE, project=project, all_or_nothing=all_, reason="the sale"
    )


def accepted(one: OneScale) -> ScaleAnswer:
    told = ScaleAccepted(
        operation=one.operation,
        server=one.server,
        was=SMALL,
        to=one.to,
        mode="live",
        to_host=None,
        deadline=DEADLINE,
    )
    return ScaleAnswer(server=one.server, accepted=told)


def asked(region: Region) -> list[UUID]:
    return [event.operation for _, event in region.events if isinstance(event, ScaleRequested)]


def test_each_is_an_operation_of_its_own(region: Region) -> None:
    region.given(*TWO_SERVERS)
    answer = region.ask(scales(ONE, OTHER))
    assert told(answer, ScalesAnswered) == ScalesAnswered(scales=[accepted(ONE), accepted(OTHER)])
    assert asked(region) == [OPERATION, NEXT_OPERATION]
    assert len({fact.because for fact in region.facts}) == 1
    assert {event.reason for _, event in region.events if isinstance(event, ScaleRequested)} == {
        "the sale"
    }
    claims = [event for _, event in region.events if isinstance(event, QuotaClaimed)]
    assert [(claim.server, claim.used["cores"]) for claim in claims] == [
        (SERVER, 6),
        (OTHER_SERVER, 8),
    ]


def test_the_second_scale_cannot_have_what_the_first_took(region: Region) -> None:
    region.given(*TWO_SERVERS, (QUOTA_STREAM, ROOM_FOR_ONE))
    answer = region.ask(scales(ONE, OTHER))
    assert told(answer, ScalesAnswered).scales == [
        accepted(ONE),
        ScaleAnswer(server=OTHER_SERVER, refused=refusal(SHORT)),
    ]
    assert asked(region) == [OPERATION]


def test_a_refused_scale_of_many_records_nothing(region: Region) -> None:
    region.given(*TWO_SERVERS, (QUOTA_STREAM, ROOM_FOR_ONE))
    answer = region.ask(scales(replace(OTHER, to=Size(16, 8192)), ONE))
    first, second = told(answer, ScalesAnswered).scales
    assert first.refused.kind == "quota-exceeded"
    assert second == accepted(ONE)


def test_all_or_nothing_is_nothing_once_one_is_refused(region: Region) -> None:
    region.given(*TWO_SERVERS, (QUOTA_STREAM, ROOM_FOR_ONE))
    with pytest.raises(OneRefused) as refused:
        region.ask(scales(ONE, OTHER, all_=True))
    assert vars(refused.value) == {
        "item": 1,
        "server": OTHER_SERVER,
        "refused": refusal(SHORT),
    }
    assert region.events == []
    region.ask(scales(ONE))
    assert asked(region) == [OPERATION]


def test_all_or_nothing_is_all_where_none_is_refused(region: Region) -> None:
    region.given(*TWO_SERVERS)
    answer = region.ask(scales(ONE, OTHER, all_=True))
    assert told(answer, ScalesAnswered).scales == [accepted(ONE), accepted(OTHER)]


def test_of_two_for_one_server_the_second_is_refused(region: Region) -> None:
    region.given(*TWO_SERVERS)
    again = OneScale(server=SERVER, to=TINY, operation=NEXT_OPERATION)
    answer = region.ask(scales(ONE, again))
    busy = ScaleInProgress(operation=OPERATION, to=LARGE)
    assert told(answer, ScalesAnswered).scales == [
        accepted(ONE),
        ScaleAnswer(server=SERVER, refused=refusal(busy)),
    ]


@pytest.mark.parametrize("project", ["another", None])
def test_another_projects_server_is_as_one_that_is_not_there(
    region: Region, project: str | None
) -> None:
    region.given(*(() if project is None else TWO_SERVERS))
    answer = region.ask(scales(ONE, project=project))
    absent = NotFound(what="server", id=str(SERVER))
    assert told(answer, ScalesAnswered).scales == [
        ScaleAnswer(server=SERVER, refused=refusal(absent))
    ]
    assert region.events == []


def test_each_has_its_own_consent_and_plan(region: Region) -> None:
    region.given(*TWO_SERVERS)
    answer = region.ask(scales(replace(ONE, consent="migrate"), replace(OTHER, plan="1-00000000")))
    first, second = told(answer, ScalesAnswered).scales
    assert first == accepted(ONE)
    assert second.refused.kind == "stale-plan"
    assert [e.consent for _, e in region.events if isinstance(e, ScaleRequested)] == ["migrate"]


def test_asked_again_with_its_key_it_is_answered_as_before(region: Region) -> None:
    region.given(*TWO_SERVERS, (QUOTA_STREAM, ROOM_FOR_ONE))
    first, again = (region.ask(scales(ONE, OTHER), key="k") for _ in range(2))
    assert first == again
    assert asked(region) == [OPERATION]
