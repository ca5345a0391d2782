"""The page of events: every kind of fact, what it says, and its fields."""

from __future__ import annotations

import inspect
from itertools import groupby
from typing import get_args

import msgspec

from domain.history import AnyEvent
from domain.shared.events import Event, Fact, kind_of
from tests.docs.markdown import table


def page() -> str:
    kinds = sorted(get_args(AnyEvent), key=kind_of)
    groups = [_group(name, list(of)) for name, of in groupby(kinds, key=_category)]
    return "\n".join([_envelope(), *groups])


def _category(kind: type[Event]) -> str:
    return kind_of(kind).partition(".")[0]


def _envelope() -> str:
    return f"## Of every fact\n\n{_said(Fact)}\n"


def _group(name: str, kinds: list[type[Event]]) -> str:
    return f"## {name}\n\n" + "\n".join(_event(kind) for kind in kinds)


def _event(kind: type[Event]) -> str:
    rows = [
        (f"`{field.name}`", f"`{kind.__annotations__[field.name]}`", _default(field))
        for field in msgspec.structs.fields(kind)
    ]
    shown = table(("field", "type", "default"), rows) if rows else "No fields.\n"
    return "\n\n".join(filter(None, [f"### {kind_of(kind)}", _said(kind), shown]))


def _said(kind: type) -> str:
    return inspect.cleandoc(kind.__doc__ or "").replace("``", "`")


def _default(field: msgspec.structs.FieldInfo) -> str:
    if field.default_factory is not msgspec.NODEFAULT:
        return "`{}`"
    return "" if field.required else f"`{field.default!r}`"
