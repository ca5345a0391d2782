"""Build several like servers in one decision: as many as there is quota and room for."""

from __future__ import annotations

from commands.command import Command, Decision, Log, Reply
from commands.draft import Draft
from commands.ledger import quotas
from commands.ledger.catalogue import present
from commands.servers.build_server import BuildAccepted, BuildServer
from domain.catalogue.flavor import Flavor
from domain.shared.errors import NoValidHost, QuotaExceeded
from domain.shared.resources import held
from domain.shared.size import Size


class BuildsAccepted(Reply, frozen=True, kw_only=True):
    """The builds that were opened, in the order in which they were asked for."""

    accepted: list[BuildAccepted]


class BuildServers(Command, frozen=True, kw_only=True):
    """Build like servers, one or more, that differ in ids and names only.

    If ``least`` of them cannot be built, none is; of the others, as many as can be. Raises NotFound
    (flavor, image, server-group), MemoryTooSmall, QuotaExceeded, NoValidHost.
    """

    builds: tuple[BuildServer, ...]
    least: int = 1

    def decide(self, log: Log) -> Decision:
        """Check the quota for the least number, then decide one after another until one does not
        fit."""
        self._must_afford(log)
        draft = Draft(log)
        accepted: list[BuildAccepted] = []
        for build in self.builds:
            try:
                accepted.append(draft.decide(build, BuildAccepted))
            except (QuotaExceeded, NoValidHost):
                if len(accepted) < self.least:
                    raise
                break
        return Decision(draft.changes, BuildsAccepted(accepted=accepted))

    def _must_afford(self, log: Log) -> None:
        """Check the quota for the ``least`` as one sum, which a refusal then names.

        Raises NotFound, QuotaExceeded.
        """
        one = self.builds[0]
        flavor = present(log, Flavor, one.flavor).state
        each = held(Size(flavor.vcpus, flavor.memory_mib))
        asked = {name: amount * self.least for name, amount in each.items()}
        if short := quotas.path(log, one.project, one.user).shortages(asked):
            raise QuotaExceeded(project=one.project, shortages=short)
