"""Every page that is made, and how: a test compares them, ``make docs`` writes them."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from adapters.http.compute.gateway.microversions import NEWEST, OLDEST
from tests.docs.generate import api, cli, compute, events, policy, problems, settings
from tests.docs.generate.sources import Document
from tests.docs.markdown import DOCS

_NOTE = "<!-- Made from the code by `make docs`: change the code, not this page. -->\n\n"
_MADE: dict[str, Callable[[Document], str]] = {
    "settings": lambda _: settings.page(),
    "cli": lambda _: cli.page(),
    "api": api.page,
    "problems": lambda _: problems.page(),
    "events": lambda _: events.page(),
    "policy": lambda _: policy.page(),
    "compute": lambda _: compute.page(),
}
NAMES = tuple(_MADE)


def file(name: str) -> Path:
    """Where the page is kept."""
    return DOCS / "reference" / f"{name}.md"


def intro(name: str) -> str:
    """The beginning of the page, which people write."""
    text = Path(__file__).with_name("intro").joinpath(f"{name}.md").read_text(encoding="utf-8")
    return text.replace("{oldest}", str(OLDEST)).replace("{newest}", str(NEWEST))


def made(name: str, document: Document) -> str:
    """The page as it should be now."""
    return f"{_NOTE}{intro(name)}\n{_MADE[name](document).strip()}\n"
