"""A host that turned out to have no room is not tried again, and not many others are tried."""

from __future__ import annotations

import pytest
from msgspec.structs import replace

from commands.operations.end_operation import EndOperation
from domain.catalogue.region_policy import RegionRules
from domain.server import Consent, ScaleFailed, ScaleRetried
from domain.shared.size import Size
from tests.commands.kit.region import SERVER_STREAM, Region
from tests.commands.kit.standing import (
    ADOPTION,
    GIVE_UP,
    RESOLVE,
    SECOND,
    THIRD,
    at,
    events,
    held_by,
    host,
    left,
    refused,
    released,
    ruled,
    scale,
    standing,
    taken,
    told,
    used,
)
from tests.kit.examples import ADOPTED, DEADLINE, HOST, LARGE, OPERATION, SMALL

FULL = refused(host=HOST, no_capacity=True)
FAILED = ScaleFailed(operation=OPERATION, to=LARGE, size=SMALL, reason="as it came")
AGAIN = ScaleRetried(
    operation=OPERATION,
    host=HOST,
    to_host=SECOND,
    to=LARGE,
    deadline=DEADLINE,
    tried=(HOST,),
    reason="as it came",
)
GIVEN_BACK = [
    released({"cores": 2, "ram": 4096}, {"instances": 1, "cores": 2, "ram": 4096}),
    left(Size(2, 4096), SMALL),
]


def full_on(name: str) -> EndOperation:
    return refused("migrate", to_host=name, host=HOST, no_capacity=True)


def test_another_host_is_tried_when_the_first_has_no_room_after_all(region: Region) -> None:
    region.given(*standing())
    region.ask(scale(LARGE, "migrate"))
    region.ask(FULL)
    assert events(region)[3:] == [AGAIN, left(Size(2, 4096), SMALL), taken(LARGE, LARGE, SECOND)]
    assert used(region)["cores"] == 4


def test_a_host_without_room_gets_back_what_was_held_on_it(region: Region) -> None:
    region.given(*standing(third=LARGE))
    region.ask(scale(LARGE, "migrate"))
    region.ask(FULL)
    region.ask(full_on(SECOND))
    assert (held_by(region, SECOND), held_by(region, THIRD)) == (Size(0, 0), LARGE)
    assert region.facts[-1].event == taken(LARGE, LARGE, THIRD)


def test_the_first_host_and_two_more_are_tried_and_then_it_has_failed(region: Region) -> None:
    fourth = host("host-4")
    region.given(*standing(third=LARGE), *fourth)
    region.ask(scale(LARGE, "migrate"))
    region.ask(FULL)
    tried = [held_at(region)]
    for _ in range(2):
        region.ask(full_on(tried[-1]))
        tried.append(held_at(region))
    assert len(set(tried) - {""}) == 2
    assert tried[-1] == ""
    assert FAILED in events(region)
    assert used(region) == {"instances": 1, "cores": 2, "ram": 4096}


def held_at(region: Region) -> str:
    """Where it is on its way to."""
    others = (SECOND, THIRD, "host-4")
    return next((name for name in others if held_by(region, name) == LARGE), "")


def test_a_host_that_was_tried_is_not_tried_again(region: Region) -> None:
    region.given(*standing())
    region.ask(scale(LARGE, "migrate"))
    region.ask(FULL)
    region.ask(full_on(SECOND))
    assert events(region)[6:] == [
        FAILED,
        GIVEN_BACK[0],
        left(LARGE, Size(0, 0), SECOND),
    ]


def test_how_many_are_tried_is_the_regions_policy(region: Region) -> None:
    region.given(*standing(), *ruled(RegionRules(scale_retries=0)))
    region.ask(scale(LARGE, "migrate"))
    region.ask(FULL)
    assert events(region)[3:] == [FAILED, *GIVEN_BACK]


def test_only_a_lack_of_room_is_tried_again(region: Region) -> None:
    region.given(*standing())
    region.ask(scale(LARGE, "migrate"))
    region.ask(refused(host=HOST))
    assert events(region)[3:] == [FAILED, *GIVEN_BACK]


@pytest.mark.parametrize("consent", ["live", "restart"])
def test_nothing_is_tried_elsewhere_without_consent(region: Region, consent: Consent) -> None:
    region.given(*standing())
    region.ask(scale(LARGE, consent))
    region.ask(FULL)
    assert events(region)[3:] == [FAILED, *GIVEN_BACK]


def test_a_server_that_has_arrived_may_be_sent_on_but_not_back_to_where_it_was_tried(
    region: Region,
) -> None:
    region.given(*standing(third=LARGE))
    region.ask(scale(LARGE, "migrate"))
    region.ask(FULL)
    region.ask(told(at(on=SECOND), "migrate", SECOND, HOST))
    region.ask(refused(host=SECOND, no_capacity=True))
    again = [e for e in events(region) if isinstance(e, ScaleRetried)][-1]
    assert (again.host, again.to_host, again.tried) == (SECOND, THIRD, (HOST, SECOND))
    assert held_by(region, SECOND) == SMALL


def test_a_late_word_of_the_host_before_is_not_taken_for_one_of_this_host(region: Region) -> None:
    region.given(*standing(third=LARGE))
    region.ask(scale(LARGE, "migrate"))
    region.ask(FULL)
    region.ask(told(at(on=SECOND), "migrate", SECOND, HOST))
    before = len(region.facts)
    region.ask(FULL)
    assert len(region.facts) == before


def test_a_stopped_server_is_not_migrated_live(region: Region) -> None:
    stopped = (SERVER_STREAM, replace(ADOPTED, power="stopped"))
    region.given(*host(HOST), *host(SECOND), stopped, *ADOPTION[1:])
    region.ask(scale(LARGE, "migrate"))
    region.ask(FULL)
    assert events(region)[3:] == [FAILED, *GIVEN_BACK]


def test_after_its_deadline_nothing_more_is_begun(region: Region) -> None:
    region.given(*standing())
    region.ask(scale(LARGE, "migrate"))
    region.ask(GIVE_UP)
    region.ask(RESOLVE)
    region.ask(FULL)
    assert events(region)[5:] == [FAILED, *GIVEN_BACK]
