"""How a wish for some entries of a mapping meets those that are there (as RFC 7396)."""

from __future__ import annotations

from collections.abc import Mapping


def merged(now: Mapping[str, str], asked: Mapping[str, str | None]) -> dict[str, str]:
    """Entries that are not named stay, and those set to None go."""
    return {key: value for key, value in {**now, **asked}.items() if value is not None}
