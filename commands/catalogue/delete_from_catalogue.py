"""Delete a flavor, an image or a window; what was made with it keeps what it needs."""

from __future__ import annotations

from commands.command import Command, Decision, Log, Reply
from commands.ledger.catalogue import as_expected, present
from domain.catalogue.flavor import Flavor
from domain.catalogue.image import Image
from domain.schedules.window import Window


class DeleteFromCatalogue(Command, frozen=True, kw_only=True):
    """Delete one thing of ``kind``. ``expected``: the version that the caller decided on.

    Raises NotFound, StaleVersion.
    """

    kind: type[Flavor | Image | Window]
    id: str
    expected: int | None = None
    reason: str = ""

    def decide(self, log: Log) -> Decision:
        """Record the deletion."""
        stream = present(log, self.kind, self.id)
        as_expected(stream.version, self.expected)
        return Decision(stream.record(stream.state.delete(self.reason)), Reply())
