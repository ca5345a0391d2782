"""Limits as they were set: of projects, of their users, and of what a tree of projects shares."""

from __future__ import annotations

from dataclasses import dataclass, field

COUNTED = ("instances", "cores", "ram", "server_groups")


@dataclass
class Limits:
    """``users`` by project and user, ``parents`` by project."""

    own: dict[str, dict[str, int]] = field(default_factory=dict)
    users: dict[tuple[str, str], dict[str, int]] = field(default_factory=dict)
    shared: dict[str, dict[str, int]] = field(default_factory=dict)
    parents: dict[str, str | None] = field(default_factory=dict)

    def path(self, project: str) -> list[str]:
        """The project, its parent, and so on to the top."""
        found = [project]
        while above := self.parents.get(found[-1]):
            found.append(above)
        return found

    def below(self, node: str) -> list[str]:
        """All that stand somewhere below it."""
        return [one for one in self.parents if one != node and node in self.path(one)]


def exceeds(limits: dict[str, int], used: dict[str, int], more: dict[str, int]) -> bool:
    """Whether any resource that is named would be above its limit."""
    return any(
        limits.get(name, -1) != -1 and used[name] + amount > limits[name]
        for name, amount in more.items()
    )
