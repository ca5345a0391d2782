"""Of a server whose operation's outcome nobody knows its watchers tell what others do to it."""

from __future__ import annotations

from uuid import UUID

import pytest

from adapters.relay.watch.watch_pace import WatchPace
from domain.shared.size import Size
from tests.kit.building import rooms
from tests.kit.hypervisor import LARGE, SMALL, Hang, ScriptedHost, lose_answer
from tests.kit.region import HOST, NewRegion, Region, until
from tests.kit.watching import BY_EVENTS, BY_SWEEPS, drift, observed, watched

SECOND = "host-2"
MORE = Size(8, 16384)
BOTH = pytest.mark.parametrize("pace", [BY_EVENTS, BY_SWEEPS], ids=["events", "sweeps"])


@pytest.fixture
def region(new_region: NewRegion) -> Region:
    """The first host has no room for a server that grows by more than it has."""
    hosts = {HOST: ScriptedHost(Size(16, 16384 + 512)), SECOND: ScriptedHost()}
    region = new_region(hosts, operation_seconds=1.5).leading()
    rooms(region)
    return region


def undecided(region: Region, to: Size, consent: str = "live") -> tuple[UUID, str]:
    """It is done after all, and nobody was told."""
    server, hang = region.adopted(), Hang(then=lose_answer)
    region.host.tell(server, hang)
    with region.carried():
        operation = region.scaling(server, to, consent=consent)
        assert region.ended(operation)["state"] == "unknown"
        region.host.down = True  # or it would be read back
        hang.release()
    region.host.down = False
    until(lambda: region.host.effects)
    until(lambda: region.process.readside.saved >= region.head)
    return server, operation


@BOTH
def test_more_than_an_undecided_operation_claims_is_drift_and_claimed(
    region: Region, pace: WatchPace
) -> None:
    server, operation = undecided(region, LARGE)
    with watched(region, pace):
        region.host.somebody_resizes(server, MORE)
        until(lambda: drift(region))
        assert region.used() == {"instances": 1, "cores": MORE.vcpus, "ram": MORE.memory_mib}
        assert region.get(f"/v1/operations/{operation}").json()["state"] == "unknown"
        region.post(f"/v1/operations/{operation}/resolve")
        with region.carried():
            region.ended(operation)
    assert region.used()["cores"] == MORE.vcpus
    assert len(observed(region)) == 1


@pytest.mark.parametrize(("to", "consent"), [(LARGE, "live"), (Size(2, 20480), "migrate")])
def test_what_an_undecided_operation_did_is_no_drift(
    region: Region, to: Size, consent: str
) -> None:
    server, operation = undecided(region, to, consent)
    with watched(region, BY_SWEEPS):
        swept = {host: host.sweeps for host in region.hosts.values()}
        until(lambda: all(host.sweeps > before + 3 for host, before in swept.items()))
        assert (drift(region), observed(region)) == ([], [])
        region.post(f"/v1/operations/{operation}/resolve")
        with region.carried():
            ended = region.ended(operation)
        expected = "succeeded" if consent == "live" else "failed"
        assert ended["state"] == expected
    assert region.get(f"/v1/servers/{server}").json()["host"] == (
        HOST if consent == "live" else SECOND
    )
    assert observed(region) == []


@BOTH
def test_an_undecided_server_moved_by_others_is_seen_where_it_runs(
    region: Region, pace: WatchPace
) -> None:
    server, _ = undecided(region, LARGE)
    with watched(region, pace):
        region.host.somebody_moves(server, region.hosts[SECOND])
        until(lambda: [one["seen"] and one["seen"]["host"] for one in drift(region)] == [SECOND])
    assert region.get(f"/v1/hosts/{SECOND}").json()["used"] == {
        "vcpus": LARGE.vcpus,
        "memory_mib": LARGE.memory_mib,
    }
    assert region.used()["cores"] == LARGE.vcpus > SMALL.vcpus
