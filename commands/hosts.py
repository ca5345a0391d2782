"""The hosts of the region as a decision sees them: those in the log."""

from __future__ import annotations

from collections.abc import Iterable

from commands.command import Log
from domain.host import Host
from domain.placement import Candidate
from domain.pool import Pool


class HostsOf:
    """Implements :class:`domain.way.Hosts` over the log."""

    def __init__(self, log: Log) -> None:
        self._log = log

    def host(self, name: str) -> Host:
        return self._log.open(Host, name).state

    def pool(self, name: str) -> Iterable[Candidate]:
        return [
            Candidate(host, self._log.open(Host, host).state)
            for host in self._log.open(Pool, name).state.hosts
        ]
