"""Refusals about resizes: one that is not confirmed yet, and one that never was."""

from __future__ import annotations

from dataclasses import dataclass

from domain.shared.errors import Refused
from domain.shared.size import Size


@dataclass(eq=False)
class ResizeUnconfirmed(Refused):
    """The server was resized, and nobody has confirmed or reverted that yet."""

    was: Size
    size: Size

    def __str__(self) -> str:
        return (
            f"The server was resized from {self.was} to {self.size}; confirm or revert that first."
        )


@dataclass(eq=False)
class NotResized(Refused):
    """The server has no resize to confirm or revert."""

    def __str__(self) -> str:
        return "The server has no resize to confirm or revert."
