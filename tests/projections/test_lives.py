"""Operations of every kind, step by step, and what the outbox asks of the hypervisors for each."""

from __future__ import annotations

from typing import Any
from uuid import UUID

import msgspec
import pytest
from msgspec.structs import replace

from domain.catalogue.image import MEMORY_DEVICE
from domain.server import (
    BuildFailed,
    BuildRequested,
    Built,
    Deleted,
    DeleteFailed,
    DeleteRequested,
    Migrated,
    OperationCancelled,
    PowerChanged,
    PowerFailed,
    PowerRequested,
    ScaleRetried,
)
from domain.shared.events import Event
from domain.shared.request_spec import ImageCopy, RequestSpec
from domain.shared.size import GuestView, Size
from projections.operations import OperationRow, Operations, State
from projections.outbox import outbox
from projections.outbox.asks import Details
from projections.servers import Servers
from tests.kit.examples import (
    ADOPTED,
    DEADLINE,
    DECLARED,
    ENVELOPE,
    GREW,
    HOST,
    HUGE,
    LARGE,
    LATER,
    OPERATION,
    SERVER,
    SMALL,
    confirmed,
    failed,
    read_back,
    requested,
    unknown,
)
from tests.projections.facts import facts

SECOND, THIRD = "host-2", "host-3"
MIGRATING = replace(requested(LARGE), consent="migrate", mode="migrate", to_host=SECOND)
RESTARTING = replace(requested(LARGE), consent="restart", mode="restart")
RETRIED = ScaleRetried(
    operation=OPERATION,
    host=HOST,
    to_host=THIRD,
    to=LARGE,
    deadline=DEADLINE,
    tried=(SECOND,),
    reason="full",
)
MOVED = Migrated(
    operation=OPERATION,
    was=HOST,
    host=SECOND,
    size=SMALL,
    to=LARGE,
    deadline=DEADLINE,
    guest=GREW,
    envelope=ENVELOPE,
)
BUILD = BuildRequested(
    operation=OPERATION,
    project="demo",
    name="web-2",
    host=SECOND,
    size=SMALL,
    ceiling=HUGE,
    spec=RequestSpec(
        size=SMALL,
        image=ImageCopy(id="i", name="i", properties={MEMORY_DEVICE: "virtio-mem"}),
    ),
    template="<domain/>",
    deadline=DEADLINE,
    reason="sale",
)
BUILT = Built(operation=OPERATION, size=SMALL, power="running", guest=GREW, envelope=ENVELOPE)
DELETE = DeleteRequested(operation=OPERATION, host=HOST, deadline=DEADLINE, reason="over")
START = PowerRequested(operation=OPERATION, host=HOST, power="running", deadline=DEADLINE)
STOP = PowerRequested(operation=OPERATION, host=HOST, power="stopped", deadline=DEADLINE)
POWERED = PowerChanged(
    operation=OPERATION,
    was="running",
    power="stopped",
    size=SMALL,
    guest=GuestView(),
    envelope=ENVELOPE,
)
BEFORE = (ADOPTED, DECLARED)


def row(*events: Event) -> OperationRow:
    servers = Servers()
    model = Operations(servers)
    for fact in facts(*events):
        servers.apply(fact)
        model.apply(fact)
    found = model.get(OPERATION)
    assert found
    return found


def written(*events: Event) -> dict[str, list[Any]]:
    """What is written beside the last of these facts."""
    last = facts(*events)[-1:]
    columns: dict[str, list[Any]] = {}
    for table in outbox.WRITTEN:
        columns |= table.columns(last)
    return columns


@pytest.mark.parametrize(
    ("begun", "kind", "to"),
    [
        ((BUILD,), "build", SMALL),
        ((*BEFORE, DELETE), "delete", SMALL),
        ((*BEFORE, START), "start", SMALL),
        ((*BEFORE, STOP), "stop", SMALL),
        ((*BEFORE, requested(LARGE)), "scale", LARGE),
    ],
)
def test_an_operation_row_has_its_kind(begun: tuple[Event, ...], kind: str, to: Size) -> None:
    found = row(*begun)
    assert (found.kind, found.state, found.was, found.to) == (kind, "open", SMALL, to)
    assert (found.server, found.deadline, found.mode) == (SERVER, DEADLINE, "live")


@pytest.mark.parametrize(
    ("begun", "end", "state", "reason"),
    [
        ((BUILD,), BUILT, "succeeded", None),
        ((BUILD,), BuildFailed(operation=OPERATION, reason="full"), "failed", "full"),
        ((BUILD,), OperationCancelled(operation=OPERATION), "cancelled", None),
        ((*BEFORE, DELETE), Deleted(operation=OPERATION), "succeeded", None),
        ((*BEFORE, DELETE), DeleteFailed(operation=OPERATION, reason="no"), "failed", "no"),
        ((*BEFORE, STOP), POWERED, "succeeded", None),
        (
            (*BEFORE, STOP),
            PowerFailed(operation=OPERATION, power="running", reason="no"),
            "failed",
            "no",
        ),
        (
            (*BEFORE, requested(LARGE)),
            OperationCancelled(operation=OPERATION, reason="typo"),
            "cancelled",
            "typo",
        ),
    ],
)
def test_an_operation_of_any_kind_ends_as_its_last_fact_says(
    begun: tuple[Event, ...], end: Event, state: State, reason: str | None
) -> None:
    found = row(*begun, end)
    assert (found.state, found.reason, found.has_ended) == (state, reason, True)
    assert written(*begun, end)["ended_operation"] == [OPERATION]
    assert written(*begun, end)["out_operation"] == []


