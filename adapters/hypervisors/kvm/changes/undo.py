"""Taking memory back when the vCPUs that belong to it were refused."""

from __future__ import annotations

from functools import partial
from typing import Any

from adapters.hypervisors.kvm.changes import steps
from adapters.hypervisors.kvm.changes.change import DomainChange
from adapters.hypervisors.kvm.changes.steps import Plug, SizeStep
from adapters.hypervisors.kvm.definition.limits import allocated
from adapters.hypervisors.kvm.definition.reading import Reading

# Seconds. A guest empties a DIMM in half a second, or says no.
_UNPLUG = 5.0


def undo(change: DomainChange, done: list[SizeStep], before: Reading) -> None:
    """Only in a running guest: a paused one would give the memory up later, unseen by us."""
    if before.state != "running":
        return
    plugs = [step for step in done if isinstance(step, Plug)]
    for plug in plugs:
        _unplug(change, plug)
    if not plugs:
        _as_before(change, before)


def _unplug(change: DomainChange, plug: Plug) -> None:
    """What runs first: if the guest keeps the DIMM, its next start shall have it as well."""
    for flag, side in steps.sides(change.read(), plug.flags):
        dimm = side.named(plug.alias)
        if dimm is not None:
            change.write(partial(_detach, alias=dimm.alias, flag=flag))
        if not change.wait(partial(_is_gone, alias=plug.alias, flag=flag), seconds=_UNPLUG):
            return


def _detach(domain: Any, *, alias: str, flag: int) -> None:
    domain.detachDeviceAlias(alias, flag)


def _is_gone(now: Reading, *, alias: str, flag: int) -> bool:
    return all(side.named(alias) is None for _, side in steps.sides(now, flag))


def _as_before(change: DomainChange, before: Reading) -> None:
    size = allocated(before.live)
    for step in steps.sized(change.read(), size.memory_mib):
        change.write(step.apply)
    change.wait(lambda now: now.live.allocated_mib == size.memory_mib, seconds=_UNPLUG)
