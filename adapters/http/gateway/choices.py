"""Which values a field takes that was given another one: msgspec only says that it is none."""

from __future__ import annotations

import re
from collections.abc import Iterator

from msgspec import inspect

_INVALID = re.compile(r"^Invalid enum value .* at `\$(?P<path>.*)`$")
_STEP = re.compile(r"\.(\w+)|\[(?:\.\.\.|\d+)\]")


def with_choices(said: str, into: type) -> str:
    """msgspec's refusal of a value of ``into``, with the values there are, if that is what it is
    about."""
    if not (about := _INVALID.match(said)):
        return said
    types = [inspect.type_info(into)]
    for step in _STEP.finditer(about["path"]):
        types = [inner for one in types for inner in _inside(one, step[1])]
    values = [str(value) for one in types for value in _values(one)]
    return f"{said}: {', '.join(values)}" if values else said


def _inside(type_: inspect.Type, name: str | None) -> Iterator[inspect.Type]:
    """What stands in a field of that name; of None, in any place."""
    match type_:
        case inspect.UnionType(types=types):
            for one in types:
                yield from _inside(one, name)
        case inspect.StructType(fields=fields):
            yield from (field.type for field in fields if field.encode_name == name)
        case inspect.DictType(value_type=inner):
            yield inner
        case inspect.ListType(item_type=inner) | inspect.VarTupleType(item_type=inner):
            yield inner
        case _:
            pass


def _values(type_: inspect.Type) -> Iterator[object]:
    match type_:
        case inspect.UnionType(types=types):
            for one in types:
                yield from _values(one)
        case inspect.LiteralType(values=values):
            yield from values
        case _:
            pass
