"""Scale many servers at once, each as its own operation; on request all of them or none."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

import msgspec

from commands.command import Command, Decision, Log, Reply
from commands.draft import Draft
from commands.scaling.scale_server import ScaleAccepted, ScaleServer
from domain.server import Consent, Server
from domain.shared.errors import NotFound, Refused
from domain.shared.refusal import Refusal, refusal
from domain.shared.size import Size


class OneScale(msgspec.Struct, frozen=True, kw_only=True):
    """One scale of the list; its fields are those of ScaleServer."""

    server: UUID
    to: Size
    operation: UUID
    consent: Consent = "live"
    plan: str | None = None


class ScaleAnswer(msgspec.Struct, frozen=True, kw_only=True):
    """The answer to one scale: accepted or refused."""

    server: UUID
    accepted: ScaleAccepted | None = None
    refused: Refusal | None = None


class ScalesAnswered(Reply, frozen=True, kw_only=True):
    """The answers in the order in which the scales were asked for."""

    scales: list[ScaleAnswer]


@dataclass(eq=False)
class OneRefused(Refused):
    """One scale of an all-or-nothing list was refused; ``item`` counts from 0."""

    item: int
    server: UUID
    refused: Refusal

    def __str__(self) -> str:
        return f"Nothing was scaled: server {self.server} was refused. {self.refused.detail}"


class ScaleServers(Command, frozen=True, kw_only=True):
    """Scale servers, each as if those before it had been asked for already. ``deadline`` in UTC.

    ``project``: whose servers they must be; None: anybody's. Raises OneRefused if
    ``all_or_nothing``.
    """

    scales: list[OneScale]
    deadline: datetime
    project: str | None = None
    all_or_nothing: bool = False
    reason: str = ""

    @property
    def weight(self) -> int:
        """One for each scale."""
        return len(self.scales)

    def decide(self, log: Log) -> Decision:
        """Decide one after another on a draft, and record all that were accepted."""
        draft = Draft(log)
        answers = [self._answer(draft, item, one) for item, one in enumerate(self.scales)]
        return Decision(draft.changes, ScalesAnswered(scales=answers))

    def _answer(self, draft: Draft, item: int, one: OneScale) -> ScaleAnswer:
        try:
            return ScaleAnswer(server=one.server, accepted=self._scale(draft, one))
        except Refused as e:
            if self.all_or_nothing:
                raise OneRefused(item=item, server=one.server, refused=refusal(e)) from e
            return ScaleAnswer(server=one.server, refused=refusal(e))

    def _scale(self, draft: Draft, one: OneScale) -> ScaleAccepted:
        self._must_see(draft, one.server)
        scale = ScaleServer(
            server=one.server,
            to=one.to,
            operation=one.operation,
            deadline=self.deadline,
            reason=self.reason,
            consent=one.consent,
            plan=one.plan,
        )
        return draft.decide(scale, ScaleAccepted)

    def _must_see(self, log: Log, server: UUID) -> None:
        """Check that the server is not deleted, nor another project's. Raises NotFound."""
        known = log.load(Server, str(server)).state
        if known.power == "gone" or self.project not in {None, known.project}:
            raise NotFound(what="server", id=str(server))
