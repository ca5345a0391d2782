"""The hosts of the region as they were seen last: those in the read model."""

from __future__ import annotations

from collections.abc import Iterable

from domain.host import Host
from domain.placement import Candidate
from domain.pool import Pool
from projections.catalogue import Catalogue


class HostsSeen:
    """Implements :class:`domain.way.Hosts` over the read model."""

    def __init__(self, catalogue: Catalogue) -> None:
        self._catalogue = catalogue

    def host(self, name: str) -> Host:
        row = self._catalogue.get(Host, name)
        return row.state if row else Host()

    def pool(self, name: str) -> Iterable[Candidate]:
        pool = self._catalogue.get(Pool, name)
        return [Candidate(host, self.host(host)) for host in pool.state.hosts] if pool else []
