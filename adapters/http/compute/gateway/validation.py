"""Bodies and query strings against their JSON Schemas, refused in the words that Nova has."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from typing import Any, cast
from urllib.parse import parse_qsl

from jsonschema import Draft202012Validator, ValidationError, validators

from adapters.http.compute.gateway.faults import Fault
from adapters.http.compute.gateway.formats import FORMATS, NameInvalid
from adapters.http.compute.gateway.parameters import Schema
from adapters.http.compute.gateway.patterns import PatternInvalid

Query = dict[str, list[str]]

MOST = 32
"""Parameters of a query: each may be a pattern, which takes a millisecond to be checked."""


def _number(value: object) -> float | int | None:
    """Nova's bounds hold for numbers that come as text, too."""
    for kind in (int, float):
        try:
            return kind(cast("str", value))
        except (ValueError, TypeError, OverflowError):
            continue
    return None


def _bounded(keyword: str) -> Callable[..., Iterator[ValidationError]]:
    plain = Draft202012Validator.VALIDATORS[keyword]

    def check(validator: Any, bound: Any, value: Any, schema: Any) -> Iterator[ValidationError]:
        if (number := _number(value)) is not None:
            yield from plain(validator, bound, number, schema) or ()

    return check


_Validator = validators.extend(  # type: ignore[no-untyped-call] # jsonschema types it not
    Draft202012Validator, {name: _bounded(name) for name in ("minimum", "maximum")}
)


class Checked:
    """One schema, compiled once."""

    def __init__(self, schema: Schema) -> None:
        self.schema = schema
        self._validator = _Validator(schema, format_checker=FORMATS)
        self._takes_nothing = self._validator.is_valid({})

    def body(self, value: Any) -> Any:
        """``value``, if it is as it should be. Raises Fault."""
        for error in self._validator.iter_errors(value):
            raise Fault(400, _told(error, "field/attribute", last=True)) from error
        return value

    def query(self, query_string: bytes) -> Query:
        """The parameters that the schema knows. Raises Fault."""
        if not query_string and self._takes_nothing:
            return {}
        given = _parameters(query_string)
        for error in self._validator.iter_errors(given):
            raise Fault(400, _told(error, "query parameters", last=False)) from error
        known = self.schema.get("properties", {})
        patterns = self.schema.get("patternProperties", {})
        return {
            name: values
            for name, values in given.items()
            if name in known or any(re.match(pattern, name) for pattern in patterns)
        }


def _told(error: ValidationError, what: str, *, last: bool) -> str:
    if isinstance(error.cause, NameInvalid):
        return str(error.cause)
    if not error.path:
        return error.message
    where = error.path[-1 if last else 0]
    said = error.cause if isinstance(error.cause, PatternInvalid) else error.message
    return f"Invalid input for {what} {where}. Value: {error.instance}. {said}"


def _parameters(query_string: bytes) -> Query:
    if (count := query_string.count(b"&") + 1) > MOST:
        raise Fault(400, f"The query has {count} parameters, and may have {MOST}.")
    try:
        text = query_string.decode("ascii")
        pairs = parse_qsl(text, keep_blank_values=True, errors="strict")
    except (UnicodeDecodeError, ValueError) as e:
        raise Fault(400, "Query string is not UTF-8 encoded") from e
    given: Query = {}
    for name, value in pairs:
        if "\0" in value:
            raise Fault(400, f"The parameter {name!r} has a NUL in it.")
        given.setdefault(name, []).append(value)
    return given
