"""Setting limits: of a project, of a user in it, of a project together with all below it."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from msgspec.structs import replace

from domain.quota.events import QuotaChanged, SharedQuotaChanged, UserQuotaChanged
from domain.quota.limits import check
from domain.quota.quota import ProjectQuota
from domain.shared.errors import QuotaBelowUsage, Refused, Scope, Shortage
from domain.shared.resources import COUNTED, UNLIMITED, Amounts


@dataclass(eq=False)
class AboveProject(Refused):
    """A user's limit is above its project's; it never may be."""

    resource: str
    limit: int
    most: int

    def __str__(self) -> str:
        return (
            f"A user's limit of {self.limit} for {self.resource} is above "
            f"the project's limit of {self.most}."
        )


@dataclass(eq=False)
class NotShared(Refused):
    """A shared limit was asked for a resource that is not added up over projects."""

    resource: str

    def __str__(self) -> str:
        return f"A limit on {self.resource} cannot be shared; these can: {', '.join(COUNTED)}."


def change(
    quota: ProjectQuota,
    project: str,
    limits: Amounts,
    *,
    defaults: Amounts,
    force: bool = False,
    reason: str = "",
) -> QuotaChanged:
    """Set the project's own limits to exactly ``limits``.

    Raises ResourceUnknown, LimitInvalid, and QuotaBelowUsage unless ``force``.
    """
    check(limits)
    changed = replace(quota, limits=limits)
    lowered = {n: changed.limit(n, defaults) for n in {**quota.limits, **limits}}
    moved = {n: limit for n, limit in lowered.items() if limit != quota.limit(n, defaults)}
    _not_below(quota.used, moved, "project", project, force=force)
    return QuotaChanged(project=project, was=quota.limits, limits=limits, reason=reason)


def change_user(
    quota: ProjectQuota,
    project: str,
    user: str,
    limits: Amounts,
    *,
    defaults: Amounts,
    force: bool = False,
    reason: str = "",
) -> UserQuotaChanged:
    """Set the user's own limits to exactly ``limits``.

    Raises ResourceUnknown, LimitInvalid, AboveProject, and QuotaBelowUsage unless ``force``.
    """
    check(limits)
    was = quota.user(user)
    moved = _moved(was.limits, limits)
    for name, limit in moved.items():
        most = quota.limit(name, defaults)
        if most != UNLIMITED and (limit == UNLIMITED or limit > most):
            raise AboveProject(resource=name, limit=limit, most=most)
    _not_below(was.used, moved, "user", user, force=force)
    return UserQuotaChanged(
        project=project, user=user, was=was.limits, limits=limits, reason=reason
    )


def change_shared(
    quota: ProjectQuota, project: str, limits: Amounts, *, force: bool = False, reason: str = ""
) -> SharedQuotaChanged:
    """Set what the project and all below it share to exactly ``limits``.

    Raises ResourceUnknown, LimitInvalid, NotShared, and QuotaBelowUsage unless ``force``.
    """
    check(limits)
    for name in limits:
        if name not in COUNTED:
            raise NotShared(resource=name)
    _not_below(quota.total(), _moved(quota.shared, limits), "shared", project, force=force)
    return SharedQuotaChanged(project=project, was=quota.shared, limits=limits, reason=reason)


def _moved(was: Amounts, limits: Amounts) -> Amounts:
    """The limits that are set, and were not so before."""
    return {name: limit for name, limit in limits.items() if was.get(name) != limit}


def _not_below(used: Amounts, limits: Amounts, scope: Scope, node: str, *, force: bool) -> None:
    """Refuse limits below what is in use, unless ``force``. Raises QuotaBelowUsage."""
    if (short := list(_below(used, limits, scope, node))) and not force:
        raise QuotaBelowUsage(shortages=short)


def _below(used: Amounts, limits: Amounts, scope: Scope, node: str) -> Iterable[Shortage]:
    for name, limit in limits.items():
        if limit != UNLIMITED and (has := used.get(name, 0)) > limit:
            yield Shortage(
                resource=name, asked=0, used=has, limit=limit, left=0, scope=scope, node=node
            )
