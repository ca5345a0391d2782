"""Keep the books' hosts as the settings name them: those that are new, back, or gone from there."""

from __future__ import annotations

from commands.command import Command, Decision, Log, Reply
from domain.hosts.host import Host, HostEnlisted
from domain.hosts.pool import HostJoined, HostLeft, Pool
from domain.shared.size import Size


class EnlistHost(Command, frozen=True, kw_only=True):
    """Once; a host that is in the books already keeps its terms, and is back in its pool.

    ``used`` is what servers hold on it that were there before hosts were recorded.
    """

    host: str
    used: Size

    def decide(self, log: Log) -> Decision:
        stream = log.open(Host, self.host)
        terms = stream.state.terms
        enlisted = HostEnlisted(host=self.host, terms=terms, used=self.used)
        changes = [] if stream.state.enlisted else stream.record(enlisted)
        pool = log.open(Pool, terms.pool)
        if self.host not in pool.state.hosts:
            changes = [*changes, *pool.record(HostJoined(host=self.host))]
        return Decision(changes, Reply())


class RetireHost(Command, frozen=True, kw_only=True):
    """It stands in the settings no more: nothing is placed there. What it holds stays on record.

    Raises NotFound.
    """

    host: str

    def decide(self, log: Log) -> Decision:
        pool = log.open(Pool, log.load(Host, self.host).state.terms.pool)
        if self.host not in pool.state.hosts:
            return Decision([], Reply())
        return Decision(pool.record(HostLeft(host=self.host)), Reply())
