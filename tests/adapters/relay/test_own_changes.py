"""What we do ourselves is never drift, however often hosts are read, however late tables are."""

from __future__ import annotations

import random
from concurrent.futures import ThreadPoolExecutor
from threading import Event
from uuid import UUID

import pytest
from msgspec.structs import replace

from adapters.hypervisors.driver import Reconfigured
from domain.shared.size import Size
from tests.kit.hypervisor import (
    LARGE,
    SMALL,
    Call,
    Hang,
    ScriptedHost,
    answer,
    lose_answer,
    lose_request,
    memory_only,
    refuse,
)
from tests.kit.region import HOST, QUICK, NewRegion, Region, size, until
from tests.kit.watching import BY_EVENTS, BY_SWEEPS, drift, facts, observed, watched

OTHER_HOST = "host-2"
SERVERS, CHANGES = 10, 8
ALWAYS = replace(BY_EVENTS, sweep=0.05)


@pytest.fixture
def two_hosts(new_region: NewRegion) -> Region:
    region = new_region({HOST: ScriptedHost(), OTHER_HOST: ScriptedHost()}).leading()
    region.limits(instances=-1, cores=-1, ram=-1)
    return region


def test_a_storm_of_our_own_changes_is_no_drift(two_hosts: Region) -> None:
    region, seed = two_hosts, random.randrange(2**32)
    print(f"seed {seed}")
    servers = [region.adopted(host=host) for _ in range(SERVERS) for host in region.hosts]
    with watched(region, ALWAYS), region.carried(), ThreadPoolExecutor(8) as callers:
        _each_kind_once(region, servers[0])
        busy = [
            callers.submit(_change, region, server, random.Random(seed + number))
            for number, server in enumerate(servers)
        ]
        for one in busy:
            one.result()
        sweeps = _swept(region)
    happened = [one for server in servers for one in facts(region, server)]
    print(f"{len(happened)} facts, {sweeps} sweeps")
    assert {"server.scale-confirmed", "server.scale-partly-applied", "server.power-changed"} <= {
        one["kind"] for one in happened
    }
    unasked = {"server.drift-observed", "server.envelope-read"}
    assert [one for one in happened if one["kind"] in unasked] == []
    powered = [one["body"] for one in happened if one["kind"] == "server.power-changed"]
    assert [one for one in powered if one["operation"] is None] == []


def test_an_observation_reported_too_late_is_ignored(region: Region) -> None:
    """A look at the tables of before, at the host of then, told to the leader of now."""
    server = region.adopted()
    with watched(region, BY_SWEEPS), region.carried():
        with region.process._saver.paused:
            assert region.ended(region.scaling(server, LARGE))["state"] == "succeeded"
            region.host.sweeping, sweeps = Event(), region.host.sweeps
            until(lambda: region.host.sweeps > sweeps)
            assert region.ended(region.scaling(server, SMALL))["state"] == "succeeded"
            region.host.sweeping.set()
            _swept(region)
        _swept(region)
    assert observed(region) == []


def test_tables_that_lag_behind_the_log_make_no_drift_and_hide_none_for_long(
    region: Region,
) -> None:
    server, other = region.adopted(), region.adopted()
    with watched(region, ALWAYS), region.carried():
        with region.process._saver.paused:  # the tables stand still
            operation = region.scaling(server, LARGE)
            until(lambda: region.host.sizes[server] == LARGE)
            assert region.ended(operation)["state"] == "succeeded"
            region.host.somebody_resizes(other, LARGE)
            _swept(region)
            assert [one["server"] for one in drift(region)] == [str(other)]
        region.host.somebody_resizes(server, SMALL)
        until(lambda: len(drift(region)) == 2)
    assert [one["body"]["was"] for one in observed(region)] == [size(SMALL), size(LARGE)]


def test_an_ignored_observation_is_reported_again(region: Region) -> None:
    """Of two facts that have nothing to do with each other one must not hide the other."""
    server = region.adopted()
    with watched(region):
        with region.process._saver.paused:
            most = {"ceiling": {"vcpus": 8, "memory_mib": 16384}}
            assert region.put(f"/v1/servers/{server}/ceiling", most).status_code == 200
            inspections = region.host.inspections
            region.host.somebody_resizes(server, LARGE)
            until(lambda: region.host.inspections >= inspections + 3)
            assert drift(region) == []
        until(lambda: drift(region))


def test_drift_undone_before_the_tables_know_it_ends_soon(region: Region) -> None:
    """It agrees with the tables, which are too old, and not with the log."""
    server = region.adopted()
    with watched(region):
        until(lambda: region.get(f"/v1/hosts/{HOST}").json()["capacity"])
        with region.process._saver.paused:
            region.host.somebody_resizes(server, LARGE)
            until(lambda: drift(region))
            inspections = region.host.inspections
            region.host.somebody_resizes(server, SMALL)
            until(lambda: region.host.inspections >= inspections + 3)
        until(lambda: not drift(region))


def test_a_change_by_others_during_our_own_is_told_when_ours_has_ended(region: Region) -> None:
    """Its event comes while nothing can be said of the server."""
    server, other = region.adopted(), region.adopted()
    held = Overtaken()
    region.host.tell(server, held)
    with watched(region), region.carried(pace=replace(QUICK, call_seconds=30)):
        operation = region.scaling(server, LARGE)
        assert held.began.wait(20)
        region.host.somebody_resizes(other, LARGE)
        until(lambda: drift(region))
        until(lambda: region.process.readside.saved >= region.head)
        region.host.somebody_resizes(other, SMALL)
        until(lambda: not drift(region))  # by now the first has been looked at as well
        held.release()
        assert region.ended(operation)["state"] == "succeeded"
        until(lambda: region.get(f"/v1/servers/{server}").json()["power"] == "paused")
    assert drift(region) == []


class Overtaken(Hang):
    """Somebody else pauses the server between our reading it back and our telling so."""

    def __call__(self, host: ScriptedHost, call: Call) -> Reconfigured:
        done = answer(host, call)
        host.somebody_powers(call.server, "paused")
        self._then = lambda *_: done
        return super().__call__(host, call)


def _each_kind_once(region: Region, server: UUID) -> None:
    """What the storm may leave out by chance."""
    assert region.ended(region.scaling(server, LARGE))["state"] == "succeeded"
    next(iter(region.hosts.values())).tell(server, memory_only)
    region.ended(region.scaling(server, SMALL))
    region.ended(region.post(f"/v1/servers/{server}/stop", {}).json()["operation"])


def _change(region: Region, server: UUID, chance: random.Random) -> None:
    host = next(host for host in region.hosts.values() if server in host.sizes)
    for _ in range(CHANGES):
        if chance.random() < 0.3:
            host.tell(server, chance.choice([lose_answer, lose_request, memory_only, refuse]))
        if chance.random() < 0.2:
            power = "stop" if host.power(server) == "running" else "start"
            answered = region.post(f"/v1/servers/{server}/{power}", {})
        else:
            to = Size(chance.randrange(1, 9), 1024 * chance.randrange(1, 9))
            answered = region.scale(server, to)
        if answered.status_code == 202:
            region.ended(answered.json()["operation"])


def _swept(region: Region) -> int:
    """Three times from now on; how often it was in all."""
    before = {host: host.sweeps for host in region.hosts.values()}
    until(lambda: all(host.sweeps > before[host] + 3 for host in before))
    return sum(host.sweeps for host in before)
