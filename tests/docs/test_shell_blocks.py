"""What the tutorial and the how-to guides tell a reader to type works as it stands there."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.docs import nursery, shell
from tests.docs.markdown import DOCS, ROOT
from tests.docs.region import described
from tests.kit.region import free_port, until

GUIDES = sorted(page for page in (DOCS / "how-to").glob("*.md") if shell.script(page))


@pytest.fixture(scope="module")
def programs(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """A folder with an ``ullage`` that is loaded once for all pages."""
    folder = tmp_path_factory.mktemp("programs")
    address = folder / "nursery"
    command = [sys.executable, "-m", "tests.docs.nursery", str(address)]
    with subprocess.Popen(command, cwd=ROOT, stdin=subprocess.PIPE):
        until(address.exists, within=60)
        nursery.client(folder, address)
        yield folder


@pytest.mark.parametrize("page", GUIDES, ids=lambda page: page.stem)
def test_a_guide_can_be_followed(page: Path, programs: Path, database: str, tmp_path: Path) -> None:
    with described(database) as environ:
        ran = shell.run(page, tmp_path, environ, programs)
    assert ran.code == 0, f"\n{ran.said}"


def test_the_tutorial_can_be_followed(database: str, tmp_path: Path) -> None:
    port = str(free_port())
    environ = {
        "ULLAGE_DSN": database,
        "ULLAGE_PORT": port,
        "ULLAGE_API": f"http://127.0.0.1:{port}",
    }
    ran = shell.run(DOCS / "tutorial" / "first-region.md", tmp_path, environ)
    assert ran.code == 0, f"\n{ran.said}"
