"""What a server is refused, in the words that Nova has for it."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from adapters.http.compute.gateway.faults import Fault
from adapters.http.compute.servers.server_states import ACTIVE, PAUSED, RESIZED, STOPPED, states
from domain.catalogue import image
from domain.server.unconfirmed import NotResized, ResizeUnconfirmed
from domain.shared.errors import (
    NotFound,
    NothingToChange,
    NoValidHost,
    OutcomeUndecided,
    PowerForbids,
    ScaleInProgress,
)
from projections.servers import ServerRow

_STATE = (OutcomeUndecided, PowerForbids, ResizeUnconfirmed, ScaleInProgress, NotResized)

# In which vm_states Nova lets it be done at all, whatever else is being done.
_FROM: dict[str, frozenset[str]] = {
    "resize": frozenset({ACTIVE, STOPPED}),
    "scale": frozenset({ACTIVE, STOPPED}),
    "confirmResize": frozenset({RESIZED}),
    "revertResize": frozenset({RESIZED}),
    "start": frozenset({STOPPED}),
    "stop": frozenset({ACTIVE}),
    "update metadata": frozenset({ACTIVE, PAUSED, STOPPED}),
    "delete metadata": frozenset({ACTIVE, PAUSED, STOPPED}),
}

_NO_HOST = "No valid host was found. {}"
_ABSENT = {
    "flavor": "Flavor {id} could not be found.",
    "image": "Can not find requested image",
    "server-group": "Instance group {id} could not be found.",
}


@contextmanager
def of_building() -> Iterator[None]:
    """Turn refusals of a build into Nova's faults. Raises Fault, QuotaExceeded."""
    try:
        yield
    except NotFound as e:
        raise Fault(400, _ABSENT.get(e.what, str(e)).format(id=e.id)) from e
    except image.MemoryTooSmall as e:
        raise Fault(400, "Flavor's memory is too small for requested image.") from e
    except NoValidHost as e:
        raise Fault(400, _NO_HOST.format("There are not enough hosts available.")) from e


@contextmanager
def of_acting(row: ServerRow, action: str) -> Iterator[None]:
    """``row`` is the server as it was just before. Raises Fault, and what it does not know."""
    try:
        yield
    except _STATE as e:
        raise Fault(409, invalid_state(row, action)) from e


@contextmanager
def of_resizing(row: ServerRow) -> Iterator[None]:
    """The same of another flavor. Raises Fault, QuotaExceeded."""
    try:
        with of_acting(row, "resize"):
            yield
    except NotFound as e:
        if e.what != "flavor":
            raise
        raise Fault(400, _ABSENT["flavor"].format(id=e.id)) from e
    except NothingToChange as e:
        raise Fault(400, "When resizing, instances must change flavor!") from e
    except NoValidHost as e:
        raise Fault(400, _NO_HOST.format("No valid host found for resize")) from e


def must_rest(row: ServerRow, action: str) -> None:
    """Nothing is being done to it, and its vm_state lets it be done. Raises Fault."""
    vm, task, _ = states(row.state)
    if task or vm not in _FROM[action]:
        raise Fault(409, invalid_state(row, action))


def invalid_state(row: ServerRow, action: str) -> str:
    """Which state stands against it; vm_state before task_state, as Nova looks at them."""
    told = f"Cannot '{action}' instance {row.id} while it is in "
    vm, task, _ = states(row.state)
    if vm not in _FROM.get(action, {vm}):
        return f"{told}vm_state {vm}"
    if task:
        return f"{told}task_state {task}"
    return f"Instance {row.id} is in an invalid state for '{action}'"
