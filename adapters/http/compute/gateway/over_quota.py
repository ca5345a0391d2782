"""What Nova says where a quota is exceeded, and whose limit it was where not the project's."""

from __future__ import annotations

from domain.shared.errors import QuotaExceeded, Shortage
from domain.shared.resources import (
    INJECTED_FILE_CONTENT_BYTES,
    INJECTED_FILE_PATH_BYTES,
    INJECTED_FILES,
    METADATA_ITEMS,
    SERVER_GROUP_MEMBERS,
    SERVER_GROUPS,
)

# As nova.exception. What else is counted is told with its numbers.
_OF_ONE = {
    SERVER_GROUPS: "Quota exceeded, too many server groups.",
    SERVER_GROUP_MEMBERS: "Quota exceeded, too many servers in group",
    "key_pairs": "Quota exceeded, too many key pairs.",
    METADATA_ITEMS: "Maximum number of metadata items exceeds {limit}",
    INJECTED_FILES: "Personality file limit exceeded",
    INJECTED_FILE_PATH_BYTES: "Personality file path exceeds maximum {limit}",
    INJECTED_FILE_CONTENT_BYTES: "Personality file content exceeds maximum {limit}",
}
_WHOSE = {"user": "user {node}", "shared": "project {node} and all below it"}


def over_quota_text(exceeded: QuotaExceeded) -> str:
    """``Quota exceeded for cores: Requested 1, but already used 3 of 1 cores``, by name."""
    short = sorted(exceeded.shortages, key=lambda one: one.resource)
    said = _OF_ONE.get(short[0].resource)
    text = said.format(limit=short[0].limit) if said else _numbers(short)
    fits = f". {exceeded.would_fit} would fit." if exceeded.would_fit else ""
    return text + _limited_by(short) + fits


def _numbers(short: list[Shortage]) -> str:
    names = ", ".join(one.resource for one in short)
    asked, used, limits = (
        ", ".join(str(getattr(one, of)) for one in short) for of in ("asked", "used", "limit")
    )
    return (
        f"Quota exceeded for {names}: Requested {asked}, but already used {used} of {limits} "
        f"{names}"
    )


def _limited_by(short: list[Shortage]) -> str:
    """Nova knows neither trees nor says whose limit it was; the words before are its own."""
    whose = {_WHOSE[one.scope].format(node=one.node): None for one in short if one.scope in _WHOSE}
    return f" (the limit is that of {', of '.join(whose)})" if whose else ""
