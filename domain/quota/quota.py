"""A project's quota: its limits, what it uses, its users, and its place in the tree."""

from __future__ import annotations

from typing import ClassVar, Self, assert_never

import msgspec
from msgspec.structs import replace

from domain.quota.events import (
    ParentChanged,
    QuotaChanged,
    QuotaClaimed,
    QuotaEvent,
    QuotaReleased,
    SharedClaimed,
    SharedQuotaChanged,
    SharedReleased,
    UserQuotaChanged,
)
from domain.shared.resources import UNLIMITED, Amounts, plus


class UserQuota(msgspec.Struct, frozen=True, kw_only=True, gc=False):
    """One user in one project: its own limits, if any, and what it uses."""

    limits: Amounts = {}
    used: Amounts = {}


NOBODY = UserQuota()


class ProjectQuota(msgspec.Struct, frozen=True, kw_only=True, gc=False):
    """A project's quota as its events have made it.

    ``limits`` are for what the project itself uses; ``shared`` for that together with ``below``,
    which is what all projects below it use. A resource without a limit of its own follows the quota
    class; nothing is shared by default.
    """

    category: ClassVar[str] = "quota"
    snapshot_format: ClassVar[int] = 2

    limits: Amounts = {}
    used: Amounts = {}
    users: dict[str, UserQuota] = {}
    shared: Amounts = {}
    below: Amounts = {}
    parent: str | None = None

    # Questions

    def limit(self, resource: str, defaults: Amounts) -> int:
        """The limit in force; -1: unlimited, as is a resource that nobody has limited."""
        return self.limits.get(resource, defaults.get(resource, UNLIMITED))

    def leaves(self, asked: Amounts, defaults: Amounts) -> bool:
        """Whether the project's own limits leave that much more of each."""
        for name, more in asked.items():
            limit = self.limit(name, defaults)
            if UNLIMITED != limit < self.used.get(name, 0) + more:
                return False
        return True

    def user(self, user: str) -> UserQuota:
        """One user's limits and usage; empty for a user without any."""
        return self.users.get(user, NOBODY)

    def user_limit(self, user: str, resource: str, defaults: Amounts) -> int:
        """The limit in force for the user, never above the project's; -1: unlimited."""
        most = self.limit(resource, defaults)
        own = self.user(user).limits.get(resource, most)
        return own if most == UNLIMITED else most if own == UNLIMITED else min(own, most)

    def total(self) -> Amounts:
        """Usage of the project and all below it."""
        return plus(self.used, self.below) if self.below else self.used

    # History: what has happened

    @classmethod
    def begin(cls, event: QuotaEvent) -> Self:
        """The quota after its first event."""
        return cls().after(event)

    def after(self, event: QuotaEvent) -> Self:
        """The quota after one more event."""
        match event:
            case QuotaClaimed() | QuotaReleased():
                return self._used(event)
            case SharedClaimed(below=below) | SharedReleased(below=below):
                return replace(self, below=below)
            case QuotaChanged(limits=limits):
                return replace(self, limits=limits)
            case UserQuotaChanged(user=user, limits=limits):
                return self._with(user, replace(self.user(user), limits=limits))
            case SharedQuotaChanged(limits=limits):
                return replace(self, shared=limits)
            case ParentChanged(parent=parent):
                return replace(self, parent=parent)
            case never:
                assert_never(never)

    def _used(self, event: QuotaClaimed | QuotaReleased) -> Self:
        if not event.user:
            return replace(self, used=event.used)
        of_user = replace(self.user(event.user), used=event.used_by_user)
        return replace(self, used=event.used, users={**self.users, event.user: of_user})

    def _with(self, user: str, quota: UserQuota) -> Self:
        return replace(self, users={**self.users, user: quota})
