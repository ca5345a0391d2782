"""How long files and functions are, and how full folders, for the test that holds the rules."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from functools import cache
from pathlib import Path

ROOT = Path(__file__).parents[2]
OURS = ("adapters", "commands", "domain", "migrations", "projections")
FILES = sorted(path for name in (*OURS, "tests") for path in (ROOT / name).rglob("*.py"))

LONGEST, LONGEST_OF_TESTS, SHORTEST = 180, 250, 20
"""Lines of a file. A file of tests is a list of sentences: more of them are still one thought."""
LONGEST_FUNCTION = 30
MOST_FILES = 24
"""In a folder."""
# What pytest or Python finds by its name, and what only gathers, may be as short as it is.
_ANY_LENGTH = {"__init__.py", "__main__.py", "conftest.py", "sitecustomize.py"}


@cache
def tree(path: Path) -> ast.Module:
    return ast.parse(path.read_text())


def name(path: Path) -> str:
    return str(path.relative_to(ROOT))


def docstring(path: Path) -> str:
    return ast.get_docstring(tree(path)) or ""


def is_too_long(path: Path) -> bool:
    most = LONGEST_OF_TESTS if name(path).startswith("tests/") else LONGEST
    return len(path.read_text().splitlines()) > most


def is_too_short(path: Path) -> bool:
    return path.name not in _ANY_LENGTH and len(path.read_text().splitlines()) < SHORTEST


def long_functions(path: Path) -> Iterator[str]:
    """Each as ``path::name``."""
    for node in ast.walk(tree(path)):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            lines = (node.end_lineno or 0) - node.lineno + 1
            if lines > LONGEST_FUNCTION:
                yield f"{name(path)}::{node.name}"


def is_opened(path: Path) -> bool:
    """By a docstring. Of the packages of tests their names say enough."""
    bare = path.name == "__init__.py" and name(path).startswith("tests/")
    return bare or bool(docstring(path))


def folders() -> list[Path]:
    return sorted({path.parent for path in FILES})
