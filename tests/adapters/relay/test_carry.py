"""One message and what it comes to: what is not known is never told as if it were."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from uuid import uuid4

import pytest
from msgspec.structs import replace

from adapters.hypervisors.hosts import Hosts
from adapters.relay.carry import Again, carry
from adapters.reports import Failed, ReadBack
from domain.size import Size
from projections.outbox import Ask
from tests.hypervisor import LARGE, SMALL, Call, ScriptedHost, refuse

HALF = Size(SMALL.vcpus, LARGE.memory_mib)


@pytest.fixture
def host() -> ScriptedHost:
    return ScriptedHost()


@pytest.fixture
def hosts(host: ScriptedHost) -> Hosts:
    return Hosts({"kvm-1": "test:///default"}, make=lambda _: host)


@pytest.fixture
def ask(host: ScriptedHost) -> Ask:
    return Ask(
        position=1,
        operation=uuid4(),
        ask="reconfigure",
        host="kvm-1",
        server=host.make(SMALL),
        vcpus=LARGE.vcpus,
        memory_mib=LARGE.memory_mib,
        deadline=datetime.now(UTC) + timedelta(minutes=5),
        attempts=1,
        sent_before=False,
    )


def test_a_first_attempt_that_is_refused_has_changed_nothing(
    ask: Ask, host: ScriptedHost, hosts: Hosts
) -> None:
    host.tell(ask.server, refuse)
    assert isinstance(carry(ask, hosts, call_seconds=30), Failed)


def test_a_later_attempt_that_is_refused_tells_what_the_earlier_one_left(
    ask: Ask, host: ScriptedHost, hosts: Hosts
) -> None:
    host.apply(Call(server=ask.server, operation=ask.operation, to=HALF), HALF)
    host.tell(ask.server, refuse)
    became = carry(replace(ask, sent_before=True), hosts, call_seconds=30)
    assert isinstance(became, ReadBack)
    assert became.size == HALF


def test_a_read_back_that_is_refused_leaves_the_outcome_unknown(
    ask: Ask, host: ScriptedHost, hosts: Hosts
) -> None:
    host.sizes.clear()
    became = carry(replace(ask, ask="read-back"), hosts, call_seconds=30)
    assert isinstance(became, Again)
    assert became.sent


def test_nothing_is_changed_after_the_deadline(ask: Ask, host: ScriptedHost, hosts: Hosts) -> None:
    late = replace(ask, deadline=datetime.now(UTC) - timedelta(seconds=1))
    assert carry(late, hosts, call_seconds=30) == Again(
        sent=False, unreachable=False, why="its deadline has passed"
    )
    assert host.calls == []
