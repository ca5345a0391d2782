"""Bodies and query strings against their JSON Schemas, refused in the words that Nova has."""

from __future__ import annotations

import json
import re
from base64 import b64decode
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from ipaddress import IPv4Address, IPv6Address
from typing import Any, cast
from urllib.parse import parse_qsl
from uuid import UUID

import msgspec
from jsonschema import Draft202012Validator, FormatChecker, ValidationError, validators

from adapters.http.compute.gateway.faults import Fault
from adapters.http.compute.gateway.parameters import Schema
from adapters.http.gateway.body import LARGEST, BodyTooLarge

_MEDIA = frozenset({"", "text/plain", "application/json", "application/vnd.openstack.compute+json"})
_FORMATS = FormatChecker(formats=())
_NO_NAME = "printable characters. Can not start or end with whitespace."

Query = dict[str, list[str]]


class NameInvalid(ValueError):
    """What the format ``name`` refuses."""

    def __init__(self) -> None:
        super().__init__(f"An invalid 'name' value was provided. The name must be: {_NO_NAME}")


@_FORMATS.checks("name", NameInvalid)
def _is_name(value: object) -> bool:
    """Raises NameInvalid."""
    if not isinstance(value, str) or value != value.strip() or not _printable(value):
        raise NameInvalid
    return True


@_FORMATS.checks("uuid")
def is_uuid(value: object) -> bool:
    """As oslo.utils: with braces, without hyphens and in capitals, too."""
    if not isinstance(value, str):
        return True
    try:
        bare = re.sub(r"^urn:|uuid:|[{}-]", "", value.lower())
        return UUID(value).hex == bare
    except ValueError:
        return False


@_FORMATS.checks("regex")
def _is_regex(value: object) -> bool:
    if not isinstance(value, str):
        return True
    try:
        re.compile(value)
    except re.error:
        return False
    return bool(value)


@_FORMATS.checks("ipv4")
def _is_ipv4(value: object) -> bool:
    return not isinstance(value, str) or _accepted(IPv4Address, value)


@_FORMATS.checks("ipv6")
def _is_ipv6(value: object) -> bool:
    return not isinstance(value, str) or _accepted(IPv6Address, value)


@_FORMATS.checks("base64")
def _is_base64(value: object) -> bool:
    return not isinstance(value, str) or _accepted(b64decode, value)


@_FORMATS.checks("date-time")
def _is_moment(value: object) -> bool:
    return not isinstance(value, str) or _accepted(moment, value)


def moment(text: str) -> datetime:
    """A time; where it names no zone it is in UTC. Raises ValueError."""
    found = datetime.fromisoformat(text)
    return found if found.tzinfo else found.replace(tzinfo=UTC)


def _accepted(read: Callable[[str], object], text: str) -> bool:
    try:
        read(text)
    except (ValueError, OverflowError):
        return False
    return True


def _printable(text: str) -> bool:
    return all(char.isprintable() or (char.isspace() and char not in "\t\n\r\v\f") for char in text)


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
        self._validator = _Validator(schema, format_checker=_FORMATS)
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
    return f"Invalid input for {what} {where}. Value: {error.instance}. {error.message}"


def _parameters(query_string: bytes) -> Query:
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


def document(body: bytes, media: str) -> Any:
    """The JSON document of a body; None where there is none. Raises Fault, BodyTooLarge."""
    if len(body) > LARGEST:
        raise BodyTooLarge
    if media.partition(";")[0].strip().lower() not in _MEDIA:
        raise Fault(415, "Unsupported Content-Type")
    if not body:
        return None
    try:
        # msgspec is strict about what is JSON at all; Python's own parser sees a field given twice.
        msgspec.json.decode(body)
        read = json.loads(body, object_pairs_hook=_unambiguous)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError, ValueError) as e:
        raise Fault(400, "Malformed request body") from e
    if b"\\u0000" in body and _has_nul(read):
        raise Fault(400, "Malformed request body: it has a NUL in it")
    return read


def _unambiguous(fields: list[tuple[str, Any]]) -> dict[str, Any]:
    read = dict(fields)
    if len(read) < len(fields):
        names = [name for name, _ in fields]
        twice = next(name for name in names if names.count(name) > 1)
        raise Fault(400, f"Malformed request body: the field {twice!r} is given twice")
    return read


def _has_nul(value: Any) -> bool:
    if isinstance(value, dict):
        return any("\0" in name or _has_nul(one) for name, one in value.items())
    if isinstance(value, list):
        return any(map(_has_nul, value))
    return isinstance(value, str) and "\0" in value
