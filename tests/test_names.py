"""One name, one thing: of public types in all layers, and of files in each room.

A room is a layer, or a part of the adapters: a dialect has a file for each noun, as have the
command line and the drivers, so each of them counts for itself.
"""

from __future__ import annotations

import ast
from collections import defaultdict
from collections.abc import Iterable, Iterator
from pathlib import Path

ROOT = Path(__file__).parents[1]
LAYERS = ("adapters", "commands", "domain", "migrations", "projections")
FILES = sorted(path for layer in LAYERS for path in (ROOT / layer).rglob("*.py"))

SHARED_TYPES: dict[str, str] = {}
SHARED_FILES = {
    "domain/events.py": "each subject's own events, and their common shape in shared",
}


def test_two_public_types_have_two_names() -> None:
    names = defaultdict(set)
    for path in FILES:
        for name in _public_types(ast.parse(path.read_text())):
            names[name].add(str(path.relative_to(ROOT)))
    assert _shared(names) == SHARED_TYPES.keys()


def test_two_files_of_a_room_have_two_names() -> None:
    names = defaultdict(set)
    for path in FILES:
        if not path.name.startswith("__"):
            names[f"{_room(path.relative_to(ROOT))}/{path.name}"].add(str(path))
    assert _shared(names) == SHARED_FILES.keys()


def _shared(names: dict[str, set[str]]) -> set[str]:
    return {name for name, places in names.items() if len(places) > 1}


def _room(path: Path) -> str:
    """``adapters/http/native`` of its files, ``domain`` of all of domain's."""
    layer, *folders, _ = path.parts
    if layer != "adapters":
        return layer
    depth = 2 if folders[:1] in (["http"], ["hypervisors"]) else 1
    return "/".join((layer, *folders[:depth]))


def _public_types(tree: ast.Module) -> Iterator[str]:
    """Classes, and names that begin like one and stand for a type expression."""
    for node in tree.body:
        for name in _defined(node):
            if not name.startswith("_"):
                yield name


def _defined(node: ast.stmt) -> Iterable[str]:
    match node:
        case ast.ClassDef(name=name):
            return [name]
        case ast.Assign(targets=[ast.Name(id=name)], value=ast.Subscript() | ast.BinOp()) if (
            name[0].isupper() and not name.isupper()
        ):
            return [name]
        case _:
            return []
