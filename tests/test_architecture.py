"""The rules of the house that import-linter cannot say."""

from __future__ import annotations

import ast
import sys
from collections.abc import Iterator
from importlib.metadata import packages_distributions
from pathlib import Path
from typing import TypeVar, get_args

import grimp
import pytest

from domain.history import AnyEvent
from domain.shared.errors import Refused
from domain.shared.events import Event

T = TypeVar("T")

ROOT = Path(__file__).parents[1]
OURS = ("adapters", "commands", "domain", "migrations", "projections")
FILES = sorted(path for name in (*OURS, "tests") for path in (ROOT / name).rglob("*.py"))

LONGEST_FILE, LONGEST_FUNCTION = 300, 40


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

    assert set(_leaves(Refused)) <= STATUS.keys()


def test_every_event_may_stand_in_the_log() -> None:
    assert set(get_args(AnyEvent)) == {
        e for e in _leaves(Event) if e.__module__.startswith("domain.")
    }


@pytest.mark.parametrize("path", FILES, ids=lambda path: str(path.relative_to(ROOT)))
def test_a_file_is_one_thought_and_a_function_one_step(path: Path) -> None:
    text = path.read_text()
    assert len(text.splitlines()) <= LONGEST_FILE
    too_long = {
        node.name: length
        for node in ast.walk(ast.parse(text))
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)
        and (length := (node.end_lineno or 0) - node.lineno + 1) > LONGEST_FUNCTION
    }
    assert too_long == {}


def test_nothing_of_ours_is_mocked() -> None:
    mocking = {"mock", "pytest_mock", "unittest.mock"}
    assert [p for p in FILES if mocking & set(_imports(ast.parse(p.read_text())))] == []


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
