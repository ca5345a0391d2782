"""CloudStack's rules of what stays on record, each by its number: usage (C-R32), outbox (C-R34)."""

from __future__ import annotations

from typing import Any

import pytest

from commands.command import Command
from domain.server import Server
from domain.shared.errors import Refused
from domain.shared.resources import held
from domain.shared.size import Size
from projections.outbox.outbox import WRITTEN
from tests.commands.drift.test_adopting_drift import FORCE
from tests.commands.kit.region import SERVER_STREAM, Region
from tests.commands.kit.standing import (
    BUILD,
    GIVE_UP,
    RESOLVE,
    SECOND,
    at,
    events,
    limited,
    observed,
    refused,
    scale,
    standing,
    told,
    used,
)
from tests.commands.servers.test_delete_server import DELETE
from tests.kit.examples import HOST, LARGE, MIDDLE, NEXT_OPERATION, SMALL, VAST

SEQUENCE: list[Command] = [
    scale(LARGE, "migrate"),
    refused(host=HOST, no_capacity=True),
    told(at(on=SECOND), "migrate", SECOND, HOST),
    GIVE_UP,
    RESOLVE,
    told(at(MIDDLE, on=SECOND), "read-back", host=SECOND),
    scale(LARGE, operation=NEXT_OPERATION),
    refused(operation=NEXT_OPERATION, host=SECOND),
]
REFUSED: dict[str, Command] = {
    "above the ceiling": scale(VAST),
    "above the quota": scale(LARGE),
    "nothing to change": scale(SMALL),
    "a restart": scale(Size(2, 512)),
    "a step": scale(Size(2, 4097)),
    "a stale plan": scale(Size(1, 4096), plan="1-00000000"),
    "no drift": FORCE,
    "no flavor": BUILD,
}


def rows(region: Region) -> list[Any]:
    """What the facts would put into the outbox."""
    return [
        value
        for written in WRITTEN
        for column in written.columns(region.facts).values()
        for value in column
    ]


def test_cr32_after_every_step_usage_is_a_recount_of_the_servers(region: Region) -> None:
    region.given(*standing())
    for command in SEQUENCE:
        region.ask(command)
        stream = region.store.load(Server, SERVER_STREAM)
        assert stream
        server = stream.state
        to = server.operation.to if server.operation else server.size
        assert used(region) == held(server.size.max_with(to))
    region.ask(observed(at(LARGE, on=SECOND), version=len(region.store.of(SERVER_STREAM))))
    assert used(region) == held(LARGE)


@pytest.mark.parametrize("command", REFUSED.values(), ids=REFUSED)
def test_cr34_a_refused_scale_never_reaches_the_outbox(region: Region, command: Command) -> None:
    region.given(*standing(), *limited(cores=2))
    with pytest.raises(Refused):
        region.ask(command)
    assert (region.store.batches, rows(region)) == ([], [])


@pytest.mark.parametrize("command", [scale(LARGE), DELETE])
def test_cr34_an_accepted_scale_reaches_the_outbox(region: Region, command: Command) -> None:
    region.given(*standing())
    region.ask(command)
    assert events(region) != []
    assert HOST in rows(region)
