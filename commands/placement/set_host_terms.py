"""Set how much may be promised of a host: pool, zone, ratios, traits, and whether at all."""

from __future__ import annotations

from commands.command import Change, Command, Decision, Log, Reply
from commands.ledger.catalogue import as_expected
from domain.hosts.host import Host, HostTermsChanged, Terms
from domain.hosts.pool import HostJoined, HostLeft, Pool


class TermsSet(Reply, frozen=True, kw_only=True):
    """The host's terms now, and the version that has them."""

    host: str
    terms: Terms
    version: int


class SetHostTerms(Command, frozen=True, kw_only=True):
    """Set all terms of a host. A host above its new terms keeps its servers and takes no more.

    ``expected``: the version that the caller decided on. Raises NotFound, StaleVersion.
    """

    host: str
    terms: Terms
    expected: int | None = None
    reason: str = ""

    def decide(self, log: Log) -> Decision:
        """Record the terms, and the move to another pool; nothing where they are so already."""
        stream = log.load(Host, self.host)
        as_expected(stream.version, self.expected)
        was = stream.state.terms
        if was == self.terms:
            return Decision([], self._reply(stream.version))
        changed = HostTermsChanged(host=self.host, was=was, terms=self.terms, reason=self.reason)
        changes = [*stream.record(changed), *self._moved(log, was.pool)]
        return Decision(changes, self._reply(stream.version + 1))

    def _moved(self, log: Log, was: str) -> list[Change]:
        old = log.open(Pool, was)
        # One that the settings name no more is in no pool, and stays out.
        if was == self.terms.pool or self.host not in old.state.hosts:
            return []
        left = old.record(HostLeft(host=self.host))
        return [*left, *log.open(Pool, self.terms.pool).record(HostJoined(host=self.host))]

    def _reply(self, version: int) -> TermsSet:
        return TermsSet(host=self.host, terms=self.terms, version=version)
