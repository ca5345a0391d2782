"""What is told of an operation that was asked for."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from commands.command import Reply


class OperationAccepted(Reply, frozen=True, kw_only=True):
    """The operation is open, and what it asks for is claimed.

    It ends by ``deadline`` (UTC) at the latest: done, failed, or of unknown outcome, for an
    operator to resolve.
    """

    operation: UUID
    server: UUID
    deadline: datetime
