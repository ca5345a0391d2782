"""Runs tests at other times of day and year, with the clock of every process shifted.

``python -m tests.clocks [what pytest is told]``: by default the tests that ask what time it is.
It needs libfaketime (Debian's package faketime), which all programs that the tests start inherit,
and PostgreSQL, which inherits nothing, is started with: so all of them agree. Only the time of day
is shifted: time that passes, which is what timeouts are measured in, is the real one.
"""

from __future__ import annotations

import os
import shlex
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from tempfile import TemporaryDirectory

import msgspec

from adapters.demo.postgres.postgres_place import packaged

_ASKING = (
    *(
        "tests/adapters/schedules",
        "tests/adapters/test_timer.py",
        "tests/adapters/cli/test_times.py",
    ),
    *("tests/adapters/cli/test_schedules.py", "tests/adapters/cli/test_scaling_later.py"),
    *("tests/adapters/http/native/scaling", "tests/adapters/http/gateway/test_as_of.py"),
    "tests/adapters/http/compute/quotas/test_tenant_usage.py",
    *("tests/domain/schedules", "tests/commands/schedules"),
)
_PLACES = ("/usr/lib/*/faketime/libfaketimeMT.so.1", "/usr/lib/faketime/libfaketimeMT.so.1")


class Moment(msgspec.Struct, frozen=True):
    """Where the clock stands when the tests begin; ``zone`` is that of the machine."""

    name: str
    at: datetime
    zone: str = "UTC"


MOMENTS = (
    Moment("over midnight", datetime(2026, 12, 8, 23, 59, 30, tzinfo=UTC)),
    Moment("on a Saturday night", datetime(2026, 12, 12, 22, 10, tzinfo=UTC)),
    Moment("clocks go forward", datetime(2027, 3, 28, 0, 59, 30, tzinfo=UTC), "Europe/Vienna"),
    Moment("clocks go back", datetime(2026, 10, 25, 0, 59, 30, tzinfo=UTC), "Europe/Vienna"),
    Moment("29 February", datetime(2028, 2, 29, 12, tzinfo=UTC)),
    Moment("over new year", datetime(2026, 12, 31, 23, 59, 30, tzinfo=UTC)),
)


def shifted(moment: Moment, library: Path) -> dict[str, str]:
    """What a process finds in its environment whose clock stands there now, and goes on."""
    ahead = round((moment.at - datetime.now(UTC)) / timedelta(seconds=1))
    return {
        "LD_PRELOAD": str(library),
        "FAKETIME": f"{ahead:+d}s",
        "FAKETIME_DONT_FAKE_MONOTONIC": "1",
        "NO_FAKE_STAT": "1",
        "PYTHONPATH": str(Path(__file__).with_name("preload")),
        "TZ": moment.zone,
    }


@contextmanager
def postgres(environment: dict[str, str]) -> Iterator[Path]:
    """The folder of its programs, each started with that environment."""
    given = shlex.join(f"{name}={value}" for name, value in environment.items())
    with TemporaryDirectory() as folder:
        for name in ("initdb", "postgres"):
            program = Path(folder, name)
            program.write_text(f'#!/bin/sh\nexec env {given} {packaged() / name} "$@"\n')
            program.chmod(0o755)
        Path(folder).chmod(0o755)  # it runs as somebody else where root starts it
        yield Path(folder)


def _library() -> Path:
    found = [path for place in _PLACES for path in Path("/").glob(place[1:])]
    if not found:
        raise SystemExit("libfaketime is missing: apt-get install faketime")
    return found[0]


def main(told: list[str]) -> int:
    """How many of the moments failed."""
    library, failed = _library(), 0
    for moment in MOMENTS:
        print(f"== {moment.name}: {moment.at:%Y-%m-%d %H:%M:%S} UTC, {moment.zone}", flush=True)
        words = [sys.executable, "-m", "pytest", "-q", *(told or _ASKING)]
        there = shifted(moment, library)
        with postgres(there) as programs:
            own = os.environ | there | {"ULLAGE_TEST_PG_BIN": str(programs)}
            failed += subprocess.run(words, env=own, check=False).returncode != 0
    return failed


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
