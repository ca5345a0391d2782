"""What may be done to a server by an action: Nova's that we have, and the live ``scale``.

| action | |
|---|---|
| resize, confirmResize, revertResize, os-start, os-stop | as Nova's |
| scale | ours: another size for a running server, by numbers or by those of a flavor |
| all else that Nova has | there is no such action here |
"""

from __future__ import annotations

from typing import Any, Literal

from adapters.http.compute.gateway.actions import action, actions
from adapters.http.compute.gateway.calls import Call
from adapters.http.compute.gateway.faults import Fault
from adapters.http.compute.servers import server_schemas as schemas
from adapters.http.compute.servers.server_building import flavor_of
from adapters.http.compute.servers.server_refusals import of_acting, of_resizing
from adapters.http.compute.visible import found
from adapters.http.gateway.policy import must_be_let_consent
from commands.scaling.resize_server import ConfirmResize, ResizeServer, RevertResize
from commands.scaling.scale_server import Dimension, ScaleServer
from commands.servers.power_server import PowerServer
from domain.shared.size import Size

_RULE = "os_compute_api:servers"


async def _resize(call: Call) -> None:
    row, asked = found(call), call.body["resize"]
    command = ResizeServer(
        server=row.id,
        flavor=flavor_of(call, asked["flavorRef"]).id,
        operation=call.context.new_id(),
        deadline=call.context.deadline(),
    )
    with of_resizing(row):
        await call.ask(command)


async def _confirm(call: Call) -> None:
    row = found(call)
    with of_acting(row, "confirmResize"):
        await call.ask(ConfirmResize(server=row.id))


async def _revert(call: Call) -> None:
    row = found(call)
    command = RevertResize(
        server=row.id, operation=call.context.new_id(), deadline=call.context.deadline()
    )
    with of_acting(row, "revertResize"):
        await call.ask(command)


async def _start(call: Call) -> None:
    await _power(call, "start", "running")


async def _stop(call: Call) -> None:
    await _power(call, "stop", "stopped")


async def _power(call: Call, name: str, to: Literal["running", "stopped"]) -> None:
    row = found(call)
    command = PowerServer(
        server=row.id, to=to, operation=call.context.new_id(), deadline=call.context.deadline()
    )
    with of_acting(row, name):
        await call.ask(command)


async def _scale(call: Call) -> None:
    """A live scale: nothing has to be confirmed, and the server keeps its flavor."""
    row, asked = found(call), call.body["scale"]
    consent = asked.get("consent", "live")
    must_be_let_consent(call.actor, consent)
    to, only = _size(call, asked)
    command = ScaleServer(
        server=row.id,
        to=to,
        only=only,
        operation=call.context.new_id(),
        deadline=call.context.deadline(),
        reason=asked.get("reason", ""),
        consent=consent,
    )
    with of_acting(row, "scale"):
        await call.ask(command)


def _size(call: Call, asked: dict[str, Any]) -> tuple[Size, Dimension | None]:
    """The size, and which dimension of it alone is asked for. Raises Fault."""
    numbers = asked.keys() & {"vcpus", "ram"}
    if ("flavorRef" in asked) is bool(numbers):
        raise Fault(400, "A size is given by numbers or by a flavor.")
    if "flavorRef" in asked:
        flavor = flavor_of(call, asked["flavorRef"]).state
        return Size(flavor.vcpus, flavor.memory_mib), None
    only = _ALONE[numbers.pop()] if len(numbers) == 1 else None
    return Size(asked.get("vcpus", 0), asked.get("ram", 0)), only


_ALONE: dict[str, Dimension] = {"vcpus": "vcpus", "ram": "memory_mib"}


act_on_server = actions(
    "/servers/{server:str}/action",
    name="compute_act_on_server",
    may="see",
    table={
        "resize": action(
            "compute_resize_server",
            _resize,
            may="change",
            body=schemas.RESIZE,
            rule=f"{_RULE}:resize",
        ),
        "confirmResize": action(
            "compute_confirm_resize",
            _confirm,
            may="change",
            body=schemas.bare("confirmResize"),
            status=204,
            rule=f"{_RULE}:confirm_resize",
        ),
        "revertResize": action(
            "compute_revert_resize",
            _revert,
            may="change",
            body=schemas.bare("revertResize"),
            rule=f"{_RULE}:revert_resize",
        ),
        "os-start": action(
            "compute_start_server",
            _start,
            may="change",
            body=schemas.bare("os-start"),
            rule=f"{_RULE}:start",
        ),
        "os-stop": action(
            "compute_stop_server",
            _stop,
            may="change",
            body=schemas.bare("os-stop"),
            rule=f"{_RULE}:stop",
        ),
        "scale": action(
            "compute_scale_server", _scale, may="change", body=schemas.SCALE, rule=f"{_RULE}:scale"
        ),
    },
)
