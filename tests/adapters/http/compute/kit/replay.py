"""Exchanges that were recorded with Nova 34, asked again here and compared with what Nova said."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Any

import msgspec

from tests.kit.region import Answer, Region

BASE = "/compute/v2.1"
_SAMPLES = Path(__file__).with_name("nova_samples.json")
_HEADERS = (
    "OpenStack-API-Version",
    "X-OpenStack-Nova-API-Version",
    "Vary",
    "x-openstack-request-id",
)

# What is never the same twice; such a value only has to be of the same form.
_FORMS = tuple(
    re.compile(form)
    for form in (
        r"(req-)?[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}",
        r"[0-9a-f]{32}",
        r"[0-9a-f]{56}",
        r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?Z?",
    )
)

# The names on the way to what differs, in ``.server.OS-EXT-SRV-ATTR:host`` or ``.events[0].host``.
_NAMES = re.compile(r"[^.\[\]]+")

Values = dict[str, str]
"""What stands here for ``{project}``, ``{user}``, ``{server}``, ``{image}``, ``{group}``,
``{request}`` and ``{host}`` of the samples."""


class Sample(msgspec.Struct, frozen=True, kw_only=True):
    """``mv`` is the microversion, ``path`` what follows ``/v2.1``."""

    method: str
    path: str
    mv: str | None
    status: int
    note: str
    request: Any
    response: Any
    headers: dict[str, str]

    def __str__(self) -> str:
        return f"{self.method} {self.path} {self.mv or ''} {self.status} {self.note}".strip()


@cache
def samples() -> tuple[Sample, ...]:
    return msgspec.json.decode(_SAMPLES.read_bytes(), type=tuple[Sample, ...])


def sample(written: str) -> Sample:
    """The one that is written so, as in ``GET /flavors/42 2.55 200``."""
    (found,) = (one for one in samples() if str(one) == written)
    return found


def replay(
    region: Region,
    one: Sample,
    values: Values | None = None,
    *,
    but: frozenset[str] = frozenset(),
    **how: Any,
) -> Answer:
    """Ask what was asked of Nova, and hold the answer against Nova's. ``but``: names of what is
    otherwise here, and said to be where they stand."""
    told = ask(region, one, values, **how)
    compared = [
        difference
        for difference in _compared(region, told, one, values or {})
        if not but & set(_NAMES.findall(difference.partition(" ")[0]))
    ]
    differences = [*_headers(told, one), *compared]
    assert not differences, f"{one}: {differences}"
    return told


def ask(
    region: Region,
    one: Sample,
    values: Values | None = None,
    *,
    more: dict[str, str] | None = None,
    **how: Any,
) -> Answer:
    """The same without comparing. ``more``: headers."""
    path = _filled(region, one.path, values or {})
    headers = {"openstack-api-version": f"compute {one.mv}"} if one.mv else {}
    body = None if one.request is None else _filled(region, one.request, values or {})
    whole = path if one.path.startswith("{origin}") else f"{BASE}{path}"
    return region.ask(
        one.method, whole.removeprefix(region.url), body, headers=headers | (more or {}), **how
    )


def _filled(region: Region, written: Any, values: Values) -> Any:
    """With our own addresses and ids in place of Nova's."""
    text = written if isinstance(written, str) else json.dumps(written)
    ours = {"compute": f"{region.url}{BASE}", "origin": f"{region.url}/compute"} | values
    for name, value in ours.items():
        text = text.replace(f"{{{name}}}", value)
    return text if isinstance(written, str) else json.loads(text)


def _headers(told: Answer, one: Sample) -> Iterator[str]:
    for name in _HEADERS:
        expected, found = one.headers.get(name), told.headers.get(name)
        if expected is None or found is None:
            if expected != found:
                yield f"header {name}: {found}, not {expected}"
        elif not _same(found, expected):
            yield f"header {name}: {found}, not {expected}"


def _compared(region: Region, told: Answer, one: Sample, values: Values) -> Iterator[str]:
    if told.status_code != one.status:
        yield f"status {told.status_code}, not {one.status}: {told.text}"
    elif not one.response:
        if told.content:
            yield f"a body: {told.text}"
    else:
        yield from _differences(told.json(), _filled(region, one.response, values), "")


def _differences(found: Any, expected: Any, at: str) -> Iterator[str]:
    """Where a body is not as Nova's: its keys, its types, its values."""
    if isinstance(expected, dict) and isinstance(found, dict):
        for name in sorted(expected.keys() ^ found.keys()):
            yield f"{at}.{name} is {'missing' if name in expected else 'too much'}"
        for name in expected.keys() & found.keys():
            yield from _differences(found[name], expected[name], f"{at}.{name}")
    elif isinstance(expected, list) and isinstance(found, list):
        if len(found) != len(expected):
            yield f"{at} has {len(found)}, not {len(expected)}"
        for place, (one, other) in enumerate(zip(found, expected, strict=False)):
            yield from _differences(one, other, f"{at}[{place}]")
    elif not _same(found, expected):
        yield f"{at} is {found!r}, not {expected!r}"


def _same(found: Any, expected: Any) -> bool:
    if found == expected:
        return type(found) is type(expected)
    if not isinstance(found, str) or not isinstance(expected, str):
        return False
    return any(form.fullmatch(found) and form.fullmatch(expected) for form in _FORMS)
