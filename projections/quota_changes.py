"""Every change of a limit: whose, from what to what, by whom, when and why."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any, Literal, LiteralString

import msgspec

LIST: LiteralString = """
SELECT position, at, by, kind, stream, project, body FROM history
WHERE kind IN (
        'quota-class.changed', 'quota.changed', 'quota.user-changed', 'quota.shared-changed',
        'quota.parent-changed'
    )
  AND (%(project)s::text IS NULL OR project = %(project)s)
  AND (%(since)s::timestamptz IS NULL OR at >= %(since)s)
  AND (%(until)s::timestamptz IS NULL OR at < %(until)s)
  AND (%(before)s::bigint IS NULL OR position < %(before)s)
ORDER BY position DESC LIMIT %(limit)s
"""

ChangeScope = Literal["class", "project", "user", "shared", "parent"]

_SCOPES: dict[str, ChangeScope] = {
    "quota-class.changed": "class",
    "quota.changed": "project",
    "quota.user-changed": "user",
    "quota.shared-changed": "shared",
    "quota.parent-changed": "parent",
}


class LimitChange(msgspec.Struct, frozen=True, kw_only=True):
    """One limit. None: there was or is no own limit; -1: unlimited."""

    before: int | None
    after: int | None


class ParentChange(msgspec.Struct, frozen=True, kw_only=True):
    """A project's place in the tree. None: below none."""

    before: str | None
    after: str | None


class QuotaChange(msgspec.Struct, frozen=True, kw_only=True):
    """One change of limits or of the tree.

    ``scope``: a quota class (``class``), a project, a ``user`` in it, what a project shares with
    all below it (``shared``), or its place (``parent``). The class ``default`` has the limits of
    every project that has none of its own.
    """

    position: int
    at: datetime
    by: str
    scope: ChangeScope
    project: str | None
    user: str | None
    quota_class: str | None
    limits: dict[str, LimitChange]
    parent: ParentChange | None
    why: str | None


def quota_change(row: Sequence[Any]) -> QuotaChange:
    """The change in a row of `LIST`."""
    position, at, by, kind, stream, project, body = row
    scope = _SCOPES[kind]
    moved = scope == "parent"
    return QuotaChange(
        position=position,
        at=at,
        by=by,
        scope=scope,
        project=project or None,
        user=body.get("user"),
        quota_class=stream.partition(":")[2] if scope == "class" else None,
        limits={} if moved else _limits(body["was"], body["limits"]),
        parent=ParentChange(before=body["was"], after=body["parent"]) if moved else None,
        why=body.get("reason") or None,
    )


def _limits(was: dict[str, int], now: dict[str, int]) -> dict[str, LimitChange]:
    """Only the limits that changed."""
    return {
        name: LimitChange(before=was.get(name), after=now.get(name))
        for name in sorted({**was, **now})
        if was.get(name) != now.get(name)
    }
