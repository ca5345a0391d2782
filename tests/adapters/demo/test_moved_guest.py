"""A real guest that is moved is told from one that panicked where it is then."""

from __future__ import annotations

from contextlib import suppress
from uuid import uuid4

import pytest

from adapters.demo.machines.console import GuestIsSilent
from adapters.demo.story.going_on import must_have_gone_on
from adapters.demo.story.telling import NotAsTold
from tests.adapters.hypervisors.kvm.places import TwoHosts

pytestmark = [pytest.mark.xdist_group("two-hosts"), pytest.mark.takes(12)]


def test_a_panic_behind_a_move_is_told(two_hosts: TwoHosts) -> None:
    server = two_hosts.boot("kvm-1")
    with two_hosts.console("kvm-1", server) as inside:
        inside.wait_until_ready()
        boot = inside.boot()
    here, there = two_hosts.drivers.values()
    here.migrate(server, there, operation=uuid4(), within=60.0)

    with two_hosts.console("kvm-2", server) as inside:
        inside.wait_until_ready()
        must_have_gone_on(inside, boot)
        with suppress(GuestIsSilent):  # it cannot answer any more
            inside.ask("echo c > /proc/sysrq-trigger", within=0)
    # Nobody listens meanwhile; its log does.
    with two_hosts.console("kvm-2", server) as inside:
        inside.wait_until_ready()
        with pytest.raises(NotAsTold, match="was started again") as told:
            must_have_gone_on(inside, boot)
    assert "Kernel panic - not syncing: sysrq triggered crash" in str(told.value)
