"""Schemathesis, the genuine program, on a description that a region gives of itself."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

_EXAMPLES = "ULLAGE_TEST_EXAMPLES"
"""How many are made up for each operation and each sequence of them, instead of the few that the
configuration says: with 60 it is above 5,000 of all interfaces together."""
_PATIENCE = 600
_LONG = 3_600


def finds_nothing(config: Path, url: str, description: str, *more: str, **given: str) -> None:
    """``given`` is what the configuration has from the environment."""
    examples = os.environ.get(_EXAMPLES)
    done = subprocess.run(
        [
            Path(sys.executable).with_name("schemathesis"),
            *("--config-file", config, "run", f"{url}{description}", "--url", url),
            *(("--max-examples", examples) if examples else ()),
            *more,
        ],
        env=os.environ | given | {"NO_COLOR": "1"},
        capture_output=True,
        text=True,
        check=False,
        timeout=_LONG if examples else _PATIENCE,
    )
    assert done.returncode == 0, done.stdout[-80000:] + done.stderr[-2000:]
    if examples:
        print(*(line for line in done.stdout.splitlines() if " generated, " in line))
