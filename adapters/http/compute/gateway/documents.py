"""The JSON document of a request's body, refused in the words that Nova has."""

from __future__ import annotations

import json
from typing import Any

import msgspec

from adapters.http.compute.gateway.faults import Fault
from adapters.http.gateway.body import LARGEST, BodyTooLarge, has_nul

_MEDIA = frozenset({"", "text/plain", "application/json", "application/vnd.openstack.compute+json"})


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
    if b"\\u0000" in body and has_nul(read):
        raise Fault(400, "Malformed request body: it has a NUL in it")
    return read


def _unambiguous(fields: list[tuple[str, Any]]) -> dict[str, Any]:
    read = dict(fields)
    if len(read) < len(fields):
        names = [name for name, _ in fields]
        twice = next(name for name in names if names.count(name) > 1)
        raise Fault(400, f"Malformed request body: the field {twice!r} is given twice")
    return read
