"""The formats that a schema may ask of a text, as Nova has them."""

from __future__ import annotations

import re
from base64 import b64decode
from collections.abc import Callable
from datetime import UTC, datetime
from ipaddress import IPv4Address, IPv6Address
from uuid import UUID

from jsonschema import FormatChecker

from adapters.http.compute.gateway.patterns import PatternInvalid, must_be_usable

FORMATS = FormatChecker(formats=())
_NO_NAME = "printable characters. Can not start or end with whitespace."


class NameInvalid(ValueError):
    """What the format ``name`` refuses."""

    def __init__(self) -> None:
        super().__init__(f"An invalid 'name' value was provided. The name must be: {_NO_NAME}")


@FORMATS.checks("name", NameInvalid)
def _is_name(value: object) -> bool:
    """Raises NameInvalid."""
    if not isinstance(value, str) or value != value.strip() or not _printable(value):
        raise NameInvalid
    return True


@FORMATS.checks("uuid")
def is_uuid(value: object) -> bool:
    """As oslo.utils: with braces, without hyphens and in capitals, too."""
    if not isinstance(value, str):
        return True
    try:
        bare = re.sub(r"^urn:|uuid:|[{}-]", "", value.lower())
        return UUID(value).hex == bare
    except ValueError:
        return False


@FORMATS.checks("regex", PatternInvalid)
def _is_regex(value: object) -> bool:
    """Raises PatternInvalid."""
    if isinstance(value, str):
        must_be_usable(value)
    return value != ""


@FORMATS.checks("ipv4")
def _is_ipv4(value: object) -> bool:
    return not isinstance(value, str) or _accepted(IPv4Address, value)


@FORMATS.checks("ipv6")
def _is_ipv6(value: object) -> bool:
    return not isinstance(value, str) or _accepted(IPv6Address, value)


@FORMATS.checks("base64")
def _is_base64(value: object) -> bool:
    return not isinstance(value, str) or _accepted(b64decode, value)


@FORMATS.checks("date-time")
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
