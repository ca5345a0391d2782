"""What happens to a project's quota: every fact of its stream."""

from __future__ import annotations

from uuid import UUID

import msgspec

from domain.shared.events import Event
from domain.shared.resources import Amounts


class QuotaChanged(Event, frozen=True, kw_only=True, tag="quota.changed"):
    """The project's own limits, all of them; a resource not named follows the quota class."""

    project: str
    was: Amounts
    limits: Amounts
    reason: str = ""


class UserQuotaChanged(Event, frozen=True, kw_only=True, tag="quota.user-changed"):
    """The limits of one user in the project, all of them; the project's hold as well."""

    project: str
    user: str
    was: Amounts
    limits: Amounts
    reason: str = ""


class SharedQuotaChanged(Event, frozen=True, kw_only=True, tag="quota.shared-changed"):
    """The limits that the project and all below it share, all of them."""

    project: str
    was: Amounts
    limits: Amounts
    reason: str = ""


class ParentChanged(Event, frozen=True, kw_only=True, tag="quota.parent-changed"):
    """The project stands below another one from now on; None: below none."""

    project: str
    was: str | None
    parent: str | None
    reason: str = ""


class QuotaClaimed(Event, frozen=True, kw_only=True, tag="quota.claimed"):
    """By a server or a group of ``user``; ``used`` is the project's usage since, ``used_by_user``
    that of the user in it. Nobody is named where nobody is known."""

    project: str
    server: UUID | None = None
    amounts: Amounts
    used: Amounts
    operation: UUID | None = None
    group: UUID | None = None
    user: str = ""
    used_by_user: Amounts = msgspec.field(default_factory=dict)


class QuotaReleased(Event, frozen=True, kw_only=True, tag="quota.released"):
    """The same, given back."""

    project: str
    server: UUID | None = None
    amounts: Amounts
    used: Amounts
    operation: UUID | None = None
    group: UUID | None = None
    user: str = ""
    used_by_user: Amounts = msgspec.field(default_factory=dict)


class SharedClaimed(Event, frozen=True, kw_only=True, tag="quota.shared-claimed"):
    """Claimed by ``by_project`` somewhere below; ``below`` is what all below use since."""

    project: str
    by_project: str
    amounts: Amounts
    below: Amounts


class SharedReleased(Event, frozen=True, kw_only=True, tag="quota.shared-released"):
    """The same, given back."""

    project: str
    by_project: str
    amounts: Amounts
    below: Amounts


QuotaEvent = (
    QuotaChanged
    | UserQuotaChanged
    | SharedQuotaChanged
    | ParentChanged
    | QuotaClaimed
    | QuotaReleased
    | SharedClaimed
    | SharedReleased
)
