"""Where its host has room a server is scaled there; else on another host of the pool, if its owner
consents; else nothing is changed."""

from __future__ import annotations

import pytest

from commands.scaling.scale_server import ScaleAccepted
from domain.server import Consent, Migrated, ScaleConfirmed, ScaleRequested
from domain.shared.errors import (
    AboveCeiling,
    NeedsMigration,
    NeedsRestart,
    NoValidHost,
    QuotaExceeded,
    Refused,
)
from domain.shared.ruled_out import RuledOut
from domain.shared.size import GuestView, Size
from tests.commands.kit.region import Region
from tests.commands.kit.region import told as answered
from tests.commands.kit.standing import (
    SECOND,
    at,
    claimed,
    events,
    held_by,
    left,
    limited,
    scale,
    standing,
    taken,
    told,
    used,
)
from tests.kit.examples import (
    DEADLINE,
    ENVELOPE,
    GREW,
    HOST,
    LARGE,
    OPERATION,
    SERVER,
    SMALL,
    VAST,
    requested,
)

MORE = Size(2, 4096)
GROWTH = claimed({"cores": 2, "ram": 4096}, {"instances": 1, "cores": 4, "ram": 8192})
TO_SECOND = ScaleRequested(
    operation=OPERATION,
    host=HOST,
    was=SMALL,
    to=LARGE,
    deadline=DEADLINE,
    consent="migrate",
    mode="migrate",
    to_host=SECOND,
)
ARRIVED = Migrated(
    operation=OPERATION,
    was=HOST,
    host=SECOND,
    size=SMALL,
    to=LARGE,
    deadline=DEADLINE,
    guest=GREW,
    envelope=ENVELOPE,
)


def refusal(region: Region, to: Size, consent: Consent) -> Refused:
    with pytest.raises(Refused) as caught:
        region.ask(scale(to, consent))
    assert region.events == []
    return caught.value


@pytest.mark.parametrize("consent", ["live", "migrate"])
def test_a_server_stays_where_its_host_has_room_whatever_else_is_allowed(
    region: Region, consent: Consent
) -> None:
    region.given(*standing(first=LARGE))
    answer = region.ask(scale(LARGE, consent))
    asked = region.events[0][1]
    assert asked == ScaleRequested(
        operation=OPERATION, host=HOST, was=SMALL, to=LARGE, deadline=DEADLINE, consent=consent
    )
    assert events(region)[1:] == [GROWTH, taken(MORE, LARGE)]
    assert answered(answer, ScaleAccepted).mode == "live"


def test_a_server_without_room_migrates_and_its_new_host_holds_it_at_once(
    region: Region,
) -> None:
    region.given(*standing(first=SMALL))
    answer = region.ask(scale(LARGE, "migrate"))
    assert events(region) == [TO_SECOND, GROWTH, taken(LARGE, LARGE, SECOND)]
    assert held_by(region, HOST) == SMALL
    assert answered(answer, ScaleAccepted) == ScaleAccepted(
        operation=OPERATION,
        server=SERVER,
        was=SMALL,
        to=LARGE,
        mode="migrate",
        to_host=SECOND,
        deadline=DEADLINE,
    )


def test_a_migrated_server_frees_its_old_host_and_its_scale_goes_on(region: Region) -> None:
    region.given(*standing(first=SMALL))
    region.ask(scale(LARGE, "migrate"))
    region.ask(told(at(on=SECOND), "migrate", SECOND, HOST))
    assert events(region)[3:] == [ARRIVED, left(SMALL, Size(0, 0))]
    region.ask(told(at(LARGE, on=SECOND), host=SECOND))
    assert events(region)[5:] == [
        ScaleConfirmed(
            operation=OPERATION,
            was=SMALL,
            size=LARGE,
            guest=GREW,
            envelope=ENVELOPE,
            power="running",
            seen_by_guest=False,  # it told the same before
            awaited=GuestView(vcpus=4, memory_mib=8050 + 4096),
        )
    ]
    assert (used(region)["cores"], held_by(region, SECOND)) == (4, LARGE)


def test_a_migration_is_no_tenants_growth(region: Region) -> None:
    """The room that it takes on two hosts for a while is the operator's."""
    region.given(*standing(first=SMALL), *limited(cores=4, ram=8192))
    region.ask(scale(LARGE, "migrate"))
    assert used(region) == {"instances": 1, "cores": 4, "ram": 8192}
    assert held_by(region, SECOND) == LARGE
    assert held_by(region, HOST) == SMALL


def test_a_scale_without_room_anywhere_changes_nothing(region: Region) -> None:
    region.given(*standing(first=SMALL, second=Size(4, 8191)))
    refused = refusal(region, LARGE, "migrate")
    assert isinstance(refused, NoValidHost)
    assert (refused.asked, refused.would_fit) == (LARGE, None)
    assert refused.ruled_out == (RuledOut(reason="room", hosts=2),)


@pytest.mark.parametrize("consent", ["live", "restart"])
def test_nobody_is_migrated_who_did_not_consent_to_that(region: Region, consent: Consent) -> None:
    region.given(*standing(first=SMALL))
    refused = refusal(region, LARGE, consent)
    assert isinstance(refused, NeedsMigration)
    assert vars(refused) == {"asked": LARGE, "consent": "migrate"}


@pytest.mark.parametrize("consent", ["live", "migrate"])
def test_nobody_is_restarted_who_did_not_consent_to_that(region: Region, consent: Consent) -> None:
    region.given(*standing())
    refused = refusal(region, Size(2, 512), consent)
    assert isinstance(refused, NeedsRestart)
    assert refused.consent == "restart"


def test_consent_to_a_restart_restarts_only_where_it_is_needed(region: Region) -> None:
    region.given(*standing())
    live = region.ask(scale(LARGE, "restart"))
    assert answered(live, ScaleAccepted).mode == "live"


def test_consent_to_a_restart_restarts_where_it_is_needed(region: Region) -> None:
    region.given(*standing())
    restarted = region.ask(scale(Size(2, 4100), "restart"))
    assert answered(restarted, ScaleAccepted).mode == "restart"


def test_the_ceiling_is_looked_at_before_the_quota_and_the_quota_before_room(
    region: Region,
) -> None:
    region.given(*standing(first=SMALL, second=SMALL), *limited(cores=2))
    assert isinstance(refusal(region, VAST, "migrate"), AboveCeiling)
    assert isinstance(refusal(region, LARGE, "migrate"), QuotaExceeded)
    assert isinstance(refusal(region, Size(2, 8192), "migrate"), NoValidHost)


def test_a_caller_above_quota_is_not_told_about_room(region: Region) -> None:
    region.given(*standing(first=SMALL), *limited(cores=2))
    assert isinstance(refusal(region, LARGE, "live"), QuotaExceeded)


def test_a_scale_in_place_asks_for_no_other_host(region: Region) -> None:
    region.given(*standing())
    region.ask(scale(LARGE))
    assert events(region)[0] == requested(LARGE)
    assert held_by(region, SECOND) == Size(0, 0)
