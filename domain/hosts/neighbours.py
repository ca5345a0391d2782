"""The other members of a server's group, by host, and what the group's policy makes of them."""

from __future__ import annotations

from typing import Literal

import msgspec

GroupPolicy = Literal["affinity", "anti-affinity", "soft-affinity", "soft-anti-affinity"]
"""Nova's. The soft ones are preferences: they forbid nothing."""


class Neighbours(msgspec.Struct, frozen=True, kw_only=True, gc=False):
    """``hosts``: how many of the others are on each, or may yet be. ``max_server_per_host``: with
    anti-affinity, how many members one host may have."""

    policy: GroupPolicy
    hosts: dict[str, int] = {}
    max_server_per_host: int = 1

    def allow(self, host: str) -> bool:
        match self.policy:
            case "affinity":
                # One that may yet be on either of two hosts is on none for sure.
                return self.hosts.keys() <= {host}
            case "anti-affinity":
                return self.hosts.get(host, 0) < self.max_server_per_host
            case "soft-affinity" | "soft-anti-affinity":
                return True

    def rank(self, host: str) -> int:
        """The lower the better."""
        match self.policy:
            case "affinity" | "soft-affinity":
                return -self.hosts.get(host, 0)
            case "anti-affinity" | "soft-anti-affinity":
                return self.hosts.get(host, 0)


def counted(policy: GroupPolicy, most: int | None, places: list[set[str]]) -> Neighbours:
    """``places``: the hosts that each of the others is on, or on its way to."""
    hosts: dict[str, int] = {}
    for names in places:
        for name in names:
            hosts[name] = hosts.get(name, 0) + 1
    return Neighbours(policy=policy, hosts=hosts, max_server_per_host=most or 1)
