"""The JSON Schemas that bodies and query strings share, under the names that Nova gives them."""

from __future__ import annotations

from typing import Any

Schema = dict[str, Any]

_MOST = 2**31 - 1
KEY = "^[a-zA-Z0-9-_:. ]{1,255}$"
# No control characters: what Nova's valid_description_regex comes to in ASCII.
PRINTABLE = "^[^\\x00-\\x1f\\x7f]*$"

NAME: Schema = {"type": "string", "format": "name", "minLength": 1, "maxLength": 255}
PROJECT_ID: Schema = {
    "type": "string",
    "pattern": "^[a-zA-Z0-9-]*$",
    "minLength": 1,
    "maxLength": 255,
}
BOOLEAN: Schema = {
    "type": ["boolean", "string"],
    "enum": [
        *(True, "True", "TRUE", "true", "1", "ON", "On", "on", "YES", "Yes", "yes"),
        *(False, "False", "FALSE", "false", "0", "OFF", "Off", "off", "NO", "No", "no"),
    ],
}
POSITIVE: Schema = {
    "type": ["integer", "string"],
    "pattern": "^[0-9]*$",
    "minimum": 1,
    "minLength": 1,
}
NON_NEGATIVE: Schema = POSITIVE | {"minimum": 0}
FLAVOR_POSITIVE: Schema = {
    "type": ["integer", "string"],
    "pattern": "^[0-9]+$",
    "minimum": 1,
    "maximum": _MOST,
}
FLAVOR_NON_NEGATIVE: Schema = FLAVOR_POSITIVE | {"minimum": 0}
METADATA: Schema = {
    "type": "object",
    "patternProperties": {KEY: {"type": "string", "maxLength": 255}},
    "additionalProperties": False,
}
UUID: Schema = {"type": "string", "format": "uuid"}
TEXT: Schema = {"type": "string"}
INTEGER: Schema = {"type": "integer"}
LINKS: Schema = {
    "type": "array",
    "items": {
        "type": "object",
        "properties": {"href": {"type": "string", "format": "uri"}, "rel": TEXT},
        "required": ["href", "rel"],
        "additionalProperties": False,
    },
}

NO_BODY: Schema = {"type": "null"}


def obj(properties: dict[str, Schema], *optional: str, extra: bool = False) -> Schema:
    """An object of those properties, all of them required but the ``optional`` ones."""
    return {
        "type": "object",
        "properties": properties,
        "required": [name for name in properties if name not in optional],
        "additionalProperties": extra,
    }


def array(items: Schema) -> Schema:
    return {"type": "array", "items": items}


def query(properties: dict[str, Schema], *, extra: bool = True) -> Schema:
    """A query string of parameters that may be given more than once. ``extra``: whether others
    are ignored rather than refused, as they are in most routes below 2.75 or 2.102."""
    return {
        "type": "object",
        "properties": {name: array(schema) for name, schema in properties.items()},
        "additionalProperties": extra,
    }


def single(items: Schema) -> Schema:
    """A parameter that may be given once."""
    return array(items) | {"maxItems": 1}


NO_QUERY, NO_QUERY_STRICT = query({}), query({}, extra=False)
