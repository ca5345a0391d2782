"""Each host is watched by one relay; none is left unwatched for long, and none holds up another."""

from __future__ import annotations

from threading import Event
from typing import Any

import psycopg
import pytest
from msgspec.structs import replace

from adapters.bootstrap.relaying import running
from tests.kit.hypervisor import LARGE, SMALL, ScriptedHost
from tests.kit.region import HOST, NewRegion, Region, until
from tests.kit.watching import BY_EVENTS, BY_SWEEPS, drift, observed, watch, watched

OTHER_HOST = "host-2"


@pytest.fixture
def two_hosts(new_region: NewRegion) -> Region:
    return new_region({HOST: ScriptedHost(), OTHER_HOST: ScriptedHost()}).leading()


def test_a_host_has_one_watcher_and_another_when_that_one_dies(region: Region) -> None:
    server = region.adopted()
    first, second = watch(region), watch(region)
    with running(second), running(first):
        until(lambda: first.watched or second.watched)
        until(lambda: region.host.sweeps == 1 and region.host.watchers == 1)
        holds, waits = (first, second) if first.watched else (second, first)
        holds.stop()
        until(lambda: waits.watched == [HOST])
        assert holds.watched == []
        until(lambda: region.host.sweeps == 2 and region.host.watchers == 1)
        region.host.somebody_resizes(server, LARGE)
        until(lambda: drift(region))
    assert region.host.watchers == 0


def test_a_watcher_whose_connection_is_cut_claims_its_hosts_again(region: Region) -> None:
    server = region.adopted()
    with watched(region) as watching, psycopg.connect(region.dsn, autocommit=True) as other:
        cut = other.execute(
            "SELECT pg_terminate_backend(pid) FROM pg_locks WHERE locktype = 'advisory'"
            " AND database = (SELECT oid FROM pg_database WHERE datname = current_database())"
            " AND classid::bigint << 32 | objid::bigint"
            "  = hashtextextended('ullage.watch:' || %s, 4711)",
            (HOST,),
        )
        assert cut.rowcount == 1
        until(lambda: region.host.sweeps >= 2)  # by the next one, which begins so
        assert watching.watched == [HOST]
        region.host.somebody_resizes(server, LARGE)
        until(lambda: drift(region))
    assert len(observed(region)) == 1


def test_a_host_that_is_away_holds_up_no_other_and_is_swept_when_it_is_back(
    two_hosts: Region,
) -> None:
    region, (away, near) = two_hosts, two_hosts.hosts.values()
    far, here = region.adopted(host=HOST), region.adopted(host=OTHER_HOST)
    away.down = True
    with running(watch(region, replace(BY_EVENTS, longest_rest=0.2))):
        until(lambda: near.sweeps)
        away.somebody_resizes(far, LARGE)  # nobody hears of it
        near.somebody_resizes(here, LARGE)
        until(lambda: drift(region))
        assert [one["server"] for one in drift(region)] == [str(here)]
        away.down = False
        until(lambda: len(drift(region)) == 2)


def test_a_host_that_goes_away_is_swept_when_it_is_back(region: Region) -> None:
    """Its events were lost meanwhile."""
    server, other = region.adopted(), region.adopted()
    with watched(region, replace(BY_EVENTS, longest_rest=0.2)):
        region.host.happened(other)
        region.host.down = True
        until(lambda: region.host.inspections)
        region.host.somebody_resizes(server, LARGE)
        region.host.down = False
        until(lambda: [one["server"] for one in drift(region)] == [str(server)])


class _Held(Event):
    """Knows whether somebody who waits for it has gone on."""

    left = False

    def wait(self, timeout: float | None = None) -> bool:
        was_set = super().wait(timeout)
        self.left = True
        return was_set


def test_a_host_that_hangs_holds_up_no_other_and_no_stop(two_hosts: Region) -> None:
    region, (hung, near) = two_hosts, two_hosts.hosts.values()
    server = region.adopted(host=OTHER_HOST)
    hung.sweeping = held = _Held()
    with running(watch(region)):
        until(lambda: hung.sweeps)
        near.somebody_resizes(server, LARGE)
        until(lambda: drift(region))
    assert not held.left
    held.set()


def test_a_driver_without_events_or_with_a_bug_is_swept_all_the_same(
    new_region: NewRegion,
) -> None:
    class Deaf(ScriptedHost):
        """Its first reading fails as no driver should."""

        def watch(self, changed: object) -> None:  # type: ignore[override] # a bug of the driver
            raise TypeError("no events")

        def inspect_all(self) -> list[Any]:
            found = super().inspect_all()
            return found if self.sweeps > 1 else [found[5]]

    region = new_region({HOST: Deaf()}).leading()
    server = region.adopted()
    with running(watch(region, BY_SWEEPS)):
        region.host.somebody_resizes(server, LARGE)
        until(lambda: drift(region))


def test_a_leader_that_is_away_is_told_when_another_leads(new_region: NewRegion) -> None:
    first = new_region().leading()
    server = first.adopted()
    with watched(first, replace(BY_EVENTS, longest_rest=0.2)):
        first.stop()
        looks = first.host.inspections + first.host.sweeps
        first.host.somebody_resizes(server, LARGE)
        until(lambda: first.host.inspections + first.host.sweeps > looks)
        second = new_region(first.hosts).leading()
        until(lambda: drift(second))
    assert second.used()["cores"] == LARGE.vcpus


def test_a_host_with_more_to_say_than_anybody_takes_is_watched_all_the_same(
    region: Region,
) -> None:
    region.host.traits = tuple(f"CUSTOM_{number}" for number in range(501))
    server = region.adopted()
    with watched(region, BY_SWEEPS):
        region.host.somebody_resizes(server, LARGE)
        until(lambda: drift(region))
    assert region.get(f"/v1/hosts/{HOST}").json()["capacity"] is None
    assert region.host.sizes[server] != SMALL
