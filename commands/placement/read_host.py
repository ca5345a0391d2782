"""Record the capacity and traits that a hypervisor host reports."""

from __future__ import annotations

from commands.command import Command, Decision, Log, Reply
from domain.hosts.host import Host, HostRead
from domain.shared.size import Size


class ReadHost(Command, frozen=True, kw_only=True):
    """A host's report: physical CPUs and memory (MiB), traits. Raises NotFound."""

    host: str
    capacity: Size
    traits: tuple[str, ...]
    hypervisor: str

    def decide(self, log: Log) -> Decision:
        """Record the report; nothing where it is known already."""
        stream = log.load(Host, self.host)
        report = HostRead(
            host=self.host,
            capacity=self.capacity,
            traits=self.traits,
            hypervisor=self.hypervisor,
        )
        known = stream.state.after(report) == stream.state
        return Decision([] if known else stream.record(report), Reply())
