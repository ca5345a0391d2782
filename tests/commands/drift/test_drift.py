"""What somebody else does to a server is observed once, and claimed at once."""

from __future__ import annotations

import pytest
from msgspec.structs import replace

from commands.drift.observe_server import ObserveServer
from commands.drift.reapply import Reapply
from domain.catalogue.region_policy import RegionRules
from domain.server import (
    Deleted,
    Drift,
    DriftObserved,
    EnvelopeRead,
    PowerChanged,
    Seen,
    Server,
)
from domain.shared.errors import DriftOpen
from domain.shared.size import GuestView, Size
from tests.commands.kit.region import SERVER_STREAM, Region
from tests.commands.kit.standing import (
    SECOND,
    absent,
    at,
    claimed,
    events,
    held_by,
    left,
    observed,
    power,
    released,
    ruled,
    scale,
    standing,
    taken,
    told,
    used,
)
from tests.commands.servers.test_delete_server import DELETE
from tests.kit.examples import (
    DEADLINE,
    ENVELOPE,
    GREW,
    HOST,
    LARGE,
    MIDDLE,
    NEXT_OPERATION,
    OPERATION,
    SERVER,
    SMALL,
    TINY,
)

REAPPLY = Reapply(server=SERVER, operation=OPERATION, deadline=DEADLINE)
MISSING = DriftObserved(was=SMALL, host=HOST, drift=Drift(seen=None))
BACK = DriftObserved(was=SMALL, host=HOST, drift=None)


def drifted(seen: Seen) -> DriftObserved:
    return DriftObserved(was=SMALL, host=HOST, drift=Drift(seen=seen))


def now(region: Region, seen: Seen | None) -> ObserveServer:
    """As it is read by who knows the books as they are."""
    stream = region.store.load(Server, SERVER_STREAM)
    assert stream
    return observed(seen, version=stream.version)


def test_growth_by_others_is_claimed_at_once_whatever_the_quota(region: Region) -> None:
    region.given(*standing(first=SMALL))
    region.ask(observed(at(LARGE)))
    assert events(region) == [
        drifted(at(LARGE)),
        claimed({"cores": 2, "ram": 4096}, {"instances": 1, "cores": 4, "ram": 8192}, None),
        taken(Size(2, 4096), LARGE, operation=None),
    ]


def test_a_shrink_by_others_is_held_until_it_is_adopted(region: Region) -> None:
    region.given(*standing())
    region.ask(observed(at(TINY)))
    assert events(region) == [drifted(at(TINY))]


def test_drift_is_recorded_once_however_often_it_is_seen(region: Region) -> None:
    region.given(*standing())
    region.ask(observed(at(LARGE)))
    region.ask(now(region, at(LARGE)))
    region.ask(now(region, replace(at(LARGE), guest=GuestView(vcpus=1))))
    assert len(events(region)) == 3


def test_drift_is_recorded_again_when_it_changes_again(region: Region) -> None:
    region.given(*standing())
    region.ask(observed(at(LARGE)))
    region.ask(now(region, at(MIDDLE)))
    assert events(region)[3:] == [
        drifted(at(MIDDLE)),
        released({"cores": 1, "ram": 2048}, {"instances": 1, "cores": 3, "ram": 6144}, None),
        left(Size(1, 2048), MIDDLE, operation=None),
    ]


def test_a_server_that_is_as_recorded_again_is_no_drift(region: Region) -> None:
    region.given(*standing())
    region.ask(observed(at(LARGE)))
    region.ask(now(region, at()))
    assert events(region)[3:] == [
        BACK,
        released({"cores": 2, "ram": 4096}, {"instances": 1, "cores": 2, "ram": 4096}, None),
        left(Size(2, 4096), SMALL, operation=None),
    ]


def test_a_server_that_is_as_recorded_is_nothing_new(region: Region) -> None:
    region.given(*standing())
    region.ask(observed(at()))
    assert events(region) == []


def test_a_changed_envelope_is_recorded(region: Region) -> None:
    region.given(*standing())
    narrow = replace(ENVELOPE, memory_slots_left=3)
    region.ask(observed(replace(at(), envelope=narrow)))
    assert events(region) == [EnvelopeRead(envelope=narrow, guest=GREW)]


