"""How much of each resource a project may use, and how much it uses."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

import msgspec
from msgspec.structs import replace

from domain.quota import (
    Node,
    ParentChanged,
    ProjectQuota,
    QuotaChanged,
    QuotaClaimed,
    QuotaPath,
    QuotaReleased,
    UserQuota,
)
from domain.quota.quota_class import DEFAULT, QuotaClass, QuotaClassChanged
from domain.shared.events import Fact
from domain.shared.resources import RESOURCES, Amounts
from projections.limits_shown import LimitsShown
from projections.quota_tables import (
    BELOW,
    SHARED_LIMITS,
    USER_LIMITS,
    USER_USED,
    Part,
    Tables,
    has_parts,
    parts_of,
)


class ResourceLimit(msgspec.Struct, frozen=True, kw_only=True):
    """One resource of a project or a user.

    ``limit`` -1: unlimited. ``used`` counts against it; ``reserved`` of that is held for an open
    change and is not there yet. ``left``: how much more may be claimed by all limits in force, also
    further up; None: without limit. ``own``: the limit was set for the project, or the user,
    itself.
    """

    limit: int
    used: int
    left: int | None
    own: bool
    reserved: int = 0


class ProjectLimits(msgspec.Struct, frozen=True, kw_only=True):
    """The limits of a project, or of one ``user`` in it.

    ``version`` is that of the project's quota stream; 0 before its first fact.
    """

    project: str
    version: int
    resources: dict[str, ResourceLimit]
    user: str | None = None


class _Project:
    """A quota, and the versions of the facts that last set each part of it. Changed by one thread;
    others read the quota, which is replaced as a whole."""

    __slots__ = ("at", "quota")

    def __init__(self) -> None:
        self.quota = ProjectQuota()
        self.at: dict[tuple[str, str], int] = {}

    @property
    def version(self) -> int:
        return max(self.at.values(), default=0)


_USED, _LIMITS, _PARENT = ("used", ""), ("limits", ""), ("parent", "")
_OWN: dict[type, tuple[str, str]] = {
    QuotaClaimed: _USED,
    QuotaReleased: _USED,
    QuotaChanged: _LIMITS,
    ParentChanged: _PARENT,
}


class Limits:
    """The read model in memory: the quotas of every project that has facts of its own."""

    categories = frozenset({ProjectQuota.category, QuotaClass.category})

    def __init__(self) -> None:
        self._projects: dict[str, _Project] = {}
        self._class = QuotaClass()
        self._class_version = 0
        self._others: dict[str, tuple[int, QuotaClass]] = {}
        self._shown = LimitsShown[ProjectLimits]()

    @property
    def defaults(self) -> Amounts:
        """The limits of the quota class that every project follows."""
        return self._class.limits

    def of_class(self, name: str) -> Amounts:
        """The limits of a quota class by name. Classes but the default one bind nobody."""
        _, other = self._others.get(name, (0, _NO_CLASS))
        return {**self.defaults, **other.limits}

    @property
    def class_version(self) -> int:
        """The version of the default quota class; 0 before its first fact."""
        return self._class_version

    def quota(self, project: str) -> ProjectQuota:
        """The quota of a project; empty for one without facts."""
        return self._projects.get(project, _BLANK).quota

    def path(self, project: str, user: str = "") -> QuotaPath:
        """The project with all projects above it."""
        nodes, above = list[Node](), project or None
        while above is not None:
            quota = self.quota(above)
            nodes.append(Node(above, quota))
            above = quota.parent
        return QuotaPath(tuple(nodes), self.defaults, user)

    def below(self, project: str | None) -> list[str]:
        """The projects directly below it; None: the tops of trees, and projects that share
        something."""
        known = sorted(self._projects.items())
        if project is not None:
            return [name for name, one in known if one.quota.parent == project]
        parents = {one.quota.parent for _, one in known}
        return [
            name
            for name, one in known
            if one.quota.parent is None and (name in parents or one.quota.shared)
        ]

    def tree(self, top: str | None) -> list[str]:
        """The project and all below it, by id; None: every project that is in a tree or shares
        something."""
        if top is None:
            known = self._projects.items()
            parents = {one.quota.parent for _, one in known} - {None}
            return sorted(
                {name for name, one in known if one.quota.parent or one.quota.shared}
                | {parent for parent in parents if parent}
            )
        children: dict[str, list[str]] = {}
        for name, one in self._projects.items():
            if one.quota.parent:
                children.setdefault(one.quota.parent, []).append(name)
        found = [top]
        for name in found:  # which grows meanwhile
            found += children.get(name, [])
        return sorted(found)

    def version(self, project: str) -> int:
        """The version of the project's quota; 0 before its first fact."""
        return self._projects.get(project, _BLANK).version

    def of_project(
        self, project: str, user: str | None = None, reserved: Amounts | None = None
    ) -> ProjectLimits:
        """The limits as they are shown. ``reserved`` comes from whoever knows the servers."""
        path, held = self.path(project, user or ""), reserved or {}
        if (shown := self._shown.find(user, path, held)) is not None:
            return shown
        resources = {name: _resource(path, name, held.get(name, 0)) for name in RESOURCES}
        shown = ProjectLimits(
            project=project, version=self.version(project), resources=resources, user=user
        )
        self._shown.keep(user, path, held, shown)
        return shown

    def projects(self) -> list[str]:
        """The ids of all projects with facts of their own, sorted."""
        return sorted(self._projects)

    def apply(self, fact: Fact[Any]) -> None:
        """Fold in one fact of a quota or a quota class."""
        event = fact.event
        if isinstance(event, QuotaClassChanged):
            self._enter_class(fact.stream.partition(":")[2], event.limits, fact.version)
            return
        if (project := self._projects.get(event.project)) is None:
            project = self._projects[event.project] = _Project()
        if own := _OWN.get(type(event)):
            project.at[own] = fact.version
        if has_parts(event):
            for part, _ in parts_of(event):
                project.at[part.part, part.name] = fact.version
        # Last: who reads meanwhile may not remember this quota with the version before it.
        project.quota = project.quota.after(event)

    def load(
        self,
        *,
        usage: Iterable[tuple[str, int, Amounts]],
        limits: Iterable[tuple[str, int, Amounts]],
        classes: Iterable[tuple[str, int, Amounts]],
        parts: Iterable[Sequence[Any]],
        parents: Iterable[tuple[str, int, str | None]],
    ) -> None:
        """Begin with what the tables hold."""
        for project, version, used in usage:
            self._set(project, _USED, version, used=used)
        for project, version, own in limits:
            self._set(project, _LIMITS, version, limits=own)
        for project, version, parent in parents:
            self._set(project, _PARENT, version, parent=parent)
        for project, part, name, version, amounts in parts:
            self._set(project, (part, name), version, **self._part(project, part, name, amounts))
        for name, version, of_class in classes:
            self._enter_class(name, of_class, version)

    def enter(self, project: str, quota: ProjectQuota, version: int) -> None:
        """Set a project's quota as it was at ``version``, in a model of the past."""
        one = self._projects[project] = _Project()
        one.quota, one.at[_USED] = quota, version

    def enter_class(self, quota_class: QuotaClass, version: int) -> None:
        """Set the default quota class as it was at ``version``, in a model of the past."""
        self._class, self._class_version = quota_class, version

    def tables(self) -> Tables:
        """All rows of the tables, as their facts wrote them."""
        tables = Tables({}, {}, {}, {}, {})
        if self._class_version:
            tables.classes[DEFAULT] = (self._class_version, self._class.limits)
        for name, (version, other) in self._others.items():
            tables.classes[name] = (version, other.limits)
        for name, project in self._projects.items():
            _enter(tables, name, project)
        return tables

    def _enter_class(self, name: str, limits: Amounts, version: int) -> None:
        if name == DEFAULT:
            self._class, self._class_version = QuotaClass(limits=limits), version
        else:
            self._others[name] = (version, QuotaClass(limits=limits))

    def _set(self, project: str, key: tuple[str, str], version: int, **parts: Any) -> None:
        known = self._projects.setdefault(project, _Project())
        known.quota = replace(known.quota, **parts)
        known.at[key] = version

    def _part(self, project: str, part: str, name: str, amounts: Amounts) -> dict[str, Any]:
        quota = self.quota(project)
        of_user = quota.users.get(name, UserQuota())
        match part:
            case "user-used":
                return {"users": {**quota.users, name: replace(of_user, used=amounts)}}
            case "user-limits":
                return {"users": {**quota.users, name: replace(of_user, limits=amounts)}}
            case "shared-limits":
                return {"shared": amounts}
            case _:
                return {"below": amounts}


_BLANK, _NO_CLASS = _Project(), QuotaClass()


def _resource(path: QuotaPath, name: str, reserved: int) -> ResourceLimit:
    quota, user = path.quota, path.user
    of = quota.user(user) if user else quota
    return ResourceLimit(
        limit=path.limit(name),
        used=of.used.get(name, 0),
        left=path.left(name),
        own=name in of.limits,
        reserved=reserved,
    )


def _enter(tables: Tables, name: str, project: _Project) -> None:
    quota = project.quota
    for (part, user), version in project.at.items():
        match part:
            case "used":
                tables.usage[name] = (version, quota.used)
            case "limits":
                tables.limits[name] = (version, quota.limits)
            case "parent":
                tables.parents[name] = (version, quota.parent)
            case _:
                tables.parts[Part(name, part, user)] = (version, _amounts(quota, part, user))


def _amounts(quota: ProjectQuota, part: str, user: str) -> Amounts:
    of = {
        USER_USED: quota.user(user).used,
        USER_LIMITS: quota.user(user).limits,
        SHARED_LIMITS: quota.shared,
        BELOW: quota.below,
    }
    return of[part]
