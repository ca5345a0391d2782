"""msgspec's refusal of a value as people read it: field, what was given, what would be right."""

from __future__ import annotations

import re
from typing import Any

import msgspec

from adapters.invalid import kinds
from adapters.invalid.places import NOTHING, Wrong, find
from adapters.texts import WORDS

_PLACE = re.compile(r"^(?P<said>.*?) - at (?P<key>`key` in )?`(?P<path>\$[^`]*)`$", re.DOTALL)
_EXPECTED = re.compile(
    r"^Expected `(?P<types>[^`]+)`(?P<rest>.*?)(?:, got `(?P<got>\w+)`)?$", re.DOTALL
)
_FIELD = re.compile(r"^Object (?P<how>missing required|contains unknown) field `(?P<name>.*)`$")
_LENGTH = re.compile(r"^ of length (?P<bound>[<>]=? \d+)")

_KINDS: dict[str, str] = {
    "int": "a whole number",
    "float": "a number",
    "str": "text",
    "bool": "true or false",
    "null": "null",
    "array": "a list",
    "object": "an object",
    "datetime": "a time with its offset, as 2026-01-31T12:00:00Z",
    "uuid": "a UUID",
}
_MUST: dict[str, str] = {
    "Invalid UUID": _KINDS["uuid"],
    "Invalid RFC3339 encoded datetime": _KINDS["datetime"],
    "Integer value out of range": "a whole number of at most 18 digits",
    "Number out of range": "a number of less than 300 digits",
}
_BOUNDS = {">=": "at least", "<=": "at most", ">": "more than", "<": "less than"}
_TYPES: dict[str, type | tuple[type, ...]] = {
    "str": str,
    "int": int,
    "float": float,
    "bool": bool,
    "null": type(None),
    "array": list,
    "object": dict,
}
_LONGEST = 60


def in_words(error: str, into: type, document: Any = NOTHING, name: str = "The body") -> str:
    """A sentence. ``document``: what was to be ``into``, as far as it is known, and ``name`` what
    it is called."""
    place = _PLACE.match(error)
    said, path = (place["said"], place["path"]) if place else (error, "$")
    if field := _FIELD.match(said):
        return _of_field(field["how"], field["name"], into, path)
    where, value = find(document, path, _wrong(said))
    where = where or name
    if place and place["key"]:
        return f"The names in {where} must be {_must(said, into, path)}."
    if not (must := _must(said, into, path)):
        return f"{where}: {said}." if place else f"{said}."
    if length := _LENGTH.match(said.partition("`")[2].partition("`")[2]):
        return _of_length(where, value, length["bound"])
    if value is NOTHING:
        return f"{where} must be {must}."
    return f"{where} is {_shown(value)}, but must be {must}."


def _of_field(how: str, name: str, into: type, path: str) -> str:
    within = f"{path.removeprefix('$').removeprefix('.')}." if path != "$" else ""
    if how == "missing required":
        return f"The field '{within}{name}' is missing."
    known = kinds.fields(into, path)
    there = f"; there are {', '.join(known)}" if known else ""
    return f"There is no field {within + name!r} here{there}."


def _of_length(where: str, value: Any, bound: str) -> str:
    unit = "characters" if isinstance(value, str) else "entries"
    has = "" if value is NOTHING else f" has {len(value)} {unit}, but"
    return f"{where}{has} must have {_bound(bound)}."


def _must(said: str, into: type, path: str) -> str:
    """Empty for what is said in words of our own."""
    if said.startswith("Invalid enum value"):
        return _one_of(kinds.values(into, path))
    if said.startswith("Invalid value"):
        return _one_of(kinds.tags(into, path))
    if not (expected := _EXPECTED.match(said)):
        return _MUST.get(said, "")
    for pattern, words in WORDS.items():
        if repr(pattern) in said:
            return words
    types = " or ".join(_KINDS.get(one, one) for one in expected["types"].split(" | "))
    rest = expected["rest"].strip()
    return f"{types} of {_bound(rest)}" if rest[:1] in _BOUNDS or rest[:2] in _BOUNDS else types


def _one_of(values: list[str]) -> str:
    return f"one of: {', '.join(values)}" if values else ""


def _bound(text: str) -> str:
    sign, _, number = text.partition(" ")
    return f"{_BOUNDS[sign]} {number.removesuffix('.0')}"


def _wrong(said: str) -> Wrong:
    """Whether a value is what a message is about, as far as it tells."""
    expected = _EXPECTED.match(said)
    got = _TYPES.get(expected["got"] or "") if expected else None
    if got is None:
        return lambda _: False
    # A bool is an int to Python, and not to JSON.
    return lambda value: isinstance(value, got) and (got is bool or not isinstance(value, bool))


def _shown(value: Any) -> str:
    """As JSON, cut where it is long."""
    if isinstance(value, dict | list):
        return "an object" if isinstance(value, dict) else "a list"
    text = msgspec.json.encode(value).decode()
    return text if len(text) <= _LONGEST else f"{text[: _LONGEST - 1]}…"