def test_a_missing_server_keeps_what_it_held(region: Region) -> None:
    region.given(*standing())
    region.ask(observed(None))
    region.ask(now(region, None))
    assert events(region) == [MISSING]


def test_a_server_seen_elsewhere_is_held_on_both_hosts(region: Region) -> None:
    region.given(*standing())
    region.ask(observed(at(MIDDLE, on=SECOND)))
    assert events(region) == [
        drifted(at(MIDDLE, on=SECOND)),
        claimed({"cores": 1, "ram": 2048}, {"instances": 1, "cores": 3, "ram": 6144}, None),
        taken(Size(1, 2048), MIDDLE, operation=None),
        taken(MIDDLE, MIDDLE, SECOND, None),
    ]


def test_a_server_seen_elsewhere_is_not_missing_on_its_old_host(region: Region) -> None:
    region.given(*standing())
    region.ask(observed(None))
    region.ask(now(region, at(on=SECOND)))
    region.ask(now(region, None))
    assert events(region) == [MISSING, drifted(at(on=SECOND)), taken(SMALL, SMALL, SECOND, None)]


@pytest.mark.parametrize("to", ["stopped", "paused"])
def test_a_change_of_power_by_others_is_no_drift(region: Region, to: str) -> None:
    region.given(*standing())
    seen = at(power="stopped" if to == "stopped" else "paused")
    region.ask(observed(seen))
    assert events(region) == [
        PowerChanged(was="running", power=seen.power, size=SMALL, guest=GREW, envelope=ENVELOPE)
    ]


def test_a_server_started_and_changed_by_others_counts_at_once(region: Region) -> None:
    region.given(*standing(), *ruled(RegionRules(stopped_servers="when-running")))
    region.ask(power("stopped"))
    region.ask(told(at(power="stopped"), "stop"))
    region.ask(now(region, at(LARGE)))
    assert used(region) == {"instances": 1, "cores": 4, "ram": 8192}


def test_a_drifted_stopped_server_counts_as_soon_as_it_is_started(
    region: Region,
) -> None:
    region.given(*standing(), *ruled(RegionRules(stopped_servers="when-running")))
    region.ask(power("stopped"))
    region.ask(told(at(power="stopped"), "stop"))
    region.ask(now(region, at(LARGE, power="stopped")))
    assert used(region) == {"instances": 1, "cores": 0, "ram": 0}
    region.ask(now(region, at(LARGE)))
    assert used(region) == {"instances": 1, "cores": 4, "ram": 8192}


def test_a_reading_from_before_our_own_change_is_ignored(region: Region) -> None:
    region.given(*standing())
    region.ask(scale(LARGE))
    region.ask(told(at(LARGE)))
    before = len(region.facts)
    region.ask(observed(at(SMALL)))
    assert len(region.facts) == before


def test_our_own_change_is_no_drift_while_it_is_being_made(region: Region) -> None:
    region.given(*standing())
    region.ask(scale(LARGE))
    before = len(region.facts)
    region.ask(now(region, at(LARGE)))
    region.ask(now(region, None))
    assert len(region.facts) == before


def test_observing_a_deleted_server_records_nothing(region: Region) -> None:
    region.given(*standing())
    region.ask(DELETE)
    region.ask(absent("delete"))
    region.ask(now(region, at(LARGE)))
    assert events(region)[1] == Deleted(operation=OPERATION)
    assert used(region)["instances"] == 0


@pytest.mark.parametrize("seen", [at(LARGE), at(on=SECOND), None])
def test_a_drifted_server_is_not_changed_before_an_operator_decides(
    region: Region, seen: Seen | None
) -> None:
    region.given(*standing())
    region.ask(observed(seen))
    with pytest.raises(DriftOpen):
        region.ask(scale(MIDDLE, operation=NEXT_OPERATION))
    with pytest.raises(DriftOpen):
        region.ask(power("stopped", NEXT_OPERATION))
    assert held_by(region, HOST) != Size(0, 0)
