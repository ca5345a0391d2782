"""What Nova calls each state that a server can be in."""

from __future__ import annotations

from typing import Any

import pytest
from msgspec.structs import replace

from adapters.http.compute.servers.server_states import states
from adapters.http.compute.visible import host_id, is_there
from domain.server import FlavorTerms, Operation, Server
from tests.kit.examples import ADOPTED, DEADLINE, LARGE, OPERATION, SMALL

RUNNING = Server.begin(ADOPTED)
TERMS = FlavorTerms(flavor=None, size=LARGE, ceiling=None)


def working(**fields: Any) -> Operation:
    return Operation(**{"id": OPERATION, "to": SMALL, "deadline": DEADLINE, **fields})


@pytest.mark.parametrize(
    ("fields", "status", "vm", "task", "power"),
    [
        ({}, "ACTIVE", "active", None, 1),
        ({"power": "stopped"}, "SHUTOFF", "stopped", None, 4),
        ({"power": "paused"}, "PAUSED", "paused", None, 3),
        ({"power": "gone"}, "DELETED", "deleted", None, 0),
        ({"power": "gone", "fault": "no"}, "ERROR", "error", None, 0),
        (
            {"power": "building", "operation": working(kind="build")},
            *("BUILD", "building", "spawning", 0),
        ),
        ({"operation": working(kind="stop")}, "ACTIVE", "active", "powering-off", 1),
        (
            {"power": "stopped", "operation": working(kind="start")},
            *("SHUTOFF", "stopped", "powering-on", 4),
        ),
        ({"operation": working(kind="delete")}, "ACTIVE", "active", "deleting", 1),
        ({"operation": working()}, "ACTIVE", "active", "scaling", 1),
        ({"operation": working(to_host="host-2")}, "MIGRATING", "active", "migrating", 1),
        ({"operation": working(resize=TERMS)}, "RESIZE", "active", "resize_prep", 1),
        (
            {"power": "stopped", "operation": working(resize=TERMS, undecided=True)},
            *("RESIZE", "stopped", "resize_finish", 4),
        ),
        ({"resized_from": TERMS}, "VERIFY_RESIZE", "resized", None, 1),
        (
            {"resized_from": TERMS, "operation": working(resize=TERMS, reverts=True)},
            *("REVERT_RESIZE", "resized", "resize_reverting", 1),
        ),
    ],
)
def test_a_servers_state_has_novas_names(
    fields: dict[str, Any], status: str, vm: str, task: str | None, power: int
) -> None:
    found = states(replace(RUNNING, **fields))
    assert (found.status, *found) == (status, vm, task, power)


def test_a_failed_build_is_shown_until_it_is_deleted() -> None:
    assert is_there(replace(RUNNING, power="gone", fault="no"))
    assert not is_there(replace(RUNNING, power="gone"))


def test_a_hosts_id_is_the_one_that_nova_makes() -> None:
    assert host_id("fakehost1", "76c779060e284ae5a699215e9a6273e5") == (
        "40c36af0c4c90f32f8b497f9cf8d45c8cdaa4c2e002966dbb49f11ce"
    )
