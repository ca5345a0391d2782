"""An operation from its request to its end, and what the outbox makes of the same facts."""

from __future__ import annotations

import pytest

from domain.shared.events import Event
from projections import operations
from projections.operations import OperationRow, Operations, State
from projections.outbox import outbox
from projections.outbox.asks import NO_DEADLINE
from projections.servers import Servers
from tests.kit.examples import (
    ADOPTED,
    DEADLINE,
    DECLARED,
    HOST,
    LARGE,
    LATER,
    MIDDLE,
    NOON,
    OPERATION,
    PROJECT,
    SERVER,
    SMALL,
    confirmed,
    failed,
    partly,
    read_back,
    requested,
    unknown,
)
from tests.projections.facts import facts

ASKED = (ADOPTED, DECLARED, requested(LARGE))


def folded(*events: Event) -> tuple[Servers, Operations]:
    servers = Servers()
    model = Operations(servers)
    for fact in facts(*events):
        servers.apply(fact)
        model.apply(fact)
    return servers, model


def row(*events: Event) -> OperationRow:
    found = folded(*ASKED, *events)[1].get(OPERATION)
    assert found
    return found


def test_a_requested_operation_is_open() -> None:
    assert row() == OperationRow(
        id=OPERATION,
        server=SERVER,
        project=PROJECT,
        host=HOST,
        was=SMALL,
        to=LARGE,
        state="open",
        by="wei",
        asked_at=3,
        requested=NOON,
        deadline=DEADLINE,
        position=3,
    )
    assert not row().has_ended


@pytest.mark.parametrize(
    ("end", "state", "size", "reason"),
    [
        (confirmed(LARGE), "succeeded", LARGE, None),
        (partly(MIDDLE, to=LARGE), "partly", MIDDLE, "the guest kept its CPUs"),
        (failed(LARGE), "failed", SMALL, "no room on the host"),
        (unknown(LARGE), "unknown", None, "the host is silent"),
    ],
)
def test_an_operation_ends_as_its_last_fact_says(
    end: Event, state: State, size: object, reason: str | None
) -> None:
    ended = row(end)
    assert (ended.state, ended.size, ended.reason) == (state, size, reason)
    assert (ended.ended, ended.position, ended.has_ended) == (NOON, 4, True)


def test_a_resolved_operation_is_open_again_until_it_ends() -> None:
    again = row(unknown(LARGE), read_back(LARGE))
    assert (again.state, again.deadline, again.ended) == ("open", LATER, None)
    assert row(unknown(LARGE), read_back(LARGE), failed(LARGE)).state == "failed"


def test_ended_operations_do_not_count_as_open_and_unknown_ones_do() -> None:
    assert folded(*ASKED)[1].open == 1
    assert folded(*ASKED, unknown(LARGE))[1].open == 1
    assert folded(*ASKED, confirmed(LARGE))[1].open == 0


def test_changed_operation_rows_are_taken_once() -> None:
    _, model = folded(*ASKED, confirmed(LARGE))
    assert [one.state for one in model.take_changed()] == ["succeeded"]
    assert model.take_changed() == []


def test_rows_are_written_column_by_column() -> None:
    columns = operations.columns([row(), row(failed(LARGE))])
    assert columns["state"] == ["open", "failed"]
    assert columns["asked_at"] == [3, 3]
    assert {len(column) for column in columns.values()} == {2}


def test_a_server_row_is_the_fold_of_its_facts() -> None:
    servers, _ = folded(*ASKED, partly(MIDDLE, to=LARGE))
    found = servers.get(SERVER)
    assert found
    assert (found.version, found.position) == (4, 4)
    assert (found.state.size, found.state.operation) == (MIDDLE, None)


def _written(*events: Event) -> dict[str, list[object]]:
    columns: dict[str, list[object]] = {}
    for table in outbox.WRITTEN:
        columns |= table.columns(facts(*events))
    return columns


def test_a_request_is_put_into_the_outbox_and_its_host_gets_a_lane() -> None:
    written = _written(*ASKED)
    assert written == {
        "out_operation": [OPERATION],
        "out_position": [3],
        "out_ask": ["reconfigure"],
        "out_host": [HOST],
        "out_server": [SERVER],
        "out_vcpus": [LARGE.vcpus],
        "out_memory_mib": [LARGE.memory_mib],
        "out_deadline": [DEADLINE],
        "out_to_host": [None],
        "out_details": [""],
        "lane_host": [HOST],
        "ended_operation": [],
    }


def test_what_is_of_unknown_outcome_is_read_back_for_as_long_as_it_takes() -> None:
    written = _written(unknown(LARGE))
    assert written["ended_operation"] == []
    assert (written["out_ask"], written["out_host"]) == (["read-back"], [HOST])
    assert written["out_deadline"] == [NO_DEADLINE]


@pytest.mark.parametrize("end", [confirmed(LARGE), partly(MIDDLE, to=LARGE), failed(LARGE)])
def test_every_end_removes_the_operation_from_the_outbox(end: Event) -> None:
    assert _written(end)["ended_operation"] == [OPERATION]
    assert _written(end)["out_operation"] == []


def test_a_batch_writes_only_the_last_message_of_an_operation() -> None:
    assert _written(*ASKED, failed(LARGE))["out_operation"] == []
    assert _written(*ASKED, failed(LARGE))["ended_operation"] == [OPERATION]
    resolved = _written(unknown(LARGE), read_back(LARGE))
    assert (resolved["out_ask"], resolved["ended_operation"]) == (["read-back"], [])
