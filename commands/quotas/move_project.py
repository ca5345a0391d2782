"""Put a project below another one, with all that it and those below it use; or below none."""

from __future__ import annotations

from commands.command import Command, Decision, Log, Reply
from commands.ledger import quotas
from commands.ledger.catalogue import as_expected
from domain.quota import ProjectQuota, tree


class ProjectMoved(Reply, frozen=True, kw_only=True):
    """Where the project stands now; ``parent`` None: below none."""

    project: str
    parent: str | None
    version: int


class MoveProject(Command, frozen=True, kw_only=True):
    """Put ``project`` below ``parent``; None: below none.

    Raises StaleVersion, BelowItself, and QuotaExceeded where a shared limit would be broken.
    """

    project: str
    parent: str | None
    expected: int | None = None
    reason: str = ""

    def decide(self, log: Log) -> Decision:
        """Record the move, and what it counts for in the old and the new place."""
        stream = log.open(ProjectQuota, self.project)
        as_expected(stream.version, self.expected)
        if stream.state.parent == self.parent:
            return Decision([], self._reply(stream.version))
        event, claims = tree.moved(
            quotas.nodes(log, self.project), quotas.nodes(log, self.parent), self.reason
        )
        changes = [*stream.record(event), *quotas.recorded(log, claims)]
        return Decision(changes, self._reply(stream.version + 1))

    def _reply(self, version: int) -> ProjectMoved:
        return ProjectMoved(project=self.project, parent=self.parent, version=version)
