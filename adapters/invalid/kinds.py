"""What a type would take at some place: which values, which fields."""

from __future__ import annotations

import re
from collections.abc import Iterator

from msgspec import inspect

_STEP = re.compile(r"\.(\w+)|\[(?:\.\.\.|\d+)\]")


def values(into: type, path: str) -> list[str]:
    """Those of an enumeration, or the tags of a union."""
    found = (one for type_ in _at(into, path) for one in _values(type_))
    return [str(value) for value in dict.fromkeys(found)]


def tags(into: type, path: str) -> list[str]:
    """Those of the kinds that a place may be of, ``path`` being that of the field of the tag."""
    place = path[: path.rindex(".")] if "." in path else path
    return [
        str(one.tag) for type_ in _at(into, place) for one in _structs(type_) if one.tag is not None
    ]


def fields(into: type, path: str) -> list[str]:
    """By name."""
    found = {
        field.encode_name
        for type_ in _at(into, path)
        for one in _structs(type_)
        for field in one.fields
    }
    return sorted(found)


def _at(into: type, path: str) -> list[inspect.Type]:
    types = [inspect.type_info(into)]
    for step in _STEP.finditer(path):
        types = [inner for one in types for inner in _inside(one, step[1])]
    return types


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


def _structs(type_: inspect.Type) -> Iterator[inspect.StructType]:
    match type_:
        case inspect.UnionType(types=types):
            for one in types:
                yield from _structs(one)
        case inspect.StructType():
            yield type_
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
