"""Every request has an id: the log knows by it what was done, and its answer names it."""

from __future__ import annotations

from typing import Any
from uuid import UUID


def request_id(scope: Any) -> UUID:
    """The id that the gateway gave this request."""
    given: UUID = scope["state"]["request_id"]
    return given
