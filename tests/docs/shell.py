"""Runs the shell blocks of a page as a reader would type them: in order, in one shell."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import NamedTuple

from tests.docs.markdown import blocks

PROGRAMS = Path(sys.executable).parent
_WITHIN = 240.0
# What a reader would look at is the last thing that is said.
_SHOWN = 4000


class Ran(NamedTuple):
    """How a page's blocks ended, and the end of what they said."""

    code: int
    said: str


def script(page: Path) -> str:
    """All ``sh`` blocks of a page, each announced by its line, so that a failure can be found."""
    found = [block for block in blocks(page.read_text()) if block.kind == "sh"]
    return "\n".join(f"echo '# {page.name}:{block.line}'\n{block.text}" for block in found)


def run(page: Path, folder: Path, environ: Mapping[str, str], programs: Path = PROGRAMS) -> Ran:
    """Run them in ``folder``, with the ``ullage`` that is in ``programs``. What they have started
    in the background ends with them."""
    said = folder / "said.txt"
    with said.open("w") as out:
        shell = subprocess.Popen(
            ["bash", "-euxo", "pipefail", "-c", script(page)],
            cwd=folder,
            env=_environment(environ, programs),
            stdin=subprocess.DEVNULL,
            stdout=out,
            stderr=subprocess.STDOUT,
            start_new_session=True,
        )
        try:
            code = shell.wait(_WITHIN)
        finally:
            _end_all(shell.pid)
    return Ran(code, said.read_text()[-_SHOWN:])


def _environment(given: Mapping[str, str], programs: Path) -> dict[str, str]:
    """Ours without settings of Ullage."""
    ours = {name: value for name, value in os.environ.items() if not name.startswith("ULLAGE_")}
    path = f"{programs}:{PROGRAMS}:{ours['PATH']}"
    return ours | {"PATH": path, "COLUMNS": "100"} | dict(given)


def _end_all(group: int) -> None:
    try:
        os.killpg(group, signal.SIGTERM)
    except ProcessLookupError:
        return
