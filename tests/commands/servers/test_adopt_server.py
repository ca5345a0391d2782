"""A server is taken into the books once, under its project's quota."""

from __future__ import annotations

import pytest
from msgspec.structs import replace

from commands.servers.adopt_server import Adopted, AdoptServer
from domain.hosts.host import CapacityClaimed
from domain.quota import QuotaChanged, QuotaClaimed
from domain.quota.quota_class import QuotaClassChanged
from domain.shared.errors import AlreadyAdopted, QuotaExceeded, Shortage
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
    DECLARED,
    ENVELOPE,
    GUEST,
    HOST,
    HUGE,
    OTHER_SERVER,
    PLACED_AT_ADOPTION,
    PROJECT,
    SERVER,
    SMALL,
)

ADOPT = AdoptServer(
    server=SERVER,
    project=PROJECT,
    name="web-1",
    host=HOST,
    size=SMALL,
    envelope=ENVELOPE,
    guest=GUEST,
)
ADOPT_WITH_CEILING = replace(ADOPT, ceiling=HUGE)
ADOPTION = (
    (SERVER_STREAM, ADOPTED),
    (QUOTA_STREAM, CLAIMED_AT_ADOPTION),
    (HOST_STREAM, PLACED_AT_ADOPTION),
)
ADOPT_ANOTHER = replace(ADOPT, server=OTHER_SERVER, name="web-2")


def test_the_server_and_its_claim_are_recorded_together(region: Region) -> None:
    answer = region.ask(ADOPT)
    assert region.events == list(ADOPTION)
    assert answer.position == 3
    assert told(answer, Adopted) == Adopted(server=SERVER)


def test_a_ceiling_is_declared_with_the_adoption(region: Region) -> None:
    region.ask(ADOPT_WITH_CEILING)
    assert region.events == [
        (SERVER_STREAM, ADOPTED),
        (SERVER_STREAM, DECLARED),
        (QUOTA_STREAM, CLAIMED_AT_ADOPTION),
        (HOST_STREAM, PLACED_AT_ADOPTION),
    ]


def test_a_second_adopted_server_adds_to_the_usage(region: Region) -> None:
    region.given(*ADOPTION)
    region.ask(ADOPT_ANOTHER)
    assert [event for _, event in region.events[1:]] == [
        QuotaClaimed(
            project=PROJECT,
            server=OTHER_SERVER,
            amounts={"instances": 1, "cores": 2, "ram": 4096},
            used={"instances": 2, "cores": 4, "ram": 8192},
        ),
        CapacityClaimed(host=HOST, server=OTHER_SERVER, amounts=SMALL, used=Size(4, 8192)),
    ]


def test_a_server_is_adopted_once(region: Region) -> None:
    region.given(*ADOPTION)
    with pytest.raises(AlreadyAdopted) as refused:
        region.ask(ADOPT)
    assert vars(refused.value) == {"server": SERVER}
    assert region.events == []


def test_a_server_is_adopted_once_even_when_asked_twice_at_a_time(region: Region) -> None:
    first, second = region.ask_together(Ask(ADOPT), Ask(ADOPT))
    assert told(first, Adopted) == Adopted(server=SERVER)
    assert isinstance(second, AlreadyAdopted)
    assert region.events == list(ADOPTION)


def test_the_quota_class_limits_a_project_without_limits_of_its_own(region: Region) -> None:
    region.given((CLASS_STREAM, QuotaClassChanged(was={}, limits={"cores": 1})))
    with pytest.raises(QuotaExceeded) as refused:
        region.ask(ADOPT)
    assert vars(refused.value) == {
        "project": PROJECT,
        "shortages": [Shortage(resource="cores", asked=2, used=0, limit=1, left=1, node=PROJECT)],
        "would_fit": None,
    }
    assert region.events == []


def test_the_projects_own_limit_goes_before_the_quota_class(region: Region) -> None:
    region.given(
        (CLASS_STREAM, QuotaClassChanged(was={}, limits={"cores": 1})),
        (QUOTA_STREAM, QuotaChanged(project=PROJECT, was={}, limits={"cores": 2})),
    )
    region.ask(ADOPT)
    assert region.events == list(ADOPTION)


def test_the_callers_reason_is_in_the_adoption_fact(region: Region) -> None:
    region.ask(replace(ADOPT, reason="moved here"))
    assert region.events[0] == (SERVER_STREAM, replace(ADOPTED, reason="moved here"))
