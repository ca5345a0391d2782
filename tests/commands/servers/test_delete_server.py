"""A deleted server gives back what it held, once, when its hypervisor has let go of it."""

from __future__ import annotations

import pytest
from msgspec.structs import replace

from commands.command import Command
from commands.drift.adopt_drift import AdoptDrift
from commands.ledger.accepted import OperationAccepted
from commands.servers.adopt_server import Adopted
from commands.servers.delete_server import DeleteServer
from domain.server import Deleted, DeleteFailed, DeleteRequested, OutcomeUnknown
from domain.shared.errors import (
    DriftOpen,
    NotFound,
    OutcomeUndecided,
    PowerForbids,
    ScaleInProgress,
)
from domain.shared.size import Size
from tests.commands.kit.region import SERVER_STREAM, Region
from tests.commands.kit.region import told as answered
from tests.commands.kit.small_commands import cancel
from tests.commands.kit.standing import (
    ADOPTION,
    BUILD,
    GIVE_UP,
    RESOLVE,
    SECOND,
    absent,
    at,
    events,
    flavor,
    held_by,
    host,
    image,
    left,
    observed,
    refusal,
    refused,
    released,
    scale,
    standing,
    told,
    used,
)
from tests.commands.servers.test_adopt_server import ADOPT
from tests.kit.examples import DEADLINE, HOST, LARGE, NEXT_OPERATION, OPERATION, SERVER, SMALL

DELETE = DeleteServer(server=SERVER, operation=OPERATION, deadline=DEADLINE)
LATER_DELETE = DeleteServer(server=SERVER, operation=NEXT_OPERATION, deadline=DEADLINE)
REQUESTED = DeleteRequested(operation=OPERATION, host=HOST, deadline=DEADLINE)
GIVEN_BACK = [
    released({"instances": 1, "cores": 2, "ram": 4096}, {"instances": 0, "cores": 0, "ram": 0}),
    left(SMALL, Size(0, 0)),
]


@pytest.fixture
def deleting(region: Region) -> Region:
    region.given(*standing())
    answer = region.ask(DELETE)
    assert answered(answer, OperationAccepted).operation == OPERATION
    return region


def test_a_requested_deletion_gives_nothing_back_yet(deleting: Region) -> None:
    assert events(deleting) == [REQUESTED]


def test_a_confirmed_deletion_gives_everything_back_once(deleting: Region) -> None:
    for _ in range(2):
        deleting.ask(absent("delete"))
    assert events(deleting)[1:] == [Deleted(operation=OPERATION), *GIVEN_BACK]


@pytest.mark.parametrize("end", [refused("delete"), told(at(), "delete")])
def test_a_failed_deletion_still_holds_the_server(deleting: Region, end: Command) -> None:
    deleting.ask(end)
    assert events(deleting)[1:] == [DeleteFailed(operation=OPERATION, reason="as it came")]


def test_a_deletion_of_unknown_outcome_holds_the_server_until_it_is_not_found(
    deleting: Region,
) -> None:
    deleting.ask(GIVE_UP)
    assert events(deleting)[1:] == [
        OutcomeUnknown(
            operation=OPERATION, was=SMALL, to=SMALL, reason="the host is silent", host=HOST
        )
    ]
    deleting.ask(RESOLVE)
    deleting.ask(absent("read-back"))
    assert events(deleting)[3:] == [Deleted(operation=OPERATION), *GIVEN_BACK]


def test_a_deletion_can_be_cancelled_before_it_is_sent(deleting: Region) -> None:
    deleting.ask(cancel())
    deleting.ask(LATER_DELETE)
    assert events(deleting)[-1] == DeleteRequested(
        operation=NEXT_OPERATION, host=HOST, deadline=DEADLINE
    )


def test_a_deletion_is_refused_while_an_operation_is_open(region: Region) -> None:
    region.given(*standing())
    region.ask(scale(LARGE))
    with pytest.raises(ScaleInProgress):
        region.ask(LATER_DELETE)
    region.ask(GIVE_UP)
    with pytest.raises(OutcomeUndecided):
        region.ask(LATER_DELETE)


def test_a_server_being_built_is_not_deleted(region: Region) -> None:
    region.given(*flavor(), *image(), *host(HOST))
    region.ask(BUILD)
    with pytest.raises(ScaleInProgress):
        region.ask(LATER_DELETE)


def test_a_deleted_server_is_not_deleted_again(deleting: Region) -> None:
    deleting.ask(absent("delete"))
    with pytest.raises(PowerForbids) as forbidden:
        deleting.ask(LATER_DELETE)
    assert forbidden.value.power == "gone"


def test_a_drifted_server_can_be_deleted(region: Region) -> None:
    region.given(*standing())
    region.ask(observed(at(LARGE)))
    region.ask(DELETE)
    region.ask(absent("delete"))
    assert used(region) == {"instances": 0, "cores": 0, "ram": 0}


def test_a_missing_server_can_be_deleted(region: Region) -> None:
    region.given(*standing())
    region.ask(observed(None))
    region.ask(DELETE)
    assert events(region)[-1] == REQUESTED


def test_a_server_seen_on_another_host_is_not_deleted_before_that_is_adopted(
    region: Region,
) -> None:
    """The host that would be asked does not know it, and so would say that it is gone."""
    region.given(*standing())
    region.ask(observed(at(on=SECOND)))
    assert isinstance(refusal(region, DELETE), DriftOpen)
    region.ask(AdoptDrift(server=SERVER))
    region.ask(DELETE)
    assert events(region)[-1] == replace(REQUESTED, host=SECOND)
    region.ask(absent("delete"))
    assert (held_by(region, HOST), held_by(region, SECOND)) == (Size(0, 0), Size(0, 0))


def test_an_unknown_server_is_not_deleted(region: Region) -> None:
    with pytest.raises(NotFound):
        region.ask(DELETE)


def test_a_deleted_server_that_is_found_again_is_adopted_anew(deleting: Region) -> None:
    deleting.ask(absent("delete"))
    answer = deleting.ask(ADOPT)
    assert answered(answer, Adopted) == Adopted(server=SERVER)
    adopted = [fact.event for fact in deleting.store.of(SERVER_STREAM)][-1]
    assert adopted == ADOPTION[0][1]
    assert used(deleting) == {"instances": 1, "cores": 2, "ram": 4096}
