"""Names to choose from where the shell completes a word, asked of the API.

Whoever asks without a token, or for what cannot be reached, is offered nothing.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any, get_args

from cyclopts.completion import CompletionContext

from adapters.cli.kit.ending import Stopped

Completer = Callable[[CompletionContext], list[tuple[str, str]]]

_MOST = 200
_PATIENCE = 2.0  # seconds; somebody waits with a half-written line


def listed(path: str, name: str = "name", about: str = "id") -> Completer:
    """The names in the list at ``path``, each with what tells it from its namesakes."""

    def offered(context: CompletionContext) -> list[tuple[str, str]]:
        return [
            (str(one[name]), str(one[about]))
            for one in _items(path)
            if str(one[name]).startswith(context.incomplete)
        ]

    return offered


def kinds(_: CompletionContext) -> list[str]:
    """Of facts in the history."""
    from domain.history import AnyEvent  # noqa: PLC0415 (only for who completes one)

    return sorted(str(one.__struct_config__.tag) for one in get_args(AnyEvent))


def _items(path: str) -> Iterable[dict[str, Any]]:
    from adapters.cli.kit.client import connected  # noqa: PLC0415 (help needs no client)

    try:
        found = connected(_PATIENCE).get(path, {"limit": _MOST} if path not in _WHOLE else {})
    except Stopped:
        return []
    items: list[dict[str, Any]] = found if path in _WHOLE else found["items"]
    return items


_WHOLE = frozenset({"/v1/hosts"})
"""Lists that have no pages."""

SERVERS = listed("/v1/servers")
HOSTS = listed("/v1/hosts", about="hypervisor")
OPERATIONS = listed("/v1/operations", name="id", about="server_name")
SCHEDULES = listed("/v1/schedules", name="id", about="server_name")
WINDOWS = listed("/v1/windows", about="timezone")
PROJECTS = listed("/v1/usage", name="project", about="servers")
