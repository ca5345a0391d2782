"""Every event of a project's quota."""

from __future__ import annotations

from uuid import UUID

import msgspec

from domain.shared.events import Event
from domain.shared.resources import Amounts


class QuotaChanged(Event, frozen=True, kw_only=True, tag="quota.changed"):
    """The project's own limits were set, all of them; others follow the quota class."""

    project: str
    was: Amounts
    limits: Amounts
    reason: str = ""


class UserQuotaChanged(Event, frozen=True, kw_only=True, tag="quota.user-changed"):
    """The limits of one user in the project were set, all of them; the project's hold as well."""

    project: str
    user: str
    was: Amounts
    limits: Amounts
    reason: str = ""


class SharedQuotaChanged(Event, frozen=True, kw_only=True, tag="quota.shared-changed"):
    """The limits that the project shares with all below it were set, all of them."""

    project: str
    was: Amounts
    limits: Amounts
    reason: str = ""


class ParentChanged(Event, frozen=True, kw_only=True, tag="quota.parent-changed"):
    """The project was put below another one; None: below none."""

    project: str
    was: str | None
    parent: str | None
    reason: str = ""


class QuotaClaimed(Event, frozen=True, kw_only=True, tag="quota.claimed"):
    """A server or a group of ``user`` claimed ``amounts``.

    ``used`` is what the project uses since, ``used_by_user`` what the user does in it. ``user`` "":
    not known.
    """

    project: str
    server: UUID | None = None
    amounts: Amounts
    used: Amounts
    operation: UUID | None = None
    group: UUID | None = None
    user: str = ""
    used_by_user: Amounts = msgspec.field(default_factory=dict)


class QuotaReleased(Event, frozen=True, kw_only=True, tag="quota.released"):
    """A server or a group of ``user`` gave ``amounts`` back; the fields are those of
    QuotaClaimed."""

    project: str
    server: UUID | None = None
    amounts: Amounts
    used: Amounts
    operation: UUID | None = None
    group: UUID | None = None
    user: str = ""
    used_by_user: Amounts = msgspec.field(default_factory=dict)


class SharedClaimed(Event, frozen=True, kw_only=True, tag="quota.shared-claimed"):
    """``by_project``, somewhere below, claimed ``amounts``; ``below`` is what all below use
    since."""

    project: str
    by_project: str
    amounts: Amounts
    below: Amounts


class SharedReleased(Event, frozen=True, kw_only=True, tag="quota.shared-released"):
    """``by_project``, somewhere below, gave ``amounts`` back; ``below`` is what all below use
    since."""

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
