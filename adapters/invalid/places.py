"""Where in a document something stands, as msgspec's messages name it: ``$.scales[0].server``."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

NOTHING: Any = object()
"""What is not there, or is not known."""

_STEP = re.compile(r"\.(?P<field>[^.\[\]]+)|\[(?P<place>\d+|\.\.\.)\]")
_ANY = "..."

Wrong = Callable[[Any], bool]


def find(document: Any, path: str, wrong: Wrong) -> tuple[str, Any]:
    """The name of a place, and what stands there. Of ``[...]``, which is some value of an object,
    the first that is ``wrong``."""
    name, value = "", document
    for step in _STEP.finditer(path):
        key = step["field"] or step["place"]
        if key == _ANY:
            key, value = _first(value, wrong)
        else:
            value = _inside(value, int(key) if step["place"] else key)
        name += f"[{key}]" if step["place"] and step["place"] != _ANY else f".{key}"
    return name.removeprefix("."), value


def _inside(value: Any, key: str | int) -> Any:
    try:
        return value[key]
    except (KeyError, IndexError, TypeError):
        return NOTHING


def _first(value: Any, wrong: Wrong) -> tuple[str, Any]:
    entries = value.items() if isinstance(value, dict) else ()
    return next(((name, one) for name, one in entries if wrong(one)), ("*", NOTHING))
