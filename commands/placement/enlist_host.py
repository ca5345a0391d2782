"""Keep the recorded hosts as the settings name them: new ones, returned ones, removed ones."""

from __future__ import annotations

from commands.command import Command, Decision, Log, Reply
from domain.hosts.host import Host, HostEnlisted
from domain.hosts.pool import HostJoined, HostLeft, Pool
from domain.shared.size import Size


class EnlistHost(Command, frozen=True, kw_only=True):
    """Enter a host that the settings name; one that is known keeps its terms and joins its pool
    again.

    ``used``: what servers held on it before hosts were recorded.
    """

    host: str
    used: Size

    def decide(self, log: Log) -> Decision:
        """Record what is new; nothing for a host that is in its pool already."""
        stream = log.open(Host, self.host)
        terms = stream.state.terms
        enlisted = HostEnlisted(host=self.host, terms=terms, used=self.used)
        changes = [] if stream.state.enlisted else stream.record(enlisted)
        pool = log.open(Pool, terms.pool)
        if self.host not in pool.state.hosts:
            changes = [*changes, *pool.record(HostJoined(host=self.host))]
        return Decision(changes, Reply())


class RetireHost(Command, frozen=True, kw_only=True):
    """Take a host that the settings name no more out of its pool: nothing is placed there.

    What it holds stays recorded. Raises NotFound.
    """

    host: str

    def decide(self, log: Log) -> Decision:
        """Record that it left its pool; nothing where it is in none."""
        pool = log.open(Pool, log.load(Host, self.host).state.terms.pool)
        if self.host not in pool.state.hosts:
            return Decision([], Reply())
        return Decision(pool.record(HostLeft(host=self.host)), Reply())
