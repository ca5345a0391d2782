"""Every request has an id: the log knows by it what was done, and its answer names it."""

from __future__ import annotations

import os
from typing import Any
from uuid import UUID

_DRAWN = 256 * 16


class RequestIds:
    """Random UUIDs, drawn from the system many at a time: asking it for each would cost a request
    more than all else that is done here."""

    def __init__(self) -> None:
        self._drawn = b""
        self._at = 0

    def __call__(self) -> UUID:
        if self._at >= len(self._drawn):
            self._drawn, self._at = os.urandom(_DRAWN), 0
        begin, self._at = self._at, self._at + 16
        return UUID(bytes=self._drawn[begin : self._at], version=4)


def request_id(scope: Any) -> UUID:
    """The id that the gateway gave this request."""
    given: UUID = scope["state"]["request_id"]
    return given
