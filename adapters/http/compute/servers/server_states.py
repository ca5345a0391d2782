"""What Nova calls the state that a server is in: its status, and the three states behind that."""

from __future__ import annotations

from typing import NamedTuple

from domain.server import Operation, Server

ACTIVE, STOPPED, PAUSED, RESIZED = "active", "stopped", "paused", "resized"
BUILDING, ERROR, DELETED = "building", "error", "deleted"

_PREPARING, _FINISHING, _REVERTING = "resize_prep", "resize_finish", "resize_reverting"
_MIGRATING, _SCALING = "migrating", "scaling"
_RESIZING = dict.fromkeys((_PREPARING, _FINISHING), "RESIZE")

# As nova.api.openstack.common: the status by vm_state, and by task_state where that says more.
_STATUS: dict[str, tuple[str, dict[str, str]]] = {
    ACTIVE: ("ACTIVE", _RESIZING | {_MIGRATING: "MIGRATING"}),
    BUILDING: ("BUILD", {}),
    STOPPED: ("SHUTOFF", _RESIZING),
    RESIZED: ("VERIFY_RESIZE", {_REVERTING: "REVERT_RESIZE"}),
    PAUSED: ("PAUSED", {_MIGRATING: "MIGRATING"}),
    ERROR: ("ERROR", {}),
    DELETED: ("DELETED", {}),
}

_VM_STATES = {"building": BUILDING, "running": ACTIVE, "stopped": STOPPED, "paused": PAUSED}
_POWER_STATES = {"running": 1, "paused": 3, "stopped": 4}
_TASKS = {"build": "spawning", "delete": "deleting", "start": "powering-on", "stop": "powering-off"}

# Of a status that is none of ours we know all the same that it is one.
_OTHERS = frozenset(
    {
        *("hard_reboot", "password", "reboot", "rebuild", "rescue", "shelved"),
        *("shelved_offloaded", "soft_deleted", "suspended"),
    }
)


class States(NamedTuple):
    """``task``: what is being done to it; None: nothing. ``power``: Nova's number."""

    vm: str
    task: str | None
    power: int

    @property
    def status(self) -> str:
        plain, by_task = _STATUS[self.vm]
        return by_task.get(self.task or "", plain)

    @property
    def found_by(self) -> frozenset[str]:
        """By which statuses a list finds it, in small letters: its own, and in Nova that of its
        vm_state, too, whatever is being done."""
        return frozenset({self.status.lower(), _STATUS[self.vm][0].lower()})


def states(server: Server) -> States:
    vm = _vm(server)
    task = _task(server.operation) if server.operation else None
    return States(vm, task, _POWER_STATES.get(server.power, 0))


def is_status(word: str) -> bool:
    """Whether Nova knows such a status."""
    known = {one.lower() for plain, more in _STATUS.values() for one in (plain, *more.values())}
    return word.lower() in known | _OTHERS


def _vm(server: Server) -> str:
    if server.fault is not None:
        return ERROR
    if server.power == "gone":
        return DELETED
    return RESIZED if server.resized_from else _VM_STATES[server.power]


def _task(operation: Operation) -> str:
    """``scaling`` is a word of ours: Nova does nothing of that kind."""
    if operation.kind != "scale":
        return _TASKS[operation.kind]
    if operation.resize is None:
        return _MIGRATING if operation.to_host else _SCALING
    if operation.reverts:
        return _REVERTING
    return _FINISHING if operation.undecided else _PREPARING