def test_a_migrations_message_names_the_host_at_every_step() -> None:
    asked = row(*BEFORE, MIGRATING)
    assert (asked.mode, asked.consent, asked.host, asked.to_host) == (
        "migrate",
        "migrate",
        HOST,
        SECOND,
    )
    assert row(*BEFORE, MIGRATING, RETRIED).to_host == THIRD
    arrived = row(*BEFORE, MIGRATING, MOVED)
    assert (arrived.state, arrived.to_host, arrived.position) == ("open", SECOND, 4)
    ended = row(*BEFORE, MIGRATING, MOVED, confirmed(LARGE))
    assert (ended.state, ended.to_host, ended.seen_by_guest) == ("succeeded", SECOND, True)


def test_a_live_scale_that_is_retried_becomes_a_migration() -> None:
    found = row(*BEFORE, replace(requested(LARGE), consent="migrate"), RETRIED)
    assert (found.mode, found.to_host, found.state) == ("migrate", THIRD, "open")


def test_a_change_by_others_ends_no_operation() -> None:
    found = row(*BEFORE, STOP, replace(POWERED, operation=None))
    assert found.state == "open"
    assert written(*BEFORE, replace(POWERED, operation=None))["ended_operation"] == []


@pytest.mark.parametrize(
    ("events", "ask", "host", "to_host", "to"),
    [
        ((*BEFORE, requested(LARGE)), "reconfigure", HOST, None, LARGE),
        ((*BEFORE, RESTARTING), "restart", HOST, None, LARGE),
        ((*BEFORE, replace(RESTARTING, mode="stopped")), "reconfigure", HOST, None, LARGE),
        ((*BEFORE, MIGRATING), "migrate", HOST, SECOND, LARGE),
        ((*BEFORE, MIGRATING, RETRIED), "migrate", HOST, THIRD, LARGE),
        ((*BEFORE, MIGRATING, MOVED), "reconfigure", SECOND, None, LARGE),
        ((BUILD,), "build", SECOND, None, SMALL),
        ((*BEFORE, DELETE), "delete", HOST, None, Size(0, 0)),
        ((*BEFORE, START), "start", HOST, None, Size(0, 0)),
        ((*BEFORE, STOP), "stop", HOST, None, Size(0, 0)),
        ((*BEFORE, replace(read_back(LARGE), to_host=SECOND)), "read-back", HOST, SECOND, LARGE),
    ],
)
def test_every_message_goes_to_the_host_it_is_about(
    events: tuple[Event, ...], ask: str, host: str, to_host: str | None, to: Size
) -> None:
    columns = written(*events)
    assert columns["out_operation"] == [OPERATION]
    assert (columns["out_ask"], columns["out_host"], columns["out_to_host"]) == (
        [ask],
        [host],
        [to_host],
    )
    assert (columns["out_vcpus"], columns["out_memory_mib"]) == ([to.vcpus], [to.memory_mib])
    assert (columns["lane_host"], columns["out_position"]) == ([host], [len(events)])


def test_a_builds_message_says_what_it_is_built_from() -> None:
    (details,) = written(BUILD)["out_details"]
    assert msgspec.json.decode(details, type=Details) == Details(
        name="web-2", ceiling=HUGE, template="<domain/>", memory_by="virtio-mem"
    )
    fixed = replace(BUILD, ceiling=None, spec=RequestSpec())
    (details,) = written(fixed)["out_details"]
    assert msgspec.json.decode(details, type=Details) == Details(
        name="web-2", ceiling=SMALL, template="<domain/>", memory_by="dimm"
    )


def test_a_resolved_operation_is_open_again_until_its_new_deadline() -> None:
    found = row(*BEFORE, MIGRATING, unknown(LARGE), read_back(LARGE))
    assert (found.state, found.deadline, found.ended) == ("open", LATER, None)
    assert (
        row(*BEFORE, MIGRATING, unknown(LARGE), read_back(LARGE), failed(LARGE)).state == "failed"
    )


def test_a_server_adopted_again_is_folded_anew() -> None:
    servers = Servers()
    for fact in facts(*BEFORE, DELETE, Deleted(operation=OPERATION), ADOPTED):
        servers.apply(fact)
    found = servers.get(SERVER)
    assert found
    assert (found.version, found.state.power, found.state.ceiling) == (5, "running", None)


def test_an_operation_of_an_unknown_server_is_passed_over() -> None:
    model = Operations(Servers())
    assert [model.apply(fact) for fact in facts(DELETE, server=UUID(int=99))] == [None]
