"""A resize claims what is more at once, gives back what is less when confirmed, and reverts."""

from __future__ import annotations

import pytest
from msgspec.structs import replace

from commands.command import Command
from commands.ledger.accepted import OperationAccepted
from commands.quotas.set_quota import SetQuota
from domain.server import (
    ResizeConfirmed,
    ScaleConfirmed,
    ScaleFailed,
    ScaleRequested,
)
from domain.server.unconfirmed import NotResized
from domain.shared.errors import OutcomeUndecided
from domain.shared.size import Size
from tests.commands.kit.region import Region
from tests.commands.kit.region import told as answered
from tests.commands.kit.resizes import (
    ASKED,
    CONFIRM,
    DOWN,
    GROWN,
    MORE,
    REVERT,
    THIRD_OPERATION,
    UP,
    WAS,
    build,
    of,
    resize,
    since,
)
from tests.commands.kit.standing import (
    GIVE_UP,
    RESOLVE,
    absent,
    at,
    claimed,
    events,
    held_by,
    left,
    loaded,
    power,
    refusal,
    refused,
    released,
    taken,
    told,
    used,
)
from tests.kit.examples import (
    DEADLINE,
    HOST,
    LARGE,
    MIDDLE,
    NEXT_OPERATION,
    OPERATION,
    SERVER,
    SMALL,
    TINY,
)


@pytest.fixture
def built(region: Region) -> Region:
    return build(region)


@pytest.fixture
def grown(built: Region) -> Region:
    return resize(built, UP, LARGE)


@pytest.fixture
def shrunk(built: Region) -> Region:
    return resize(built, DOWN, TINY)


def test_a_resize_claims_growth_at_once(built: Region) -> None:
    answer = built.ask(UP)
    assert since(built) == [
        ASKED,
        claimed({"cores": 2, "ram": 4096}, of(LARGE), NEXT_OPERATION),
        taken(MORE, LARGE, operation=NEXT_OPERATION),
    ]
    assert answered(answer, OperationAccepted) == OperationAccepted(
        operation=NEXT_OPERATION, server=SERVER, deadline=DEADLINE
    )
    built.ask(told(at(LARGE), "restart", operation=NEXT_OPERATION))
    (reached,) = since(built)[3:]
    assert isinstance(reached, ScaleConfirmed)
    server = loaded(built)
    assert (server.terms, server.resized_from) == (GROWN, WAS)


def test_a_resize_keeps_the_servers_own_traits_and_drops_the_old_flavors(grown: Region) -> None:
    assert WAS.traits == ("CUSTOM_FAST", "CUSTOM_OWN")
    assert loaded(grown).spec.traits == ("CUSTOM_OWN",)


def test_confirmed_it_holds_what_it_has(grown: Region) -> None:
    before = len(events(grown))
    grown.ask(CONFIRM)
    assert since(grown, before) == [ResizeConfirmed(was=SMALL, size=LARGE, reason="why")]
    assert loaded(grown).resized_from is None


def test_a_resize_holds_the_old_size_until_it_is_confirmed(shrunk: Region) -> None:
    (asked, reached) = since(shrunk)
    assert (type(asked), type(reached)) == (ScaleRequested, ScaleConfirmed)
    assert (used(shrunk), held_by(shrunk, HOST)) == (of(SMALL), SMALL)
    shrunk.ask(CONFIRM)
    assert since(shrunk)[2:] == [
        ResizeConfirmed(was=SMALL, size=TINY, reason="why"),
        released({"cores": 1, "ram": 3072}, of(TINY), None),
        left(Size(1, 3072), TINY, operation=None),
    ]


def test_reverted_it_is_all_that_it_was(grown: Region) -> None:
    before = len(events(grown))
    grown.ask(REVERT)
    back = ScaleRequested(
        operation=THIRD_OPERATION,
        host=HOST,
        was=LARGE,
        to=SMALL,
        deadline=DEADLINE,
        reason="why",
        consent="restart",
        mode="restart",
        resize=WAS,
        reverts=True,
    )
    assert since(grown, before) == [back]
    grown.ask(told(at(SMALL), "restart", operation=THIRD_OPERATION))
    assert since(grown, before)[2:] == [
        released({"cores": 2, "ram": 4096}, of(SMALL), THIRD_OPERATION),
        left(MORE, SMALL, operation=THIRD_OPERATION),
    ]
    server = loaded(grown)
    assert (server.terms, server.resized_from) == (WAS, None)


def test_a_resize_to_less_is_reverted_without_a_claim(shrunk: Region) -> None:
    """Also by now that the project may have nothing more."""
    shrunk.ask(SetQuota(project="demo", limits={"cores": 0, "ram": 0}, force=True))
    before = len(events(shrunk))
    shrunk.ask(REVERT)
    shrunk.ask(told(at(SMALL), "restart", operation=THIRD_OPERATION))
    assert [type(one) for one in since(shrunk, before)] == [ScaleRequested, ScaleConfirmed]
    assert used(shrunk) == of(SMALL)


@pytest.mark.parametrize(
    ("end", "holds"),
    [
        (refused("restart", operation=NEXT_OPERATION), SMALL),
        (absent("restart", NEXT_OPERATION), SMALL),
        (told(at(MIDDLE), "restart", operation=NEXT_OPERATION), MIDDLE),
        (replace(GIVE_UP, operation=NEXT_OPERATION), LARGE),
    ],
    ids=["refused", "absent", "partly", "undecided"],
)
def test_a_failed_resize_leaves_flavor_and_ceiling(
    built: Region, end: Command, holds: Size
) -> None:
    built.ask(UP)
    built.ask(end)
    server = loaded(built)
    assert (used(built), held_by(built, HOST)) == (of(holds), holds)
    assert (server.resized_from, server.terms) == (None, replace(WAS, size=server.size))
    nothing = refusal(built, CONFIRM)
    assert isinstance(nothing, OutcomeUndecided if server.operation else NotResized)


def test_a_resize_of_unknown_outcome_is_confirmed_once_it_is_known(built: Region) -> None:
    built.ask(UP)
    built.ask(replace(GIVE_UP, operation=NEXT_OPERATION))
    built.ask(replace(RESOLVE, operation=NEXT_OPERATION))
    built.ask(told(at(LARGE), "read-back", operation=NEXT_OPERATION))
    assert loaded(built).resized_from == WAS
    built.ask(CONFIRM)


def test_a_revert_that_failed_may_be_asked_for_again(grown: Region) -> None:
    grown.ask(REVERT)
    grown.ask(refused("restart", operation=THIRD_OPERATION))
    (failed,) = [one for one in events(grown) if isinstance(one, ScaleFailed)]
    assert failed.to == SMALL
    assert used(grown) == of(LARGE)
    grown.ask(replace(REVERT, operation=OPERATION))


def test_a_stopped_server_is_resized_without_a_restart(built: Region) -> None:
    stop = replace(power("stopped"), operation=THIRD_OPERATION)
    built.ask(stop)
    built.ask(told(at(power="stopped"), "stop", operation=THIRD_OPERATION))
    built.ask(UP)
    built.ask(told(at(LARGE, power="stopped"), operation=NEXT_OPERATION))
    assert (loaded(built).power, loaded(built).resized_from) == ("stopped", WAS)
    built.ask(replace(REVERT, operation=OPERATION))
    assert [one.mode for one in events(built) if isinstance(one, ScaleRequested)] == [
        "stopped",
        "stopped",
    ]
