"""A project claims resources up to its limits; what it releases it may claim again."""

from __future__ import annotations

from typing import ClassVar, Self, assert_never
from uuid import UUID

import msgspec
from msgspec.structs import replace

from domain.errors import QuotaBelowUsage, QuotaExceeded, Shortage
from domain.events import Event
from domain.limits import check
from domain.resources import NOTHING, RESOURCES, UNLIMITED, Amounts, gains, minus, plus


class QuotaChanged(Event, frozen=True, kw_only=True, tag="quota.changed"):
    """The project's own limits, all of them; a resource not named follows the quota class."""

    project: str
    was: Amounts
    limits: Amounts
    reason: str = ""


class QuotaClaimed(Event, frozen=True, kw_only=True, tag="quota.claimed"):
    project: str
    server: UUID
    amounts: Amounts
    used: Amounts
    operation: UUID | None = None


class QuotaReleased(Event, frozen=True, kw_only=True, tag="quota.released"):
    project: str
    server: UUID
    amounts: Amounts
    used: Amounts
    operation: UUID | None = None


QuotaEvent = QuotaChanged | QuotaClaimed | QuotaReleased


class ProjectQuota(msgspec.Struct, frozen=True, kw_only=True, gc=False):
    """Own limits and usage of one project. ``defaults`` below are those of the quota class."""

    category: ClassVar[str] = "quota"
    snapshot_format: ClassVar[int] = 1

    limits: Amounts = {}
    used: Amounts = {}

    # Decisions: what may happen next

    def change(
        self, project: str, limits: Amounts, *, defaults: Amounts, force: bool = False
    ) -> QuotaChanged:
        """Set the project's own limits to exactly ``limits``.

        Raises ResourceUnknown, LimitInvalid, and QuotaBelowUsage unless ``force``.
        """
        check(limits)
        changed = replace(self, limits=limits)
        lowered = [n for n in RESOURCES if changed.limit(n, defaults) != self.limit(n, defaults)]
        short = [s for s in changed.shortages(NOTHING, defaults) if s.resource in lowered]
        if short and not force:
            raise QuotaBelowUsage(shortages=short)
        return QuotaChanged(project=project, was=self.limits, limits=limits)

    def claim(
        self,
        project: str,
        amounts: Amounts,
        *,
        defaults: Amounts,
        server: UUID,
        operation: UUID | None = None,
    ) -> QuotaClaimed:
        """Take ``amounts`` for ``server``. Raises QuotaExceeded."""
        if short := self.shortages(gains(amounts), defaults):
            raise QuotaExceeded(project=project, shortages=short)
        return QuotaClaimed(
            project=project,
            server=server,
            operation=operation,
            amounts=amounts,
            used=plus(self.used, amounts),
        )

    def settle(
        self,
        project: str,
        *,
        claimed: Amounts,
        real: Amounts,
        server: UUID,
        operation: UUID | None = None,
    ) -> list[QuotaClaimed | QuotaReleased]:
        """Bring a claim to what the server really has. Never refused: reality has no quota."""
        more, less = gains(minus(real, claimed)), gains(minus(claimed, real))
        used = plus(self.used, more)
        events: list[QuotaClaimed | QuotaReleased] = []
        if more:
            events.append(
                QuotaClaimed(
                    project=project, server=server, operation=operation, amounts=more, used=used
                )
            )
        if less:
            used = minus(used, less)
            events.append(
                QuotaReleased(
                    project=project, server=server, operation=operation, amounts=less, used=used
                )
            )
        return events

    # Questions

    def limit(self, resource: str, defaults: Amounts) -> int:
        """The limit in force; -1 is unlimited, and so is what nobody limited."""
        return self.limits.get(resource, defaults.get(resource, UNLIMITED))

    def shortages(self, asked: Amounts, defaults: Amounts) -> list[Shortage]:
        """Each resource that would be above its limit with ``asked`` more, if any is asked."""
        return [
            Shortage(resource=n, asked=asked[n], used=used, limit=limit, left=max(0, limit - used))
            for n in asked
            if (limit := self.limit(n, defaults)) != UNLIMITED
            and (used := self.used.get(n, 0)) + asked[n] > limit
        ]

    def left(self, resource: str, defaults: Amounts) -> int | None:
        """How much more may be claimed; None is without limit."""
        limit = self.limit(resource, defaults)
        return None if limit == UNLIMITED else max(0, limit - self.used.get(resource, 0))

    # History: what has happened

    @classmethod
    def begin(cls, event: QuotaEvent) -> Self:
        return cls().after(event)

    def after(self, event: QuotaEvent) -> Self:
        match event:
            case QuotaChanged(limits=limits):
                return replace(self, limits=limits)
            case QuotaClaimed(used=used) | QuotaReleased(used=used):
                return replace(self, used=used)
            case never:
                assert_never(never)
