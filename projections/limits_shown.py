"""The limits of projects as they were shown last, for as long as nothing of them has changed."""

from __future__ import annotations

from typing import Generic, NamedTuple, TypeVar

from domain.quota import QuotaPath
from domain.shared.resources import Amounts

V = TypeVar("V")

_MOST = 1_000
"""How many are remembered: fewer than this are looked at again and again."""


class _Shown(NamedTuple, Generic[V]):
    path: QuotaPath
    reserved: Amounts
    view: V


class LimitsShown(Generic[V]):
    """Working a view out takes three times as long as all else that its request needs (measured).

    Quotas are replaced as a whole when they change: a path of the very same ones means the same.
    """

    def __init__(self, *, most: int = _MOST) -> None:
        self._most = most
        self._shown: dict[tuple[str, str | None], _Shown[V]] = {}

    def find(self, user: str | None, path: QuotaPath, reserved: Amounts) -> V | None:
        """The view of these very quotas; None: it was not shown lately."""
        known = self._shown.get((path.project, user))
        if known is None or known.reserved != reserved or not _same(known.path, path):
            return None
        return known.view

    def keep(self, user: str | None, path: QuotaPath, reserved: Amounts, view: V) -> None:
        """Remember it; where that would be too many, the others are forgotten."""
        if len(self._shown) >= self._most:
            self._shown.clear()
        self._shown[path.project, user] = _Shown(path, reserved, view)


def _same(one: QuotaPath, other: QuotaPath) -> bool:
    if one.defaults is not other.defaults or len(one.nodes) != len(other.nodes):
        return False
    pairs = zip(one.nodes, other.nodes, strict=True)
    return all(a.id == b.id and a.quota is b.quota for a, b in pairs)
