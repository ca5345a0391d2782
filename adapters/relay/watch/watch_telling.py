"""Tells the leader what was seen on a host, a few things at a time."""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterator
from uuid import UUID

import httpx
import msgspec

from adapters.relay_wire import MOST, HostTold, Observation, Observations

_log = logging.getLogger(__name__)

_PATIENCE = httpx.Timeout(10.0, connect=2.0)
# To ask again would not change these.
_NOT_TAKEN = frozenset({400, 413, 422, 500})


class NotHeard(Exception):
    """Nobody leads, or who leads cannot be reached. The next look will tell."""


class ObservationReporter:
    """``leader`` gives the address of the process that leads. Safe for threads."""

    def __init__(self, *, leader: Callable[[], str | None], token: str) -> None:
        self._leader = leader
        headers = {"authorization": f"Bearer {token}", "content-type": "application/json"}
        self._client = httpx.Client(headers=headers, timeout=_PATIENCE, trust_env=False)

    def of_host(self, told: HostTold) -> None:
        """Report what a host has. Raises NotHeard."""
        self._taken(Observations(hosts=[told]))

    def of_servers(self, observed: list[Observation]) -> set[UUID]:
        """The servers of which it was taken. Raises NotHeard."""
        return {id_ for few in _split(observed) for id_ in self._tell(few)}

    def _tell(self, few: list[Observation]) -> set[UUID]:
        if self._taken(Observations(servers=few)):
            return {one.server for one in few}
        if len(few) == 1:
            return set()
        # One that is not taken must not hold up the others.
        return {id_ for one in few for id_ in self._tell([one])}

    def _taken(self, told: Observations) -> bool:
        if (leader := self._leader()) is None:
            raise NotHeard("nobody leads")
        try:
            answer = self._client.post(
                f"{leader}/v1/observations", content=msgspec.json.encode(told)
            )
        except httpx.HTTPError as e:
            raise NotHeard(f"the leader does not hear: {e}") from e
        if answer.is_success:
            return True
        if answer.status_code not in _NOT_TAKEN:
            raise NotHeard(f"the leader answers {answer.status_code}")
        _log.warning("the leader answers %s: %s", answer.status_code, answer.text)
        return False

    def close(self) -> None:
        self._client.close()


def _split(observed: list[Observation]) -> Iterator[list[Observation]]:
    for begin in range(0, len(observed), MOST):
        yield observed[begin : begin + MOST]
