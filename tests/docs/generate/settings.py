"""The page of settings: each with its default, its kind and what it means."""

from __future__ import annotations

import inspect
import re
from typing import Literal, get_args, get_origin, get_type_hints

import msgspec

from adapters.setting_defaults import QUOTA
from adapters.settings import Settings
from tests.docs.markdown import table

_QUOTA = """
## Default limits

What `quota` does not name is as in OpenStack Nova; -1 is unlimited.
"""
_KINDS: dict[object, str] = {str: "text", int: "integer", float: "number", dict: "table"}
_MEANING = re.compile(
    r"^ *``(?P<name>\w+)``: (?P<text>.*?)(?=^ *``\w+``: |\Z)", re.MULTILINE | re.DOTALL
)


def page() -> str:
    meant, kinds = meanings(), get_type_hints(Settings)
    rows = [
        (f"`{field.name}`", _kind(kinds[field.name]), _default(field), meant[field.name])
        for field in msgspec.structs.fields(Settings)
    ]
    head = ("setting", "kind", "default", "meaning")
    limits = table(("resource", "limit"), [(f"`{n}`", str(v)) for n, v in QUOTA.items()])
    return f"{table(head, rows)}\n{_QUOTA}\n{limits}"


def meanings() -> dict[str, str]:
    """What the docstring of the settings says of each."""
    text = inspect.getdoc(Settings) or ""
    return {found["name"]: found["text"].replace("``", "`") for found in _MEANING.finditer(text)}


def _kind(annotation: object) -> str:
    if choices := get_args(annotation) if get_origin(annotation) is Literal else ():
        return " or ".join(f"`{choice}`" for choice in choices)
    return _KINDS[get_origin(annotation) or annotation]


def _default(field: msgspec.structs.FieldInfo) -> str:
    if field.default_factory is not msgspec.NODEFAULT:
        return "none"
    if field.default is msgspec.NODEFAULT:
        return "must be set"
    return f"`{field.default}`" if field.default != "" else "empty"
