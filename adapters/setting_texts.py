"""What is said of a setting that will not do: its name, its value, and one that would."""

from __future__ import annotations

import re
from collections.abc import Mapping

import msgspec

PREFIX = "ULLAGE_"
"""What a setting's name in the environment begins with."""

EXAMPLES = {
    "dsn": "postgresql://ullage@db.example/ullage",
    "hosts": '{"kvm-1": "qemu+ssh://root@kvm-1.example/system"}',
    "relays": '{"relay-1": ["kvm-1", "kvm-2"]}',
    "quota": '{"cores": 40, "ram": 102400}',
    "rate_limits": '{"writes": 100, "admin.writes": 0}',
    "keystone_url": "https://keystone.example:5000",
}
"""Of those whose default says nothing."""

_KINDS = {"int": "a whole number", "float": "a number", "object": "JSON"}
_SECRET = frozenset({"dsn", "token", "keystone_password"})


def unfit(given: Mapping[str, object], into: type[msgspec.Struct], said: str) -> str:
    """In our words what msgspec ``said`` of the settings that were ``given``."""
    if not (found := re.search(r"at `\$\.(\w+)", said)):
        return f"{said}."  # our own, of several settings
    field = next(one for one in msgspec.structs.fields(into) if one.name == found[1])
    value = "not shown here" if field.name in _SECRET else repr(given.get(field.name))
    must = f"{_must(said, str(field.type))}, as {EXAMPLES.get(field.name, field.default)}"
    return f"{PREFIX}{field.name.upper()} is {value}; it must be {must}."


def _must(said: str, kind: str) -> str:
    if found := re.match(r"Expected `(int|float|object)`( [<>=]+ [0-9.]+)?", said):
        return _KINDS[found[1]] + (found[2] or "")
    if "enum" in said:
        return f"one of {kind.partition('[')[2].rstrip(']')}"
    return "an http or https address" if "regex" in said else "a text"
