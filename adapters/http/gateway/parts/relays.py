"""Which hosts are a relay's own: it reports, observes and ends what is asked of these alone."""

from __future__ import annotations

from collections.abc import Collection, Mapping

from adapters.http.gateway import rules
from adapters.http.gateway.policy import NotPermitted
from adapters.tokens import Actor


class Relays:
    """``named``: the hosts of each relay, by the name of its token or by its id in Keystone. Where
    none is named, there is one relay of all hosts, under a token of ours."""

    def __init__(self, named: Mapping[str, Collection[str]]) -> None:
        self._named = {relay: frozenset(hosts) for relay, hosts in named.items()}

    def hosts_of(self, actor: Actor) -> frozenset[str] | None:
        """Its own; None: all hosts."""
        return self._named.get(actor.name, frozenset()) if self._named else None

    def must_report(self, actor: Actor, host: str) -> None:
        """Check that a relay may tell of a host. Raises NotPermitted."""
        hosts = self.hosts_of(actor)
        own = hosts is None or host in hosts
        if not rules.allows_aside("report_host", actor.role, own=own):
            raise NotPermitted(
                f"Host {host!r} is not of the relay {actor.name!r}; an operator can give it one "
                "in ULLAGE_RELAYS."
            )
