"""The other members of a server's group, by host, and where the group's policy lets it go."""

from __future__ import annotations

from typing import Literal

import msgspec

GroupPolicy = Literal["affinity", "anti-affinity", "soft-affinity", "soft-anti-affinity"]
"""Nova's. The soft ones are preferences: they forbid nothing."""


class Neighbours(msgspec.Struct, frozen=True, kw_only=True, gc=False):
    """The other members of a server group.

    ``hosts``: how many of them are on each host, or on their way to it. ``max_server_per_host``:
    how many members one host may have (anti-affinity only).
    """

    policy: GroupPolicy
    hosts: dict[str, int] = {}
    max_server_per_host: int = 1

    def allow(self, host: str) -> bool:
        """Whether the policy lets one more member onto ``host``."""
        match self.policy:
            case "affinity":
                # One that may yet be on either of two hosts is on none for sure.
                return self.hosts.keys() <= {host}
            case "anti-affinity":
                return self.hosts.get(host, 0) < self.max_server_per_host
            case "soft-affinity" | "soft-anti-affinity":
                return True

    def rank(self, host: str) -> int:
        """How well ``host`` suits the policy: the lower, the better."""
        match self.policy:
            case "affinity" | "soft-affinity":
                return -self.hosts.get(host, 0)
            case "anti-affinity" | "soft-anti-affinity":
                return self.hosts.get(host, 0)


def counted(policy: GroupPolicy, most: int | None, places: list[set[str]]) -> Neighbours:
    """The neighbours by host. ``places``: for each member, its host and the one it is moving to."""
    hosts: dict[str, int] = {}
    for names in places:
        for name in names:
            hosts[name] = hosts.get(name, 0) + 1
    return Neighbours(policy=policy, hosts=hosts, max_server_per_host=most or 1)
