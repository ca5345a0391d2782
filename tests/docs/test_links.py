"""What the pages name is there: other pages, headings, files of the repository."""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path
from typing import NamedTuple

import pytest

from tests.docs.markdown import DOCS, ROOT, links, pages, prose

# A path in code style, of a file or of a folder of ours.
_PATH = re.compile(r"`((?:adapters|commands|domain|projections|migrations|tests|docs)/[\w./-]+)`")
_LOADED = re.compile(r'<(?:script|img|iframe|link)[^>]*(?:src|href)="(?:https?:)?//[^"]*"')
_ELSEWHERE = ("http://", "https://", "mailto:", "#")


class Site(NamedTuple):
    """The documentation as it is built, and what its generator said of it."""

    folder: Path
    said: str


def _named(page: Path) -> str:
    return str(page.relative_to(ROOT))


@pytest.mark.parametrize("page", sorted(ROOT.glob("*.md")), ids=_named)
def test_links_of_the_pages_outside_of_the_site_lead_somewhere(page: Path) -> None:
    inside = [link for link in links(page.read_text()) if not link.startswith(_ELSEWHERE)]
    assert [link for link in inside if not (ROOT / link.partition("#")[0]).exists()] == []


@pytest.mark.parametrize("page", pages(), ids=_named)
def test_paths_that_a_page_names_exist(page: Path) -> None:
    named = _PATH.findall(prose(page.read_text()))
    assert [path for path in named if not (ROOT / path).exists()] == []


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Site:
    folder = tmp_path_factory.mktemp("site")
    built = subprocess.run(
        [sys.executable, "-m", "sphinx", "--keep-going", "--quiet", DOCS, folder],
        check=False,
        capture_output=True,
        text=True,
    )
    return Site(folder, built.stderr)


@pytest.mark.xdist_group("site")
def test_the_site_is_built_without_a_warning(site: Site) -> None:
    """Links between pages, and to headings, are checked by the generator."""
    assert site.said == ""


@pytest.mark.xdist_group("site")
def test_the_site_loads_nothing_from_outside(site: Site) -> None:
    """It can be read offline, and nobody is told who reads it."""
    built = list(site.folder.rglob("*.html"))
    assert built
    assert {found for page in built for found in _LOADED.findall(page.read_text())} == set()


def test_the_readme_is_for_a_stranger() -> None:
    """What takes longer to read has its place in docs/."""
    assert len((ROOT / "README.md").read_text().splitlines()) <= 150
