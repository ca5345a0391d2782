"""Whether the leader goes on refusing a relay's token: then nothing that it does is heard."""

from __future__ import annotations

import logging
from collections.abc import Callable

import httpx

_log = logging.getLogger(__name__)

_REFUSED = frozenset({401, 403})
# In a row: a token that was made a moment ago may not be known to the leader yet.
_ENOUGH = 10


class RelayRefused(Exception):
    """The leader does not take this relay's token. Its text says so, and what to do."""


class TokenRefusals:
    """Counts refusals in a row; ``stop`` is called once when there are enough. Safe for
    threads."""

    def __init__(self, stop: Callable[[], None]) -> None:
        self._stop = stop
        self._count = 0
        self.refused: RelayRefused | None = None

    @property
    def going_on(self) -> bool:
        """Whether the last answer was a refusal, and there were not enough."""
        return 0 < self._count < _ENOUGH

    def heard(self, answer: httpx.Response) -> None:
        """An answer of the leader, whatever it was."""
        if answer.status_code not in _REFUSED:
            self._count = 0
            return
        self._count += 1
        if self._count == _ENOUGH:
            self.refused = RelayRefused(
                f"The leader at {answer.url.copy_with(path='/')} refuses this relay's token with "
                f"{answer.status_code}: {answer.text} Set ULLAGE_TOKEN to a live token of the role "
                "service (ullage token create NAME --role service)."
            )
            _log.error("%s", self.refused)
            self._stop()
