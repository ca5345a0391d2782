"""Record what a hypervisor host says that it has."""

from __future__ import annotations

from commands.command import Command, Decision, Log, Reply
from domain.hosts.host import Host, HostRead
from domain.shared.size import Size


class ReadHost(Command, frozen=True, kw_only=True):
    """Records nothing where that is known already. Raises NotFound."""

    host: str
    capacity: Size
    traits: tuple[str, ...]
    hypervisor: str

    def decide(self, log: Log) -> Decision:
        stream = log.load(Host, self.host)
        told = HostRead(
            host=self.host,
            capacity=self.capacity,
            traits=self.traits,
            hypervisor=self.hypervisor,
        )
        known = stream.state.after(told) == stream.state
        return Decision([] if known else stream.record(told), Reply())
