"""Why a schedule cannot be changed or run: it is over."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from domain.shared.errors import Refused

ScheduleState = Literal["waiting", "ran", "refused", "cancelled"]
"""``ran``: the scale was accepted; what became of it is told by its operation."""


@dataclass(eq=False)
class ScheduleOver(Refused):
    """The schedule has run, was refused or was cancelled, so it can no longer change."""

    state: ScheduleState

    def __str__(self) -> str:
        return f"This schedule no longer waits: its state is '{self.state}'."


@dataclass(eq=False)
class ScheduleMissed(Refused):
    """The schedule could not be run while it was due (UTC)."""

    due: datetime
    until: datetime

    def __str__(self) -> str:
        return f"The schedule was missed: it could not be run from {self.due} until {self.until}."
