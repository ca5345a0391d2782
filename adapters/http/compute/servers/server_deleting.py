"""Deleting a server, whatever is being done to it, as far as that can be stopped."""

from __future__ import annotations

from adapters.http.compute.gateway.calls import Call
from adapters.http.compute.servers.server_refusals import of_acting
from adapters.http.compute.visible import is_there
from adapters.http.gateway.request_ids import request_id
from commands.operations.cancel_operation import CancelOperation
from commands.servers.delete_server import DeleteServer
from commands.servers.discard_server import DiscardServer
from domain.server import Operation
from projections.servers import ServerRow


async def deleted(call: Call, row: ServerRow) -> None:
    """One that could not be built is put away. Who deletes again what is being deleted is told the
    same as at the first time, as by Nova. What no hypervisor was asked for yet is called off.

    Raises Fault, and all that the sequencer does.
    """
    operation = row.state.operation
    if row.state.fault is not None:
        await call.ask(DiscardServer(server=row.id))
        return
    if operation and operation.kind == "delete":
        return
    if operation and await _called_off(call, row, operation):
        row = call.reads.server(row.id)
        if not is_there(row.state):  # it was to be built, and now is not
            return
    with of_acting(row, "delete"):
        await call.ask(
            DeleteServer(
                server=row.id, operation=call.context.new_id(), deadline=call.context.deadline()
            )
        )


async def _called_off(call: Call, row: ServerRow, operation: Operation) -> bool:
    """Whether no relay has begun it. Raises all that the sequencer does."""
    if not await call.parts.outbox.withheld(operation.id):
        return False
    await call.parts.sequencer.ask(
        CancelOperation(server=row.id, operation=operation.id, reason="the server is deleted"),
        by=call.actor.name,
        because=request_id(call.request.scope),
        tenant=call.actor.tenant,
    )
    return True
