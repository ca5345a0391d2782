"""A stopped server may have any size within its ceiling, up and down, whatever its envelope."""

from __future__ import annotations

from uuid import UUID

import pytest
from msgspec.structs import replace

from commands.quotas.set_quota import SetQuota
from domain.catalogue.region_policy import RegionRules
from domain.server import (
    CeilingDeclared,
    PowerRequested,
    ScaleConfirmed,
    ScalePartlyApplied,
    ScaleRequested,
    Server,
)
from domain.shared.errors import AboveCeiling, NoValidHost, QuotaExceeded
from domain.shared.size import Size
from tests.commands.kit.region import SERVER_STREAM, Region
from tests.commands.kit.small_commands import cancel
from tests.commands.kit.standing import (
    ADOPTION,
    at,
    claimed,
    events,
    held_by,
    host,
    limited,
    power,
    ruled,
    scale,
    standing,
    taken,
    told,
    used,
)
from tests.kit.examples import (
    ADOPTED,
    DEADLINE,
    ENVELOPE,
    GREW,
    HOST,
    HUGE,
    LARGE,
    NEXT_OPERATION,
    OPERATION,
    PROJECT,
    SERVER,
    SMALL,
    VAST,
)

THIRD_OPERATION = UUID(int=0x3)
NARROW = replace(ENVELOPE, floor=SMALL, ceiling=SMALL, memory_by="dimm", memory_slots_left=0)
STOPPED = (
    (SERVER_STREAM, replace(ADOPTED, power="stopped", envelope=NARROW)),
    *ADOPTION[1:],
)
ALONE = {"instances": 1, "cores": 0, "ram": 0}


@pytest.fixture
def uncounted(region: Region) -> Region:
    """Stopped in a region where that does not count."""
    region.given(*standing(), *ruled(RegionRules(stopped_servers="when-running")))
    region.ask(power("stopped", NEXT_OPERATION))
    region.ask(told(at(power="stopped"), "stop", operation=NEXT_OPERATION))
    return region


@pytest.mark.parametrize("to", [HUGE, Size(1, 512), Size(3, 4097), Size(16, 1)])
def test_any_size_within_its_ceiling(region: Region, to: Size) -> None:
    region.given(*host(HOST), *STOPPED)
    region.ask(scale(to))
    assert events(region)[0] == ScaleRequested(
        operation=OPERATION, host=HOST, was=SMALL, to=to, deadline=DEADLINE, mode="stopped"
    )


def test_never_above_its_ceiling(region: Region) -> None:
    region.given(*host(HOST), *STOPPED)
    with pytest.raises(AboveCeiling) as refused:
        region.ask(scale(VAST))
    assert refused.value.ceiling == HUGE


def test_never_above_the_quota_where_it_counts(region: Region) -> None:
    region.given(*host(HOST), *STOPPED, *limited(cores=2))
    with pytest.raises(QuotaExceeded):
        region.ask(scale(LARGE))


def test_never_beyond_the_room_on_its_host(region: Region) -> None:
    region.given(*host(HOST, SMALL), *host("host-2"), *STOPPED)
    with pytest.raises(NoValidHost):
        region.ask(scale(LARGE, "migrate"))


def test_a_scale_of_a_stopped_server_is_confirmed_by_its_definition(region: Region) -> None:
    region.given(*host(HOST), *STOPPED)
    region.ask(scale(LARGE))
    region.ask(told(at(LARGE, power="stopped")))
    assert events(region)[3:] == [
        ScaleConfirmed(
            operation=OPERATION,
            was=SMALL,
            size=LARGE,
            guest=GREW,
            envelope=ENVELOPE,
            power="stopped",
            seen_by_guest=True,
        )
    ]


def test_an_uncounted_server_grows_beyond_the_quota_but_not_beyond_its_host(
    uncounted: Region,
) -> None:
    uncounted.ask(SetQuota(project=PROJECT, limits={"cores": 0, "ram": 0}))
    uncounted.ask(scale(LARGE))
    assert events(uncounted)[5:] == [taken(Size(2, 4096), LARGE)]
    assert used(uncounted) == ALONE
    uncounted.ask(told(at(LARGE, power="stopped")))
    with pytest.raises(QuotaExceeded):
        uncounted.ask(power("running", THIRD_OPERATION))


def test_a_cancelled_scale_does_not_count_an_uncounted_server(uncounted: Region) -> None:
    uncounted.ask(scale(LARGE))
    uncounted.ask(cancel())
    assert used(uncounted) == ALONE
    assert held_by(uncounted, HOST) == SMALL


@pytest.mark.parametrize("size", [LARGE, SMALL])
def test_a_stopped_server_started_while_it_is_scaled_counts(uncounted: Region, size: Size) -> None:
    uncounted.ask(scale(LARGE))
    uncounted.ask(told(at(size)))
    end, claim = events(uncounted)[5:7]
    assert isinstance(end, ScaleConfirmed | ScalePartlyApplied)
    assert (end.power, end.counted) == ("running", True)
    cores, ram = size.vcpus, size.memory_mib
    growth = {"cores": cores, "ram": ram}
    assert claim == claimed(growth, {"instances": 1, "cores": cores, "ram": ram})


def test_a_stopped_server_is_started_with_its_new_size(uncounted: Region) -> None:
    uncounted.ask(scale(LARGE))
    uncounted.ask(told(at(LARGE, power="stopped")))
    uncounted.ask(power("running", THIRD_OPERATION))
    assert [type(e) for e in events(uncounted)[-2:]] == [PowerRequested, type(claimed({}, {}))]
    assert used(uncounted) == {"instances": 1, "cores": 4, "ram": 8192}


def test_a_stopped_servers_ceiling_may_be_raised(region: Region) -> None:
    raised = CeilingDeclared(was=HUGE, ceiling=VAST)
    region.given(*host(HOST), *STOPPED, (SERVER_STREAM, raised))
    region.ask(scale(VAST))
    stream = region.store.load(Server, f"server:{SERVER}")
    assert stream
    assert stream.state.requested == VAST
