"""What somebody else does on a host stands in the books soon, by its event or by a sweep."""

from __future__ import annotations

from uuid import uuid4

import pytest
from msgspec.structs import replace

from adapters.relay.watch.watch_pace import WatchPace
from domain.shared.size import Size
from tests.kit.hypervisor import ENVELOPE, LARGE, SMALL, ScriptedHost
from tests.kit.region import HOST, NewRegion, Region, size, until
from tests.kit.watching import BY_EVENTS, BY_SWEEPS, drift, kinds, observed, watched

OTHER_HOST = "host-2"
BOTH = pytest.mark.parametrize("pace", [BY_EVENTS, BY_SWEEPS], ids=["events", "sweeps"])


@pytest.fixture
def two_hosts(new_region: NewRegion) -> Region:
    return new_region({HOST: ScriptedHost(), OTHER_HOST: ScriptedHost()}).leading()


@BOTH
def test_a_size_changed_by_others_is_drift_and_claimed_at_once(
    region: Region, pace: WatchPace
) -> None:
    server = region.adopted()
    with watched(region, pace):
        region.host.somebody_resizes(server, LARGE)
        until(lambda: drift(region))
    (seen,) = drift(region)
    assert (seen["server"], seen["recorded"]) == (str(server), size(SMALL))
    assert seen["seen"]["size"] == size(LARGE)
    assert region.used() == {"instances": 1, "cores": LARGE.vcpus, "ram": LARGE.memory_mib}
    assert len(observed(region)) == 1


def test_drift_is_a_fact_by_its_event_alone(region: Region) -> None:
    """At the pace of a real relay, which gathers and looks again within five seconds."""
    server, pace = region.adopted(), WatchPace(sweep=3600)
    assert pace.gather + pace.look_again(0) < 5
    with watched(region, pace):
        region.host.somebody_resizes(server, LARGE)
        until(lambda: drift(region))


@BOTH
def test_drift_that_others_undo_ends(region: Region, pace: WatchPace) -> None:
    server = region.adopted()
    with watched(region, pace):
        region.host.somebody_resizes(server, LARGE)
        until(lambda: drift(region))
        region.host.somebody_resizes(server, SMALL)
        until(lambda: not drift(region))
    assert region.used()["cores"] == SMALL.vcpus
    assert [one["body"]["drift"] is None for one in observed(region)] == [False, True]


@BOTH
def test_power_and_limits_that_others_change_are_recorded_and_no_drift(
    region: Region, pace: WatchPace
) -> None:
    server = region.adopted()
    narrow = replace(ENVELOPE, ceiling=Size(8, 16384))
    with watched(region, pace):
        region.host.somebody_powers(server, "stopped")
        until(lambda: region.get(f"/v1/servers/{server}").json()["power"] == "stopped")
        region.host.envelopes[server] = narrow
        region.host.somebody_powers(server, "running")
        until(lambda: region.get(f"/v1/servers/{server}").json()["power"] == "running")
        wide = replace(narrow, ceiling=Size(16, 32768))
        region.host.somebody_restarts(server, wide)
        until(lambda: "server.envelope-read" in kinds(region, server))
    envelope = region.get(f"/v1/servers/{server}").json()["envelope"]
    assert envelope["ceiling"] == {"vcpus": 16, "memory_mib": 32768}
    assert kinds(region, server)[-3:] == [
        "server.power-changed",
        "server.power-changed",
        "server.envelope-read",
    ]
    assert drift(region) == []


@BOTH
def test_a_server_that_its_host_does_not_know_is_seen_nowhere(
    region: Region, pace: WatchPace
) -> None:
    server = region.adopted()
    with watched(region, pace):
        region.host.somebody_deletes(server)
        until(lambda: drift(region))
    assert drift(region)[0]["seen"] is None
    assert region.used()["cores"] == SMALL.vcpus


@BOTH
def test_a_server_that_somebody_migrated_is_seen_where_it_runs(
    two_hosts: Region, pace: WatchPace
) -> None:
    region, (here, there) = two_hosts, two_hosts.hosts.values()
    server = region.adopted()
    with watched(region, pace):
        here.somebody_moves(server, there)
        until(
            lambda: [one["seen"] and one["seen"]["host"] for one in drift(region)] == [OTHER_HOST]
        )
        # What its first host keeps of it, stopped, is no news.
        here.sizes[server], here.powers[server] = SMALL, "stopped"
        sweeps = here.sweeps
        here.happened(server)
        inspections = here.inspections
        until(lambda: here.sweeps > sweeps + 3 or here.inspections > inspections)
        assert [one["seen"]["host"] for one in drift(region)] == [OTHER_HOST]


def test_a_guest_that_speaks_differently_of_itself_is_no_difference(region: Region) -> None:
    server = region.adopted()
    with watched(region, BY_SWEEPS):
        head = _settled(region)
        region.host.guest_keeps_mib = 900
        _swept(region.host)
        assert region.head == head
    assert kinds(region, server)[-1] != "server.envelope-read"


def test_servers_that_are_not_adopted_are_ignored(region: Region) -> None:
    with watched(region, BY_SWEEPS):
        head = _settled(region)
        stranger = region.host.make()
        _swept(region.host)
        region.host.somebody_resizes(stranger, LARGE)
        region.host.happened(uuid4())
        _swept(region.host)
        assert region.head == head


def test_a_server_that_is_as_recorded_is_not_read_again(region: Region) -> None:
    server, gone = region.adopted(), uuid4()
    with watched(region) as watching:
        for one in (server, gone):
            region.host.happened(one)
            until(lambda: not watching._watches[HOST]._pending)
        region.host.somebody_resizes(server, LARGE)
        until(lambda: drift(region))
        until(lambda: not watching._watches[HOST]._pending)


def test_many_servers_that_change_at_once_are_read_together(region: Region) -> None:
    region.limits(instances=-1, cores=-1, ram=-1)
    servers = [region.adopted() for _ in range(50)]
    with watched(region, replace(BY_EVENTS, gather=0.5, again=0.5)):
        inspections, sweeps = region.host.inspections, region.host.sweeps
        for server in servers:
            region.host.somebody_resizes(server, LARGE)
        until(lambda: len(drift(region)) == 50)
        assert region.host.inspections == inspections
        assert region.host.sweeps <= sweeps + 2
    assert region.used()["cores"] == 50 * LARGE.vcpus
    assert len(observed(region)) == 50


def test_a_hosts_capacity_is_reported_once_and_when_it_changes(region: Region) -> None:
    def shown() -> object:
        return region.get(f"/v1/hosts/{HOST}").json()["capacity"]

    with watched(region, BY_SWEEPS):
        until(lambda: shown() == size(region.host.capacity))
        region.host.capacity = Size(128, 2**20)
        until(lambda: shown() == {"vcpus": 128, "memory_mib": 2**20})
        head = _settled(region)
        _swept(region.host)
        assert region.head == head


def _swept(host: ScriptedHost) -> None:
    """Twice from now on: the first may have begun before."""
    sweeps = host.sweeps
    until(lambda: host.sweeps >= sweeps + 3)


def _settled(region: Region) -> int:
    """The head of the log, when all that the first sweeps tell is in it."""
    until(lambda: region.get(f"/v1/hosts/{HOST}").json()["capacity"])
    _swept(region.host)
    return region.head
