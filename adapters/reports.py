"""What relays report of the hypervisors' answers: the words that both ends of the wire use."""

from __future__ import annotations

from typing import Annotated
from uuid import UUID

import msgspec

from commands.command import Command
from commands.end_scale import ConfirmScale, FailScale
from domain.envelope import Envelope
from domain.size import GuestView, Size

MOST = 20
"""Outcomes in one report, so that it stays within the size of a body."""


# A reason becomes part of a fact, and PostgreSQL's JSON takes no NUL.
Words = Annotated[str, msgspec.Meta(max_length=1000, pattern=r"^[^\x00-\x1f\x7f]*$")]


class _Told(
    msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True, tag_field="outcome"
):
    server: UUID
    operation: UUID


class ReadBack(_Told, frozen=True, kw_only=True, tag="read-back"):
    """The server as it was read back; how the operation ends follows from its size."""

    size: Size
    guest: GuestView
    envelope: Envelope
    shortfall: Words

    def command(self) -> Command:
        return ConfirmScale(
            server=self.server,
            operation=self.operation,
            size=self.size,
            guest=self.guest,
            envelope=self.envelope,
            shortfall=self.shortfall,
        )


class Failed(_Told, frozen=True, kw_only=True, tag="failed"):
    """Nothing was changed."""

    reason: Words

    def command(self) -> Command:
        return FailScale(server=self.server, operation=self.operation, reason=self.reason)


Outcome = ReadBack | Failed


class Outcomes(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    outcomes: Annotated[list[Outcome], msgspec.Meta(min_length=1, max_length=MOST)]
