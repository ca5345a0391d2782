"""Every flavor, image, window and other small thing as it is now."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, ClassVar, Generic, LiteralString, Protocol, Self, TypeVar

import msgspec

from domain.catalogue.flavor import Flavor
from domain.catalogue.image import Image
from domain.catalogue.region_policy import RegionPolicy
from domain.hosts.host import Host
from domain.hosts.pool import Pool
from domain.hosts.server_group import ServerGroup
from domain.schedules.schedule import Schedule
from domain.schedules.window import Window
from domain.shared.events import Fact
from projections.table import Columns

NAME = "catalogue"

SAVE: LiteralString = """
INSERT INTO catalogue (category, id, version, position, state, is_over)
SELECT category, id, version, position, state::jsonb, is_over
FROM unnest(
    %(category)b::text[], %(id)b::text[], %(version)b::bigint[], %(position)b::bigint[],
    %(state)b::text[], %(is_over)b::boolean[]
) AS new (category, id, version, position, state, is_over)
ON CONFLICT (category, id) DO UPDATE
SET version = excluded.version, position = excluded.position, state = excluded.state,
    is_over = excluded.is_over
WHERE catalogue.position <= excluded.position
"""

# What is over is only in the table.
LOAD: LiteralString = """
SELECT category, id, version, position, state FROM catalogue
WHERE NOT is_over
"""
CLEAR: LiteralString = "DELETE FROM catalogue"

_json = msgspec.json.Encoder().encode


class Catalogued(Protocol):
    """An aggregate that is shown as it is. Its kind says when it is there, and when it is over."""

    category: ClassVar[str]

    @property
    def deleted(self) -> bool:
        """Whether it is not there now; unless it is over, it may be made again."""

    @property
    def is_over(self) -> bool:
        """Whether no event follows any more, so that memory lets go of it."""

    @classmethod
    def begin(cls, event: Any) -> Self: ...
    def after(self, event: Any) -> Self: ...


C = TypeVar("C", bound=Catalogued)

# A new kind is one line here.
KINDS: dict[str, type[Catalogued]] = {
    kind.category: kind
    for kind in (
        Flavor,
        Host,
        Image,
        Pool,
        RegionPolicy,
        Schedule,
        ServerGroup,
        Window,
    )
}


class CatalogueRow(msgspec.Struct, Generic[C], frozen=True, kw_only=True, gc=False):
    """``version`` counts the facts of its stream; ``position`` is that of the last."""

    category: str
    id: str
    version: int
    position: int
    state: C

    @property
    def key(self) -> tuple[str, str]:
        return self.category, self.id


AnyRow = CatalogueRow[Any]


class Catalogue:
    """The read model in memory: each thing as the fold of its facts."""

    categories = frozenset(KINDS)

    def __init__(self) -> None:
        self._rows: dict[str, dict[str, AnyRow]] = {category: {} for category in KINDS}
        self._changed: dict[tuple[str, str], AnyRow] = {}

    def get(self, kind: type[C], id: str) -> CatalogueRow[C] | None:
        """The thing of that id, unless it is deleted."""
        row = self._rows[kind.category].get(id)
        return None if row is None or row.state.deleted else row

    def all(self, kind: type[C]) -> list[CatalogueRow[C]]:
        """All things of a kind that are not deleted, by id."""
        rows = self._rows[kind.category]
        return [row for _, row in sorted(rows.items()) if not row.state.deleted]

    def apply(self, fact: Fact[Any]) -> None:
        """Fold one fact in; facts of other kinds of things are passed over."""
        category, _, id_ = fact.stream.partition(":")
        if (rows := self._rows.get(category)) is None:
            return
        before = rows.get(id_)
        begin = KINDS[category].begin
        row: AnyRow = CatalogueRow(
            category=category,
            id=id_,
            version=fact.version,
            position=fact.position,
            state=before.state.after(fact.event) if before else begin(fact.event),
        )
        rows[id_] = self._changed[row.key] = row
        if row.state.is_over:
            del rows[id_]

    def load(self, rows: Iterable[AnyRow]) -> None:
        """Begin with the rows of the table."""
        for row in rows:
            self._rows[row.category][row.id] = row

    def take_changed(self) -> list[AnyRow]:
        """The rows to be saved; they count as saved from now on."""
        changed, self._changed = self._changed, {}
        return list(changed.values())


def columns(rows: list[AnyRow]) -> Columns:
    """The rows as columns of the table."""
    return {
        "category": [row.category for row in rows],
        "id": [row.id for row in rows],
        "version": [row.version for row in rows],
        "position": [row.position for row in rows],
        "state": [_json(row.state).decode() for row in rows],
        "is_over": [row.state.is_over for row in rows],
    }
