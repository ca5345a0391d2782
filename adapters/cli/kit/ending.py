"""How a command ends when it is not done: what is said, and the exit code."""

from __future__ import annotations

import sys
from typing import Any

from adapters.cli.kit import show

DONE, REFUSED, CONFLICT, CONSENT, AWAY = 0, 2, 3, 4, 5
UNFORESEEN = 1

PREFIX = "urn:ullage:problem:"

# Refused because of something else that goes on, or went on meanwhile.
_CONFLICTS = frozenset(
    {
        "already-adopted",
        "drift-open",
        "flavor-exists",
        "image-exists",
        "in-another-group",
        "key-reused",
        "nothing-drifted",
        "nothing-to-cancel",
        "nothing-to-resolve",
        "outcome-undecided",
        "rebuild-running",
        "resize-unconfirmed",
        "scale-in-progress",
        "stale-plan",
        "stale-version",
    }
)
CONSENTS = {"needs-migration": "migrate", "needs-restart": "restart", "no-memory-slot": "restart"}
"""What would have to be consented to, by the problem that is in the way."""

_AWAY = frozenset({502, 503, 504})


class Stopped(Exception):
    """A command cannot go on. ``document`` is the problem that the API answered, if it did;
    ``hint`` is what to type instead."""

    def __init__(
        self,
        says: str,
        code: int = REFUSED,
        document: dict[str, Any] | None = None,
        hint: str | None = None,
    ) -> None:
        super().__init__(says)
        self.code = code
        self.document = document
        self.hint = hint


def problem(document: dict[str, Any]) -> Stopped:
    """The end that a problem document stands for."""
    code = code_of(str(document.get("type", "")), int(document.get("status", 500)))
    return Stopped(str(document.get("detail", "")), code, document)


def code_of(kind: str, status: int = 409) -> int:
    """The exit code for a problem of this type."""
    slug = slug_of(kind)
    if slug in CONSENTS:
        return CONSENT
    if slug in _CONFLICTS:
        return CONFLICT
    if status in _AWAY:
        return AWAY
    return UNFORESEEN if status >= 500 else REFUSED  # noqa: PLR2004 (a server's own failure)


def slug_of(kind: str) -> str:
    return kind.removeprefix(PREFIX)


def tell(end: Stopped, *, as_json: bool) -> None:
    """To people on stderr, and to programs as the document itself on stdout."""
    if as_json and end.document is not None:
        show.document(end.document)
    console = show.err()
    document = end.document or {}
    if document.get("type") == f"{PREFIX}quota-exceeded":
        console.print(f"{document['title']}:", style="bold red")
        console.print(show.shortages(document["shortages"]))
    else:
        console.print(str(end), style="bold red")
    if hint := _hint(document):
        console.print(hint)
    if end.hint:
        console.print(end.hint, soft_wrap=True)
    sys.stderr.flush()


def _hint(document: dict[str, Any]) -> str | None:
    """What would work instead, as it is to be typed."""
    if fits := document.get("would_fit"):
        return f"Would fit: {show.size(fits)} ({show.options(fits)})"
    if nearest := document.get("nearest_memory_mib"):
        return f"Would fit: --memory {nearest}MiB"
    return None
