"""Extra specs are refused where, and as, the installed Nova's own validators refuse them."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

from adapters.http.compute.flavors.extra_spec_rules import check
from adapters.http.compute.gateway.faults import Fault

_EXTRACT = Path(__file__).with_name("extract_nova_extra_specs.py")


def said(key: str, value: str) -> str | None:
    try:
        check(key, value)
    except Fault as e:
        return str(e)
    return None


def test_every_key_takes_the_values_that_nova_takes() -> None:
    done = subprocess.run(
        [sys.executable, "-W", "ignore", _EXTRACT], capture_output=True, check=True
    )
    nova: dict[str, dict[str, str | None]] = json.loads(done.stdout)
    assert len(nova) > 800
    other = {
        (key, value): (said(key, value), theirs)
        for key, values in nova.items()
        for value, theirs in values.items()
        if said(key, value) != theirs
    }
    assert other == {}
