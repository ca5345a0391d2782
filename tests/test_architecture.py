"""The rules of the house that import-linter cannot say."""

from __future__ import annotations

import ast
import re
import sys
import tomllib
from collections.abc import Iterator
from importlib.metadata import packages_distributions
from pathlib import Path
from typing import TypeVar, get_args

import grimp
import pytest

from domain.history import AnyEvent
from domain.shared.errors import Refused
from domain.shared.events import Event
from tests.kit import sizes
from tests.kit.sizes import FILES, OURS

T = TypeVar("T")

EXCEPTIONS = {
    kind: set(names)
    for kind, names in tomllib.loads(
        Path(__file__).with_name("exceptions.toml").read_text()
    ).items()
}


def needs(package: str) -> set[str]:
    """The distributions' packages that it imports, beside ours and Python's own."""
    graph = grimp.build_graph(package, include_external_packages=True, cache_dir=None)
    outside = {module.partition(".")[0] for module in graph.modules}
    return outside - set(OURS) - sys.stdlib_module_names


@pytest.mark.parametrize("package", ["domain", "commands", "projections"])
def test_inside_needs_nothing_but_msgspec(package: str) -> None:
    assert needs(package) == {"msgspec"}


def test_migrations_need_a_runner_and_a_driver() -> None:
    assert needs("migrations") == {"psycopg", "yoyo"}


@pytest.mark.parametrize("name", OURS)
def test_our_top_level_names_are_ours_alone(name: str) -> None:
    """Another distribution with the same package would replace ours without a word."""
    assert set(packages_distributions().get(name, ["ullage"])) == {"ullage"}


def test_every_refusal_has_a_status() -> None:
    from adapters.http.gateway.statuses import STATUS  # noqa: PLC0415 (only this rule needs it)

    missing = set(_leaves(Refused)) - STATUS.keys()
    assert missing == set(), "give it one in adapters/http/gateway/statuses.py"


def test_every_event_may_stand_in_the_log() -> None:
    ours = {e for e in _leaves(Event) if e.__module__.startswith("domain.")}
    missing = ours - set(get_args(AnyEvent))
    assert missing == set(), "list it in its aggregate's union, as domain/server/kinds.py does"


@pytest.mark.parametrize("path", FILES, ids=sizes.name)
def test_a_file_is_one_thought_and_a_function_one_step(path: Path) -> None:
    """An exception stands in exceptions.toml, which may only shrink."""
    assert sizes.is_opened(path), "open it with a docstring"
    name = sizes.name(path)
    long = name not in EXCEPTIONS["long-files"] and sizes.is_too_long(path)
    assert not long, "move its second thought into a file of its own"
    short = name not in EXCEPTIONS["short-files"] and sizes.is_too_short(path)
    assert not short, "put it where it is used"
    steps = set(sizes.long_functions(path)) - EXCEPTIONS["long-functions"]
    assert steps == set(), "more than 30 lines: give a step of it a name and a function"


def test_no_exception_is_kept_that_is_needed_no_longer() -> None:
    """Take out of exceptions.toml what is listed here: it has become short enough, or is gone."""
    needed = {
        "long-files": {sizes.name(path) for path in FILES if sizes.is_too_long(path)},
        "short-files": {sizes.name(path) for path in FILES if sizes.is_too_short(path)},
        "long-functions": {one for path in FILES for one in sizes.long_functions(path)},
    }
    assert {kind: names - needed[kind] for kind, names in EXCEPTIONS.items()} == {
        kind: set() for kind in needed
    }


@pytest.mark.parametrize("folder", sizes.folders(), ids=sizes.name)
def test_a_folder_can_be_taken_in_at_a_glance(folder: Path) -> None:
    assert len(list(folder.glob("*.py"))) <= sizes.MOST_FILES
    if not sizes.name(folder).startswith("tests"):
        said = sizes.docstring(folder / "__init__.py").split("\n\n")[0]
        assert re.fullmatch(r"[^.]+(\.\S[^.]*)*\.", said), "one sentence on what belongs there"


def test_nothing_of_ours_is_mocked() -> None:
    mocking = {"mock", "pytest_mock", "unittest.mock"}
    assert [p for p in FILES if mocking & set(_imports(sizes.tree(p)))] == []


def _leaves(kind: type[T]) -> Iterator[type[T]]:
    below = kind.__subclasses__()
    for one in below:
        yield from _leaves(one)
    if not below:
        yield kind


def _imports(tree: ast.AST) -> Iterator[str]:
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module:
            yield node.module
            yield from (f"{node.module}.{alias.name}" for alias in node.names)
