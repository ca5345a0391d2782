"""Give up on an operation whose deadline has passed without a known outcome."""

from __future__ import annotations

from uuid import UUID

from commands.command import Command, Decision, Log, Reply
from domain.server import Server, ending


class GiveUpOperation(Command, frozen=True, kw_only=True):
    """Record that the outcome is unknown. The claim stays: quota is never below what may be real.

    Raises NotFound.
    """

    server: UUID
    operation: UUID
    reason: str

    def decide(self, log: Log) -> Decision:
        """Record it once; nothing for an operation that has ended."""
        stream = log.load(Server, str(self.server))
        operation = stream.state.operation
        if not operation or operation.id != self.operation or operation.undecided:
            return Decision([], Reply())
        return Decision(stream.record(ending.given_up(stream.state, self.reason)), Reply())
