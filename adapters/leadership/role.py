"""Whether this process leads, as its sequencer tells: what only one may do asks here."""

from __future__ import annotations

from commands.engine.sequencer import Sequencer


class LeadingRole:
    """It may end at any moment: what is asked of the sequencer then is refused there.

    The engine knows nothing of this: it tells its role, and who leads follows from that.
    Safe for threads.
    """

    def __init__(self, sequencer: Sequencer) -> None:
        self._sequencer = sequencer

    def leads(self) -> bool:
        """Whether this process holds the log now, and takes commands."""
        return self._sequencer.role == "leading"
