"""How much of each resource a project may use, and how much it does."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any, LiteralString, NamedTuple

import msgspec
from msgspec.structs import replace

from domain.events import Fact
from domain.quota import ProjectQuota, QuotaChanged, QuotaClaimed, QuotaReleased
from domain.quota_class import DEFAULT, QuotaClass, QuotaClassChanged
from domain.resources import RESOURCES, UNLIMITED, Amounts
from projections.table import Columns, WrittenWithFacts

_SAVE_USAGE: LiteralString = """
INSERT INTO quota_usage (project, version, used)
SELECT project, version, used::jsonb
FROM unnest(%(usage_project)b::text[], %(usage_version)b::bigint[], %(usage_used)b::text[])
     AS usage (project, version, used)
ON CONFLICT (project) DO UPDATE SET version = excluded.version, used = excluded.used
"""

_SAVE_LIMITS: LiteralString = """
INSERT INTO quota_limits (project, version, limits)
SELECT project, version, limits::jsonb
FROM unnest(%(limits_project)b::text[], %(limits_version)b::bigint[], %(limits_limits)b::text[])
     AS limits (project, version, limits)
ON CONFLICT (project) DO UPDATE SET version = excluded.version, limits = excluded.limits
"""

_SAVE_CLASSES: LiteralString = """
INSERT INTO quota_classes (name, version, limits)
SELECT name, version, limits::jsonb
FROM unnest(%(class_name)b::text[], %(class_version)b::bigint[], %(class_limits)b::text[])
     AS classes (name, version, limits)
ON CONFLICT (name) DO UPDATE SET version = excluded.version, limits = excluded.limits
"""

LOAD_USAGE: LiteralString = "SELECT project, version, used FROM quota_usage"
LOAD_LIMITS: LiteralString = "SELECT project, version, limits FROM quota_limits"
LOAD_CLASSES: LiteralString = "SELECT name, version, limits FROM quota_classes"
CLEAR: tuple[LiteralString, ...] = (
    "DELETE FROM quota_usage",
    "DELETE FROM quota_limits",
    "DELETE FROM quota_classes",
)

_json = msgspec.json.Encoder().encode


class ResourceLimit(msgspec.Struct, frozen=True, kw_only=True):
    """``limit`` -1 is unlimited, and then ``left`` is None. ``own``: set for the project itself."""

    limit: int
    used: int
    left: int | None
    own: bool


class ProjectLimits(msgspec.Struct, frozen=True, kw_only=True):
    """``version`` is that of the project's quota stream; 0 before its first fact."""

    project: str
    version: int
    resources: dict[str, ResourceLimit]


class _Project(NamedTuple):
    """A quota, and the versions of the facts that last set its usage and its limits; 0: none."""

    quota: ProjectQuota = ProjectQuota()
    used_at: int = 0
    limited_at: int = 0

    @property
    def version(self) -> int:
        return max(self.used_at, self.limited_at)


class Limits:
    """The read model in memory, of every project that has a fact of its own."""

    categories = frozenset({ProjectQuota.category, QuotaClass.category})

    def __init__(self) -> None:
        self._projects: dict[str, _Project] = {}
        self._class = QuotaClass()
        self._class_version = 0

    @property
    def defaults(self) -> Amounts:
        return self._class.limits

    def quota(self, project: str) -> ProjectQuota:
        return self._projects.get(project, _BLANK).quota

    def of_project(self, project: str) -> ProjectLimits:
        known = self._projects.get(project, _BLANK)
        resources = {name: self._resource(known.quota, name) for name in RESOURCES}
        return ProjectLimits(project=project, version=known.version, resources=resources)

    def projects(self) -> list[str]:
        return sorted(self._projects)

    def apply(self, fact: Fact[Any]) -> None:
        match fact.event:
            case QuotaClaimed() | QuotaReleased():
                before = self._projects.get(fact.event.project, _BLANK)
                self._projects[fact.event.project] = before._replace(
                    quota=before.quota.after(fact.event), used_at=fact.version
                )
            case QuotaChanged():
                before = self._projects.get(fact.event.project, _BLANK)
                self._projects[fact.event.project] = before._replace(
                    quota=before.quota.after(fact.event), limited_at=fact.version
                )
            case QuotaClassChanged():
                self._class = self._class.after(fact.event)
                self._class_version = fact.version

    def load(
        self,
        usage: Iterable[tuple[str, int, Amounts]],
        limits: Iterable[tuple[str, int, Amounts]],
        classes: Iterable[tuple[str, int, Amounts]],
    ) -> None:
        """Begin with what the tables hold."""
        for project, version, used in usage:
            self._projects[project] = _Project(ProjectQuota(used=used), used_at=version)
        for project, version, own in limits:
            before = self._projects.get(project, _BLANK)
            self._projects[project] = before._replace(
                quota=replace(before.quota, limits=own), limited_at=version
            )
        for _, version, defaults in classes:
            self._class, self._class_version = QuotaClass(limits=defaults), version

    def columns(self) -> dict[str, Columns]:
        """All rows, by the table of `WRITTEN` that they are of, as its facts have written them."""
        known = self._projects.items()
        usage = {name: (one.used_at, one.quota.used) for name, one in known if one.used_at}
        own = {name: (one.limited_at, one.quota.limits) for name, one in known if one.limited_at}
        classes = {DEFAULT: (self._class_version, self._class.limits)}
        return {
            "usage": _columns("usage", ("project", "version", "used"), usage),
            "limits": _columns("limits", ("project", "version", "limits"), own),
            "classes": _columns(
                "class", ("name", "version", "limits"), classes if self._class_version else {}
            ),
        }

    def _resource(self, quota: ProjectQuota, name: str) -> ResourceLimit:
        limit = quota.limit(name, self._class.limits)
        used = quota.used.get(name, 0)
        left = None if limit == UNLIMITED else max(0, limit - used)
        return ResourceLimit(limit=limit, used=used, left=left, own=name in quota.limits)


_BLANK = _Project()


def _usage(facts: Sequence[Fact[Any]]) -> Columns:
    last = {
        f.event.project: (f.version, f.event.used)
        for f in facts
        if isinstance(f.event, QuotaClaimed | QuotaReleased)
    }
    return _columns("usage", ("project", "version", "used"), last)


def _limits(facts: Sequence[Fact[Any]]) -> Columns:
    last = {
        f.event.project: (f.version, f.event.limits)
        for f in facts
        if isinstance(f.event, QuotaChanged)
    }
    return _columns("limits", ("project", "version", "limits"), last)


def _classes(facts: Sequence[Fact[Any]]) -> Columns:
    last = {
        f.stream.partition(":")[2]: (f.version, f.event.limits)
        for f in facts
        if isinstance(f.event, QuotaClassChanged)
    }
    return _columns("class", ("name", "version", "limits"), last)


def _columns(
    prefix: str, names: tuple[str, str, str], rows: dict[str, tuple[int, Amounts]]
) -> Columns:
    """Later facts of a batch have replaced earlier ones: one row a project."""
    key, version, amounts = (f"{prefix}_{name}" for name in names)
    return {
        key: list(rows),
        version: [v for v, _ in rows.values()],
        amounts: [_json(a).decode() for _, a in rows.values()],
    }


WRITTEN: tuple[WrittenWithFacts, ...] = (
    WrittenWithFacts("usage", _SAVE_USAGE, _usage),
    WrittenWithFacts("limits", _SAVE_LIMITS, _limits),
    WrittenWithFacts("classes", _SAVE_CLASSES, _classes),
)
