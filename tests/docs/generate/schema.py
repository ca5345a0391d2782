"""JSON Schemas in a few words: the kind of a value, and the fields of an object."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any, NamedTuple

Schema = dict[str, Any]
PAGE = "Page_"
_BOUNDS = {"minimum": "≥", "maximum": "≤", "exclusiveMinimum": ">", "maxLength": "length ≤"}


class Field(NamedTuple):
    """A field of an object; ``default`` is empty where it must be given."""

    name: str
    kind: str
    default: str


def name_of(schema: Schema) -> str:
    """The last part of a reference, empty where it is none."""
    return str(schema.get("$ref", "")).rpartition("/")[2]


def kind(schema: Schema) -> str:
    """As in ``integer, ≥ 1`` or ``string or null``."""
    if name := name_of(schema):
        return _named(name)
    for key in ("anyOf", "oneOf"):
        if key in schema:
            return " or ".join(dict.fromkeys(kind(one) for one in schema[key]))
    if "enum" in schema:
        return ", ".join(f"`{value}`" for value in schema["enum"])
    if "const" in schema:
        return f"`{schema['const']}`"
    return ", ".join([_plain(schema), *_bounds(schema)])


def fields(schema: Schema) -> list[Field]:
    """In the order of the schema."""
    required = set(schema.get("required", ()))
    return [
        Field(name, kind(one), "" if name in required else _default(one))
        for name, one in schema.get("properties", {}).items()
    ]


def _named(name: str) -> str:
    if name.startswith(PAGE):
        return f"page of `{name.removeprefix(PAGE).rstrip('_').rpartition('.')[2]}`"
    return f"`{name}`"


def _plain(schema: Schema) -> str:
    of = schema.get("type", "anything")
    if of == "array":
        return f"list of {kind(schema.get('items', {}))}"
    if isinstance(of, list):
        return " or ".join(of)
    return str(schema.get("format", of))


def _bounds(schema: Schema) -> Iterator[str]:
    for key, sign in _BOUNDS.items():
        if key in schema:
            yield f"{sign} {schema[key]:g}"


def _default(schema: Schema) -> str:
    return f"`{json.dumps(schema['default'])}`" if "default" in schema else "optional"
