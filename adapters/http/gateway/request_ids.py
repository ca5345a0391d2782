"""Every request has an id: the log knows by it what was done, and its answer names it."""

from __future__ import annotations

from typing import Any
from uuid import UUID

_IN_STATE = "request_id"
"""Where it is kept, beside what else a request carries from the gateway to its handler."""


def give_id(scope: Any, id: UUID) -> None:
    """Give a request its id: the gateway's own, or that of the leader who has answered it."""
    scope["state"][_IN_STATE] = id


def request_id(scope: Any) -> UUID:
    """The id that was given to this request last."""
    given: UUID = scope["state"][_IN_STATE]
    return given
