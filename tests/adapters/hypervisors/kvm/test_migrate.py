"""A running server moves between two hosts, and wherever that breaks off it runs at one of them."""

from __future__ import annotations

import resource
from collections.abc import Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import contextmanager
from uuid import UUID, uuid4

import pytest

from adapters.demo.machines import machine
from adapters.demo.machines.libvirtd import Libvirtd
from adapters.hypervisors.driver import Found
from adapters.hypervisors.failures import (
    DriverOutcomeUnknown,
    DriverRefused,
    DriverUnavailable,
    Failure,
    Gone,
    NoCapacity,
    Unreachable,
)
from adapters.hypervisors.kvm import Kvm
from adapters.hypervisors.kvm.link.address import Address, address
from domain.shared.size import Size
from tests.adapters.hypervisors.kvm.hosts import domain
from tests.adapters.hypervisors.kvm.places import TwoHosts
from tests.kit.region import until

pytestmark = [pytest.mark.xdist_group("two-hosts"), pytest.mark.takes(6)]

WITHIN = 60.0


def move(hosts: TwoHosts, server: UUID, *, within: float = WITHIN) -> Found:
    here, there = hosts.drivers["kvm-1"], hosts.drivers["kvm-2"]
    return here.migrate(server, there, operation=uuid4(), within=within)


def test_a_guest_moves_with_its_memory_and_grows_where_it_is(two_hosts: TwoHosts) -> None:
    """Looked at from inside: it goes on, it is not started again."""
    server = two_hosts.boot("kvm-1")
    here, there = two_hosts.drivers.values()
    with two_hosts.console("kvm-1", server) as inside:
        inside.wait_until_ready()
        had = inside.memory_mib()
        here.reconfigure(server, operation=uuid4(), to=Size(2, 512), within=WITHIN)
        assert inside.wait_for(lambda i: (i.vcpus(), i.memory_mib()) == (2, had + 128))
        inside.ask("echo kept > /tmp/kept")
        ran = float(inside.ask("cat /proc/uptime").split()[0])

    found = move(two_hosts, server)

    assert (found.state, found.allocated) == ("running", Size(2, 512))
    assert two_hosts.where(server) == {"kvm-2": "running"}
    with two_hosts.console("kvm-2", server) as inside:
        inside.wait_until_ready()
        assert inside.ask("cat /tmp/kept") == "kept"
        assert float(inside.ask("cat /proc/uptime").split()[0]) > ran
        assert (inside.vcpus(), inside.memory_mib()) == (2, had + 128)
        answer = there.reconfigure(server, operation=uuid4(), to=Size(3, 768), within=WITHIN)
        assert answer.shortfall is None
        assert inside.wait_for(lambda i: (i.vcpus(), i.memory_mib()) == (3, had + 384))


def test_a_repeated_migration_only_reads(two_hosts: TwoHosts) -> None:
    server = two_hosts.make("kvm-1")
    once = move(two_hosts, server)
    assert move(two_hosts, server) == once
    here, there = two_hosts.drivers.values()
    assert there.migrate(server, there, operation=uuid4(), within=WITHIN) == once
    there.migrate(server, here, operation=uuid4(), within=WITHIN)
    assert two_hosts.where(server) == {"kvm-1": "paused"}


def test_a_stopped_server_is_not_migrated(two_hosts: TwoHosts) -> None:
    server = two_hosts.make("kvm-1")
    two_hosts.drivers["kvm-1"].stop(server, within=WITHIN)
    with pytest.raises(DriverRefused, match="does not run"):
        move(two_hosts, server)
    with pytest.raises(Gone):
        move(two_hosts, uuid4())


def test_a_definition_left_by_an_earlier_migration_is_removed(two_hosts: TwoHosts) -> None:
    server = two_hosts.make("kvm-1")
    with domain(two_hosts.daemons["kvm-1"].uri, server) as found:
        left = found.XMLDesc()
    move(two_hosts, server)
    with domain(two_hosts.daemons["kvm-2"].uri, server) as found:
        assert found.isPersistent()
    define(two_hosts, "kvm-1", left)
    assert two_hosts.where(server) == {"kvm-1": "stopped", "kvm-2": "paused"}
    move(two_hosts, server)
    assert two_hosts.where(server) == {"kvm-2": "paused"}


def test_a_migration_without_room_leaves_the_server_running(two_hosts: TwoHosts) -> None:
    server = two_hosts.boot("kvm-1")
    with memory_limited(two_hosts.daemons["kvm-2"]), pytest.raises(NoCapacity):
        move(two_hosts, server)
    assert two_hosts.where(server) == {"kvm-1": "running"}


