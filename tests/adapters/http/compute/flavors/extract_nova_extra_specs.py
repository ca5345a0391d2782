"""Prints, as JSON, what Nova's own validators say of extra specs: by key and value, the refusal.

Run by `test_extra_specs_as_nova_says` in a process of its own: whatever Nova warns of when it is
imported stays there.
"""

from __future__ import annotations

import json
import re
import sys

from nova import exception  # type: ignore[import-untyped]
from nova.api.validation.extra_specs import validators  # type: ignore[import-untyped]

_VALUES = ("0", "1", "-1", "16", "x", "", "true", "required", "forbidden", "isolate", "a:1", "any")
_FILLED = {"id": "0", "key": "k", "trait": "X", "resource": "X", "filter": ":a"}
_OTHERS = ("plain", "scale:max", "quota:bogus", "trait1:HW_NOPE", "trait:NOPE", "resources_X:NOPE")


def main() -> None:
    validators.load_validators()
    keys = {key for one in validators.VALIDATORS.values() for key in _keys(one.name)}
    told = {key: {value: _said(key, value) for value in _tried(key)} for key in {*keys, *_OTHERS}}
    json.dump(told, sys.stdout)


def _tried(key: str) -> tuple[str, ...]:
    """Nova looks through all its validators for each of a group: a few will do."""
    return ("1", "forbidden") if key.startswith(("trait", "resources")) else _VALUES


def _keys(name: str) -> set[str]:
    """Each without a group, and with one."""
    filled = re.sub(r"{(\w+)}", lambda found: _FILLED.get(found[1], "{}"), name)
    return {filled.replace("{}", group) for group in ("", "_NIC")}


def _said(key: str, value: str) -> str | None:
    try:
        validators.validate(key, value)
    except exception.ValidationError as e:
        return str(e)
    return None


if __name__ == "__main__":
    main()
