"""Usage and limits as tables, written in the same statement that records the facts."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any, LiteralString, NamedTuple

import msgspec

from domain.quota import (
    ParentChanged,
    QuotaChanged,
    QuotaClaimed,
    QuotaReleased,
    SharedClaimed,
    SharedQuotaChanged,
    SharedReleased,
    UserQuotaChanged,
)
from domain.quota.quota_class import QuotaClassChanged
from domain.shared.events import Fact
from domain.shared.resources import Amounts
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

_SAVE_PARTS: LiteralString = """
INSERT INTO quota_parts (project, part, name, version, amounts)
SELECT project, part, name, version, amounts::jsonb
FROM unnest(
    %(part_project)b::text[], %(part_part)b::text[], %(part_name)b::text[],
    %(part_version)b::bigint[], %(part_amounts)b::text[]
) AS parts (project, part, name, version, amounts)
ON CONFLICT (project, part, name) DO UPDATE
SET version = excluded.version, amounts = excluded.amounts
"""

_SAVE_PARENTS: LiteralString = """
INSERT INTO quota_parents (project, version, parent)
SELECT project, version, parent
FROM unnest(%(parent_project)b::text[], %(parent_version)b::bigint[], %(parent_parent)b::text[])
     AS parents (project, version, parent)
ON CONFLICT (project) DO UPDATE SET version = excluded.version, parent = excluded.parent
"""

LOAD_USAGE: LiteralString = "SELECT project, version, used FROM quota_usage"
LOAD_LIMITS: LiteralString = "SELECT project, version, limits FROM quota_limits"
LOAD_CLASSES: LiteralString = "SELECT name, version, limits FROM quota_classes"
LOAD_PARTS: LiteralString = "SELECT project, part, name, version, amounts FROM quota_parts"
LOAD_PARENTS: LiteralString = "SELECT project, version, parent FROM quota_parents"

CLEAR: tuple[LiteralString, ...] = (
    "DELETE FROM quota_usage",
    "DELETE FROM quota_limits",
    "DELETE FROM quota_classes",
    "DELETE FROM quota_parts",
    "DELETE FROM quota_parents",
)
HOLD: LiteralString = """
LOCK TABLE quota_usage, quota_limits, quota_classes, quota_parts, quota_parents IN EXCLUSIVE MODE
"""

USER_USED, USER_LIMITS, SHARED_LIMITS, BELOW = "user-used", "user-limits", "shared-limits", "below"
"""The parts; the first two are of the user named."""

_json = msgspec.json.Encoder().encode


class Part(NamedTuple):
    """Whose it is, and what of it."""

    project: str
    part: str
    name: str = ""


class Tables(NamedTuple):
    """Rows by their key: the version of the fact that last set them, and what to."""

    usage: dict[str, tuple[int, Amounts]]
    limits: dict[str, tuple[int, Amounts]]
    classes: dict[str, tuple[int, Amounts]]
    parts: dict[Part, tuple[int, Amounts]]
    parents: dict[str, tuple[int, str | None]]

    def columns(self) -> dict[str, Columns]:
        """By the name of the table in `WRITTEN`."""
        return {
            "usage": _columns("usage", ("project", "version", "used"), self.usage),
            "limits": _columns("limits", ("project", "version", "limits"), self.limits),
            "classes": _columns("class", ("name", "version", "limits"), self.classes),
            "parts": _part_columns(self.parts),
            "parents": _parent_columns(self.parents),
        }


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


def _parts(facts: Sequence[Fact[Any]]) -> Columns:
    last = {
        part: (f.version, amounts)
        for f in facts
        if has_parts(f.event)
        for part, amounts in parts_of(f.event)
    }
    return _part_columns(last)


_CLAIMS = frozenset({QuotaClaimed, QuotaReleased})
_WITH_PARTS = frozenset({UserQuotaChanged, SharedQuotaChanged, SharedClaimed, SharedReleased})


def has_parts(event: Any) -> bool:
    """Whether a fact sets more than the project's own usage and limits; asked of every fact."""
    kind = type(event)
    return kind in _WITH_PARTS or (kind in _CLAIMS and event.user != "")


def parts_of(event: Any) -> Iterable[tuple[Part, Amounts]]:
    """What a fact sets beside the project's own usage and limits."""
    match event:
        case (
            QuotaClaimed(project=project, user=user, used_by_user=used)
            | QuotaReleased(project=project, user=user, used_by_user=used)
        ) if user:
            yield Part(project, USER_USED, user), used
        case UserQuotaChanged(project=project, user=user, limits=limits):
            yield Part(project, USER_LIMITS, user), limits
        case SharedQuotaChanged(project=project, limits=limits):
            yield Part(project, SHARED_LIMITS), limits
        case (
            SharedClaimed(project=project, below=below)
            | SharedReleased(project=project, below=below)
        ):
            yield Part(project, BELOW), below


def _parents(facts: Sequence[Fact[Any]]) -> Columns:
    last = {
        f.event.project: (f.version, f.event.parent)
        for f in facts
        if isinstance(f.event, ParentChanged)
    }
    return _parent_columns(last)


def _columns(
    prefix: str, names: tuple[str, str, str], rows: dict[str, tuple[int, Amounts]]
) -> Columns:
    """Later facts of a batch have replaced earlier ones: one row a key."""
    key, version, amounts = (f"{prefix}_{name}" for name in names)
    return {
        key: list(rows),
        version: [v for v, _ in rows.values()],
        amounts: [_json(a).decode() for _, a in rows.values()],
    }


def _part_columns(rows: dict[Part, tuple[int, Amounts]]) -> Columns:
    return {
        "part_project": [part.project for part in rows],
        "part_part": [part.part for part in rows],
        "part_name": [part.name for part in rows],
        "part_version": [version for version, _ in rows.values()],
        "part_amounts": [_json(amounts).decode() for _, amounts in rows.values()],
    }


def _parent_columns(rows: dict[str, tuple[int, str | None]]) -> Columns:
    return {
        "parent_project": list(rows),
        "parent_version": [version for version, _ in rows.values()],
        "parent_parent": [parent for _, parent in rows.values()],
    }


WRITTEN: tuple[WrittenWithFacts, ...] = (
    WrittenWithFacts("usage", _SAVE_USAGE, _usage),
    WrittenWithFacts("limits", _SAVE_LIMITS, _limits),
    WrittenWithFacts("classes", _SAVE_CLASSES, _classes),
    WrittenWithFacts("parts", _SAVE_PARTS, _parts),
    WrittenWithFacts("parents", _SAVE_PARENTS, _parents),
)
