"""Give one project access to a flavor that is not public, or take it away."""

from __future__ import annotations

from msgspec.structs import replace

from commands.catalogue.create_flavor import recorded
from commands.command import Command, Decision, Log
from commands.ledger.catalogue import present
from domain.catalogue.flavor import Flavor, FlavorAccessExists, FlavorAccessMissing


class AddFlavorAccess(Command, frozen=True, kw_only=True):
    """Add a project to a flavor's access list. Raises NotFound, FlavorAccessExists."""

    flavor: str
    project: str

    def decide(self, log: Log) -> Decision:
        """Record the longer list."""
        access = present(log, Flavor, self.flavor).state.access
        if self.project in access:
            raise FlavorAccessExists(flavor=self.flavor, project=self.project)
        return _decided(log, self.flavor, (*access, self.project))


class RemoveFlavorAccess(Command, frozen=True, kw_only=True):
    """Remove a project from a flavor's access list. Raises NotFound, FlavorAccessMissing."""

    flavor: str
    project: str

    def decide(self, log: Log) -> Decision:
        """Record the shorter list."""
        access = present(log, Flavor, self.flavor).state.access
        if self.project not in access:
            raise FlavorAccessMissing(flavor=self.flavor, project=self.project)
        return _decided(log, self.flavor, tuple(one for one in access if one != self.project))


def _decided(log: Log, flavor: str, access: tuple[str, ...]) -> Decision:
    stream = present(log, Flavor, flavor)
    changed = stream.state.change(replace(stream.state.settings(), access=tuple(sorted(access))))
    changes = stream.record(changed)
    now = stream.state.after(changed)
    return Decision(changes, recorded(flavor, now, changes[-1].version))
