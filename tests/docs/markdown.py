"""The pages of the documentation as files: their fenced blocks, their links, tables to write."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import NamedTuple

ROOT = Path(__file__).parents[2]
DOCS = ROOT / "docs"
_FENCED = re.compile(
    r"^(?P<indent> *)```(?P<kind>\S*)[^\n]*\n(?P<text>.*?)^ *```$", re.MULTILINE | re.DOTALL
)
_LINK = re.compile(r"\]\((?P<target>[^)\s]+)\)")


class Block(NamedTuple):
    """A fenced block; ``line`` is that of its first line in the page, from 1."""

    kind: str
    line: int
    text: str


def pages() -> list[Path]:
    """Every page that is written by hand or made, without what the generator has built."""
    inside = (path for path in DOCS.rglob("*.md") if "_build" not in path.parts)
    return sorted([*inside, *ROOT.glob("*.md")])


def blocks(page: str) -> list[Block]:
    """The fenced blocks in their order, without the indentation of a list that they stand in."""
    return [
        Block(
            kind=found["kind"],
            line=page.count("\n", 0, found.start("text")) + 1,
            text=re.sub(rf"^{found['indent']}", "", found["text"], flags=re.MULTILINE),
        )
        for found in _FENCED.finditer(page)
    ]


def prose(page: str) -> str:
    """The page without its fenced blocks."""
    return _FENCED.sub("", page)


def links(page: str) -> list[str]:
    """The targets of all links."""
    return [found["target"] for found in _LINK.finditer(prose(page))]


def table(head: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    """A table; what stands in a cell must not end it."""
    lines = [head, ["---"] * len(head), *rows]
    return "".join(f"| {' | '.join(map(_cell, line))} |\n" for line in lines)


def _cell(text: str) -> str:
    return " ".join(text.split()).replace("|", "\\|")
