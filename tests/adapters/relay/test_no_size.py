"""Who asks for power or for deletion asks for no size, and is told of none."""

from __future__ import annotations

from datetime import timedelta

import pytest

from adapters.hypervisors.driver import Reconfigured
from adapters.relay.lanes import LEASE, Lanes
from domain.server import StepKind
from projections.outbox.lanes import Message
from tests.kit.hypervisor import Call, ScriptedHost
from tests.kit.machines import Power
from tests.kit.region import HOST, Region


def _nothing_done(host: ScriptedHost, call: Call) -> Reconfigured:
    """The call returns, and the server is as before."""
    return Reconfigured(found=host.found(call.server))


def _asked(region: Region, ask: StepKind, power: Power) -> str:
    server = region.adopted(power=power)
    region.host.tell(server, _nothing_done)
    path = f"/v1/servers/{server}"
    answered = region.ask("DELETE", path) if ask == "delete" else region.post(f"{path}/{ask}", {})
    assert answered.status_code == 202, answered.text
    return str(answered.json()["operation"])


@pytest.mark.parametrize(
    ("ask", "power", "told"),
    [
        ("stop", "running", "the server is still running"),
        ("stop", "paused", "the server is still paused"),
        ("start", "stopped", "the server is still stopped"),
    ],
)
def test_power_that_did_not_change_is_told_in_words_of_power(
    region: Region, ask: StepKind, power: Power, told: str
) -> None:
    operation = _asked(region, ask, power)
    with region.carried():
        ended = region.ended(operation)
    assert (ended["state"], ended["reason"]) == ("failed", told)


@pytest.mark.parametrize("ask", ["start", "stop", "delete"])
def test_a_power_message_has_no_size(region: Region, ask: StepKind) -> None:
    operation = _asked(region, ask, "stopped" if ask == "start" else "running")
    message = _taken(region)
    assert (str(message.operation), message.ask, message.size) == (operation, ask, None)


def _taken(region: Region) -> Message:
    lanes = Lanes(region.dsn, relay="one", hosts=[HOST], lease=LEASE)
    lanes.hold(most=8)
    (message,) = lanes.take(HOST, busy=[], limit=8, margin=timedelta(0))
    lanes.close()
    return message
