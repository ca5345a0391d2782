"""Hosts as a decision sees them, made from a few words."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Self

from domain.hosts.host import NONE, Host, Terms
from domain.hosts.neighbours import Neighbours
from domain.hosts.placement import Candidate
from domain.server import Server
from domain.shared.size import Size

PLENTY = Size(64, 262_144)
EXACTLY = Terms(cpu_allocation_ratio=1.0, ram_allocation_ratio=1.0, reserved_host_memory_mb=0)
"""What a host has is what may be promised of it."""


def room(
    capacity: Size | None = PLENTY,
    used: Size = NONE,
    terms: Terms = EXACTLY,
    traits: tuple[str, ...] = (),
) -> Host:
    return Host(terms=terms, capacity=capacity, reported_traits=traits, used=used)


class Region:
    """Implements :class:`domain.way.Hosts`. A host that is not named never told what it has."""

    def __init__(self, **hosts: Host) -> None:
        self._hosts = {name.replace("_", "-"): host for name, host in hosts.items()}
        self._neighbours: Neighbours | None = None

    def beside(self, neighbours: Neighbours) -> Self:
        """The same, for a server that is in a group with these."""
        self._neighbours = neighbours
        return self

    def host(self, name: str) -> Host:
        return self._hosts.get(name, Host())

    def pool(self, name: str) -> Iterable[Candidate]:
        return [
            Candidate(host, state)
            for host, state in self._hosts.items()
            if state.terms.pool == name
        ]

    def neighbours(self, server: Server) -> Neighbours | None:
        return self._neighbours if server.spec.group else None
