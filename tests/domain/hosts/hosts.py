"""Hosts as a decision sees them, made from a few words."""

from __future__ import annotations

from typing import Any, Self
from uuid import UUID

from msgspec.structs import replace

from domain.hosts.host import NONE, Host, Terms
from domain.hosts.neighbours import GroupPolicy
from domain.hosts.pool import Pool
from domain.hosts.server_group import Member, ServerGroup
from domain.hosts.view import HostsView
from domain.server import Server
from domain.shared.size import Size
from tests.kit.examples import ADOPTED, PROJECT, SERVER

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


class Region(HostsView):
    """A region of these hosts. One that is not named has not reported its capacity."""

    def __init__(self, **hosts: Host) -> None:
        self._hosts = {name.replace("_", "-"): host for name, host in hosts.items()}
        self._group: ServerGroup | None = None
        self._members: dict[str, Server] = {}
        super().__init__(self._find, SERVER)

    def beside(self, policy: GroupPolicy, *hosts: str) -> Self:
        """The same, for a server in a group whose other members are on these hosts."""
        others = [UUID(int=n) for n, _ in enumerate(hosts, 1)]
        members = tuple(Member(server=one) for one in (SERVER, *others))
        self._group = ServerGroup(project=PROJECT, name="web", policy=policy, members=members)
        placed = (replace(Server.begin(ADOPTED), host=host) for host in hosts)
        self._members = {str(one): server for one, server in zip(others, placed, strict=True)}
        return self

    def _find(self, kind: type[Any], id: str) -> Any:
        pool = (name for name, host in self._hosts.items() if host.terms.pool == id)
        known: dict[type, Any] = {
            Host: self._hosts.get(id),
            Pool: Pool(hosts=tuple(pool)),
            ServerGroup: self._group,
            Server: self._members.get(id),
        }
        return known[kind]
