"""Which microversion of the Compute API a request is made in."""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import NamedTuple

_FORM = re.compile(r"([1-9]\d*)\.([1-9]\d*|0)", re.ASCII)
_STANDARD, _LEGACY = b"openstack-api-version", b"x-openstack-nova-api-version"
_SERVICE = "compute"

Headers = Iterable[tuple[bytes, bytes]]


class V(NamedTuple):
    """``V(2, 57)`` is microversion 2.57; they compare as they follow each other."""

    major: int
    minor: int

    def __str__(self) -> str:
        return f"{self.major}.{self.minor}"


OLDEST, NEWEST = V(2, 1), V(2, 104)
"""Those of Nova 34."""

_KNOWN = {str(V(2, minor)): V(2, minor) for minor in range(1, NEWEST.minor + 1)}


class VersionMalformed(Exception):
    def __init__(self, version: str) -> None:
        super().__init__(
            f"API Version String {version} is of invalid format. "
            "Must be of format MajorNum.MinorNum."
        )


class VersionNotSupported(Exception):
    def __init__(self, version: V) -> None:
        super().__init__(
            f"Version {version} is not supported by the API. "
            f"Minimum is {OLDEST} and maximum is {NEWEST}."
        )
        self.version = version


def asked(headers: Headers) -> V:
    """The microversion named by the headers; the oldest where none is.

    Raises VersionMalformed, VersionNotSupported.
    """
    standard = legacy = ""
    for name, value in headers:
        if len(name) in {21, 28}:  # of all headers, only those of the two names' lengths are read
            lower = name.lower()
            if lower == _STANDARD:
                standard = f"{standard},{value.decode('latin-1')}"
            elif lower == _LEGACY:
                legacy = f"{legacy},{value.decode('latin-1')}"
    if not (standard or legacy):
        return OLDEST
    return _version(_of_service(standard) or legacy.rpartition(",")[2].strip())


def _of_service(values: str) -> str:
    """Of ``placement 1.2, compute 2.57`` that of Compute, the last one where there are several."""
    for value in reversed(values.split(",")):
        service, _, version = value.strip().partition(" ")
        if service.lower() == _SERVICE:
            return version.strip()
    return ""


def _version(text: str) -> V:
    if not text:
        return OLDEST
    if text == "latest":
        return NEWEST
    if known := _KNOWN.get(text):
        return known
    # Far longer than any version, and than what int() converts.
    if len(text) > 64 or not (found := _FORM.fullmatch(text)):  # noqa: PLR2004
        raise VersionMalformed(text[:255])
    raise VersionNotSupported(V(int(found[1]), int(found[2])))
