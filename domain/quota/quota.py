"""A project's quota as it stands: its limits, what it uses, its users, its place in the tree."""

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
    """One user in one project: limits of its own, if any, and what is its."""

    limits: Amounts = {}
    used: Amounts = {}


NOBODY = UserQuota()


class ProjectQuota(msgspec.Struct, frozen=True, kw_only=True, gc=False):
    """``limits`` are for what the project itself uses, ``shared`` for that and all below it, which
    use ``below``. What has no limit of its own follows the quota class, but nothing is shared by
    default."""

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
        """The limit in force; -1 is unlimited, and so is what nobody limited."""
        return self.limits.get(resource, defaults.get(resource, UNLIMITED))

    def user(self, user: str) -> UserQuota:
        return self.users.get(user, NOBODY)

    def user_limit(self, user: str, resource: str, defaults: Amounts) -> int:
        """That of the user, never above that of the project."""
        most = self.limit(resource, defaults)
        own = self.user(user).limits.get(resource, most)
        return own if most == UNLIMITED else most if own == UNLIMITED else min(own, most)

    def total(self) -> Amounts:
        """What the project and all below it use."""
        return plus(self.used, self.below) if self.below else self.used

    # History: what has happened

    @classmethod
    def begin(cls, event: QuotaEvent) -> Self:
        return cls().after(event)

    def after(self, event: QuotaEvent) -> Self:
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