def test_a_host_that_is_down_is_unreachable(two_hosts: TwoHosts) -> None:
    server = two_hosts.make("kvm-1")
    nowhere = Kvm(f"qemu:///session?socket=/nowhere/{uuid4()}")
    with pytest.raises(Unreachable):
        two_hosts.drivers["kvm-1"].migrate(server, nowhere, operation=uuid4(), within=5)
    assert two_hosts.where(server) == {"kvm-1": "paused"}


def test_a_migration_that_does_not_end_is_taken_back(two_hosts: TwoHosts) -> None:
    server = two_hosts.boot("kvm-1")
    wait_until_booted(two_hosts, server)
    crawl(two_hosts, server)
    with pytest.raises(DriverUnavailable, match="taken back"):
        move(two_hosts, server, within=12)
    assert two_hosts.where(server) == {"kvm-1": "running"}


def test_a_migration_begun_by_others_is_waited_for(two_hosts: TwoHosts) -> None:
    server = two_hosts.boot("kvm-1")
    wait_until_booted(two_hosts, server)
    crawl(two_hosts, server)
    with ThreadPoolExecutor(1) as pool:
        first = pool.submit(move, two_hosts, server)
        until(lambda: is_moving(two_hosts, server))
        hurry(two_hosts, server)
        second = Kvm(two_hosts.uris["kvm-1"])
        found = second.migrate(server, two_hosts.drivers["kvm-2"], operation=uuid4(), within=WITHIN)
        assert found.state == "running"
        assert first.result().server == server
        second.close()
    assert two_hosts.where(server) == {"kvm-2": "running"}


@pytest.mark.parametrize("who", ["kvm-1", "kvm-2"])
def test_a_daemon_killed_amid_a_migration_leaves_it_running_at_one_place(
    two_hosts: TwoHosts, who: str
) -> None:
    server = two_hosts.boot("kvm-1")
    wait_until_booted(two_hosts, server)
    crawl(two_hosts, server)
    with ThreadPoolExecutor(1) as pool:
        call: Future[Found] = pool.submit(move, two_hosts, server, within=40)
        until(lambda: is_moving(two_hosts, server))
        two_hosts.daemons[who].kill()
        two_hosts.daemons[who].start()
        assert isinstance(call.exception(), Failure)
    until(lambda: list(two_hosts.where(server).values()) == ["running"])
    hurry(two_hosts, server)
    until(lambda: arrives(two_hosts, server), within=60)
    assert two_hosts.where(server) == {"kvm-2": "running"}
    with two_hosts.console("kvm-2", server) as inside:
        inside.wait_until_ready()


def arrives(hosts: TwoHosts, server: UUID) -> bool:
    try:
        return move(hosts, server, within=30).state == "running"
    except (DriverUnavailable, DriverOutcomeUnknown):
        return False


def wait_until_booted(hosts: TwoHosts, server: UUID) -> None:
    with hosts.console("kvm-1", server) as inside:
        inside.wait_until_ready()


def crawl(hosts: TwoHosts, server: UUID) -> None:
    with domain(hosts.daemons["kvm-1"].uri, server) as found:
        found.migrateSetMaxSpeed(1)  # MiB/s


def hurry(hosts: TwoHosts, server: UUID) -> None:
    with domain(hosts.daemons["kvm-1"].uri, server) as found:
        found.migrateSetMaxSpeed(1000)


def is_moving(hosts: TwoHosts, server: UUID) -> bool:
    with domain(hosts.daemons["kvm-1"].uri, server) as found:
        return bool(found.jobStats().get("memory_processed", 0) > 0)


def define(hosts: TwoHosts, host: str, xml: str) -> None:
    with machine.connected(hosts.daemons[host].uri) as connection:
        connection.defineXML(xml)


@contextmanager
def memory_limited(daemon: Libvirtd) -> Iterator[None]:
    """As on a host that is full: what this libvirtd starts gets no more than 1 GiB."""
    had = resource.prlimit(daemon.pid, resource.RLIMIT_AS)
    resource.prlimit(daemon.pid, resource.RLIMIT_AS, (1 << 30, had[1]))
    try:
        yield
    finally:
        resource.prlimit(daemon.pid, resource.RLIMIT_AS, had)


@pytest.mark.parametrize(
    ("uri", "reached", "moves_to"),
    [
        ("qemu:///system", "qemu:///system", None),
        ("qemu:///session?socket=/a/b", "qemu:///session?socket=/a/b", None),
        ("qemu:///system?migrate_uri=tcp://10.0.0.7", "qemu:///system", "tcp://10.0.0.7"),
        (
            "qemu+tls://me@h/system?no_verify=1&migrate_uri=tcp%3A%2F%2Fh%3A49152",
            "qemu+tls://me@h/system?no_verify=1",
            "tcp://h:49152",
        ),
    ],
)
def test_where_a_server_moves_to_may_be_given(uri: str, reached: str, moves_to: str | None) -> None:
    assert address(uri) == Address(uri=reached, migrate_uri=moves_to)
