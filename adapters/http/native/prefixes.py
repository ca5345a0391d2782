"""Ids by how they begin, as people type them: the range of UUIDs that begin so."""

from __future__ import annotations

from typing import Annotated
from uuid import UUID

from litestar.params import QueryParameter

from adapters.texts import ID_PREFIX

PrefixQuery = Annotated[
    str | None,
    QueryParameter(
        max_length=36,
        pattern=ID_PREFIX,
        description="Only those whose id begins so: 4 or more hexadecimal digits.",
    ),
]

_DIGITS = 32


def id_range(prefix: str | None) -> dict[str, UUID | None]:
    """The first and the last id that begin so, as ``least`` and ``most`` of a query."""
    if prefix is None:
        return {"least": None, "most": None}
    digits = prefix.replace("-", "")[:_DIGITS]
    return {"least": UUID(digits.ljust(_DIGITS, "0")), "most": UUID(digits.ljust(_DIGITS, "f"))}
