"""Merging a request for some entries of a mapping into those that are there (RFC 7396)."""

from __future__ import annotations

from collections.abc import Mapping


def merged(now: Mapping[str, str], asked: Mapping[str, str | None]) -> dict[str, str]:
    """The entries with those asked for; an entry set to None is left out."""
    return {key: value for key, value in {**now, **asked}.items() if value is not None}
