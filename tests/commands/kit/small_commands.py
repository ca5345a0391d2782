"""Commands that several tests ask: small ones that do as they are told."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from commands.command import Command, Decision, Log, Reply
from commands.operations.cancel_operation import CancelOperation
from commands.quotas.set_quota import SetQuota
from domain.quota import ProjectQuota, limiting
from tests.kit.examples import OPERATION, PROJECT, SERVER


def cores(limit: int, project: str = PROJECT) -> SetQuota:
    """Each other limit is one more fact, and nothing stands against it."""
    return SetQuota(project=project, limits={"cores": limit}, force=True)


class Faulty(Command, frozen=True, kw_only=True):
    """Its decision has a bug."""

    def decide(self, log: Log) -> Decision:
        log.open(ProjectQuota, PROJECT)
        raise ZeroDivisionError("a bug")


class Unspeakable(Reply, frozen=True, kw_only=True):
    of: Any


class Unanswerable(Command, frozen=True, kw_only=True):
    """It records something, but its reply cannot be told."""

    def decide(self, log: Log) -> Decision:
        stream = log.open(ProjectQuota, PROJECT)
        changed = limiting.change(stream.state, PROJECT, {"cores": 13}, defaults={})
        return Decision(stream.record(changed), Unspeakable(of=object()))


class Twice(Command, frozen=True, kw_only=True):
    """It records two events at the same version of one stream."""

    def decide(self, log: Log) -> Decision:
        stream = log.open(ProjectQuota, PROJECT)
        changed = limiting.change(stream.state, PROJECT, {"cores": 13}, defaults={})
        return Decision([*stream.record(changed), *stream.record(changed)], Reply())


def cancel(operation: UUID = OPERATION) -> CancelOperation:
    return CancelOperation(server=SERVER, operation=operation)
