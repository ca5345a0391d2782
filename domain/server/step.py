"""The step of an operation that a hypervisor is asked for."""

from __future__ import annotations

from uuid import UUID

import msgspec

from domain.server.values import StepKind


class Step(msgspec.Struct, frozen=True, kw_only=True):
    """Made once, with the message to the hypervisor, and carried whole: by the relay, in its
    report, and in the command that follows from that.

    ``host`` is where the server was then, None: not known; ``to_host`` where it migrates to.
    """

    server: UUID
    operation: UUID
    ask: StepKind
    to_host: str | None = None
    host: str | None = None

    def bare(self) -> Step:
        """The step alone, without what was added to it on its way."""
        return Step(**{name: getattr(self, name) for name in Step.__struct_fields__})
