"""In which order tests begin, and which of them run in one process."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from pathlib import Path

import pytest

_USUAL, _SHARING = 0.2, 0.03
"""Seconds that a test takes that says nothing else; with what is made for its file, less."""


def folder_by_folder(paths: list[str]) -> None:
    """Paths of one folder follow each other, however they were given.

    pytest 9.1 makes a folder anew that it comes back to after a file of a folder above, and what
    the folder's conftest gives is not found there (pytest-dev/pytest#14635).
    """
    paths.sort(key=lambda path: Path(path.partition("::")[0]).absolute().parts)


def share(items: Iterable[pytest.Item]) -> None:
    """Tests that share what is made once for their file run in one process, so it is made once."""
    for item in items:
        if not _group(item) and _shares(item):
            item.add_marker(pytest.mark.xdist_group(item.nodeid.partition("::")[0]))


def longest_first(items: list[pytest.Item]) -> None:
    """What takes longest begins first, so that no process ends long after the others.

    ``pytest.mark.takes(seconds)`` says how long a test takes alone on a quiet machine; a group
    takes as long as its tests together. It is an order, and nothing fails by it.
    """
    takes: defaultdict[str, float] = defaultdict(float)
    for item in items:
        takes[_unit(item)] += _seconds(item)
    items.sort(key=lambda item: -takes[_unit(item)])


def _seconds(item: pytest.Item) -> float:
    mark = item.get_closest_marker("takes")
    if mark:
        return float(mark.args[0])
    return _SHARING if _shares(item) else _USUAL


def _unit(item: pytest.Item) -> str:
    return _group(item) or item.nodeid


def _group(item: pytest.Item) -> str:
    mark = item.get_closest_marker("xdist_group")
    return str(mark.args[0]) if mark else ""


def _shares(item: pytest.Item) -> bool:
    if not isinstance(item, pytest.Function):
        return False
    found = item._fixtureinfo.name2fixturedefs
    return any(one.scope == "module" for defs in found.values() for one in defs)
