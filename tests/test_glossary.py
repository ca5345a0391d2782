"""The glossary has every word that the code is built of, and names only code that is there."""

from __future__ import annotations

import re
from pathlib import Path

ROOT = Path(__file__).parents[1]
GLOSSARY = ROOT / "docs" / "reference" / "glossary.md"
LAYERS = ("adapters", "commands", "domain", "projections")

# Folders whose name is not the word of what is in them.
FOLDERS = {
    "bootstrap": "region",
    "cli": "command",
    "demo": "region",
    "engine": "sequencer",
    "eventlog": "log",
    "http": "dialect",
    "invalid": "problem",
    "keystone": "token",
    "leadership": "leader",
    "operations": "operation",
    "readside": "read side",
    "scaling": "scale",
    "shared": "event",
}


def rows() -> list[list[str]]:
    """The cells of the one table: word, meaning, in code."""
    lines = [line for line in GLOSSARY.read_text().splitlines() if line.startswith("| ")]
    return [[cell.strip() for cell in line.strip("|").split("|")] for line in lines[2:]]


def words() -> set[str]:
    return {word for cells in rows() for word in cells[0].split(", ")}


def test_the_glossary_is_in_alphabetical_order_and_has_each_word_once() -> None:
    order = [cells[0].casefold() for cells in rows()]
    assert order == sorted(set(order))


def test_every_aggregate_is_in_the_glossary() -> None:
    found = re.findall(r'category: ClassVar\[str\] = "(.*)"', _text_of("domain"))
    assert len(found) > 1
    assert {category.replace("-", " ") for category in found} <= words()


def test_every_folder_of_a_layer_is_in_the_glossary() -> None:
    folders = {
        init.parent.name for layer in LAYERS for init in (ROOT / layer).glob("*/__init__.py")
    }
    assert FOLDERS.keys() <= folders
    assert {FOLDERS.get(name, name.removesuffix("s")) for name in folders} <= words()


def test_the_glossary_names_only_code_that_is_there() -> None:
    named = {name for cells in rows() for name in re.findall(r"`([^`]+)`", cells[2])}
    text = "\n".join(map(_text_of, LAYERS))
    assert {name for name in named if not _is_there(name, text)} == set()


def _is_there(name: str, text: str) -> bool:
    if "/" in name:
        return (ROOT / name).exists()
    return all(re.search(rf"\b{re.escape(part)}\b", text) for part in name.split("."))


def _text_of(layer: str) -> str:
    return "\n".join(path.read_text() for path in sorted((ROOT / layer).rglob("*.py")))
