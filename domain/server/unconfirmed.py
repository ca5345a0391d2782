"""What a resize that nobody has confirmed yet stands against, and what needs one."""

from __future__ import annotations

from dataclasses import dataclass

from domain.shared.errors import Refused
from domain.shared.size import Size


@dataclass(eq=False)
class ResizeUnconfirmed(Refused):
    was: Size
    size: Size

    def __str__(self) -> str:
        return (
            f"The server was resized from {self.was} to {self.size}: confirm or revert that first."
        )


@dataclass(eq=False)
class NotResized(Refused):
    def __str__(self) -> str:
        return "The server was not resized, so there is nothing to confirm or to revert."
