"""A change looked at from inside the guest, which is who must have it."""

from __future__ import annotations

from time import monotonic
from uuid import uuid4

import pytest

from adapters.hypervisors.failures import DriverNeedsRestart, DriverRefused
from adapters.hypervisors.kvm import Kvm
from adapters.hypervisors.kvm.changes import steps
from adapters.hypervisors.kvm.changes.change import DomainChange
from adapters.hypervisors.kvm.changes.reconfigure import carry_out
from adapters.hypervisors.kvm.changes.steps import CONFIG, LIVE, Plug, SetVcpus, SizeStep
from adapters.hypervisors.kvm.definition.template import NAMESPACE
from adapters.hypervisors.kvm.link.host import HostLink
from adapters.hypervisors.kvm.link.line import Deadline
from domain.shared.size import Size
from tests.adapters.hypervisors.kvm.conftest import Booted
from tests.adapters.hypervisors.kvm.hosts import QemuHost, domain
from tests.kit.region import until

pytestmark = [pytest.mark.xdist_group("guest"), pytest.mark.takes(7)]

WITHIN = 20.0


def test_a_guest_gets_its_vcpus_and_memory_once(booted: Booted, qemu: Kvm, uri: str) -> None:
    operation, to = uuid4(), Size(3, 768)
    assert booted.inside.vcpus() == 1
    had = booted.inside.memory_mib()

    answer = qemu.reconfigure(booted.server, operation=operation, to=to, within=WITHIN)

    assert answer.shortfall is None
    assert answer.found.allocated == to
    assert booted.inside.wait_for(lambda inside: inside.vcpus() == 3)
    assert booted.inside.memory_mib() == had + 256
    assert answer.found.guest.memory_mib == had + 256

    again = qemu.reconfigure(booted.server, operation=operation, to=to, within=WITHIN)
    assert again.found.allocated == to
    assert booted.inside.memory_mib() == had + 256
    until(lambda: qemu.inspect(booted.server).guest.vcpus == 3)

    with pytest.raises(DriverNeedsRestart):
        qemu.reconfigure(booted.server, operation=uuid4(), to=Size(3, 512), within=WITHIN)
    with pytest.raises(DriverNeedsRestart):
        qemu.reconfigure(booted.server, operation=uuid4(), to=Size(1, 768), within=WITHIN)
    assert (booted.inside.vcpus(), booted.inside.memory_mib()) == (3, had + 256)

    with domain(uri, booted.server) as found:
        assert str(operation) in found.metadata(2, NAMESPACE)


def test_an_agent_that_hangs_is_silent_and_holds_up_nobody(booted: Booted, qemu: Kvm) -> None:
    until(lambda: qemu.inspect(booted.server).guest.vcpus == 1)
    booted.inside.ask("kill -STOP $(pidof qemu-ga)")
    begun = monotonic()
    assert qemu.inspect(booted.server).guest.vcpus is None
    assert monotonic() - begun < 3
    answer = qemu.reconfigure(booted.server, operation=uuid4(), to=Size(2, 512), within=WITHIN)
    assert (answer.found.allocated, answer.shortfall) == (Size(2, 512), None)


def test_memory_is_taken_back_when_its_vcpus_are_refused(
    booted: Booted, qemu: Kvm, uri: str
) -> None:
    """The limits would refuse these vCPUs first, so the steps are given as they are."""
    had = booted.inside.memory_mib()
    host, alias = HostLink(uri), steps.alias_of(uuid4())
    change = DomainChange(host, booted.server, Deadline(WITHIN))
    before = change.read()
    todo: list[SizeStep] = [Plug(alias, 256, LIVE | CONFIG), SetVcpus(9, LIVE | CONFIG)]
    with pytest.raises(DriverRefused):
        carry_out(change, todo, before)
    assert qemu.inspect(booted.server).allocated == Size(1, 512)
    assert booted.inside.wait_for(lambda inside: inside.memory_mib() == had)
    assert host.read(booted.server, Deadline(WITHIN)).live.devices == ()
    assert host.read(booted.server, Deadline(WITHIN)).same_size_as(before)
    host.close()


def test_memory_that_a_paused_guest_cannot_give_back_is_recorded(qemu_host: QemuHost) -> None:
    """Asked to, it would give it up when it runs again, and nobody would know."""
    server = qemu_host.make()
    host = HostLink(qemu_host.uri)
    change = DomainChange(host, server, Deadline(WITHIN))
    todo: list[SizeStep] = [
        Plug(steps.alias_of(uuid4()), 256, LIVE | CONFIG),
        SetVcpus(9, LIVE | CONFIG),
    ]
    answer = carry_out(change, todo, change.read())
    host.close()
    assert answer is not None
    assert answer.found.allocated == Size(1, 768)
    assert "9 > 4" in (answer.shortfall or "")
