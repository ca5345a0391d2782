"""Root's libvirt runs as nobody where there are no user namespaces, and where nobody can be."""

from __future__ import annotations

import os
import shutil
import stat
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from adapters.demo import reach

LIBVIRTD = Path("/usr/sbin/libvirtd")
# The kernel makes no user namespace for who is in a chroot, even if it is the whole machine.
WITHIN = (
    'mount --rbind / "$1" && exec chroot "$1" sh -c '
    '\'cd "$1"; shift; ! unshare --user true 2>/dev/null && exec "$@"\' sh "$PWD" "$2" -c "$3" "$4"'
)
SCRIPT = """
import sys
from pathlib import Path
from adapters.demo.machines import libvirtd_place
from adapters.demo.machines.libvirtd import Libvirtd

place = libvirtd_place.within_reach(Path(sys.argv[1]))
daemon = Libvirtd(place / "libvirt", cache=place / "cache")
daemon.start()
print(place, Path(f"/proc/{daemon.pid}").stat().st_uid)
daemon.stop()
"""


def _can_mount() -> bool:
    tried = ("unshare", "--mount", "true")
    return os.geteuid() == 0 and subprocess.run(tried, check=False).returncode == 0


pytestmark = pytest.mark.skipif(
    not (_can_mount() and LIBVIRTD.exists()),
    reason="needs root that may mount, and libvirt: ./packages.sh guest",
)


@pytest.fixture
def folder() -> Iterator[Path]:
    """An empty folder that other accounts can reach, as those of ``tmp_path`` cannot."""
    with tempfile.TemporaryDirectory(prefix="ullage-test-") as name:
        Path(name).chmod(0o755)
        yield Path(name)


def started(demo: Path, root: Path) -> tuple[Path, int]:
    """Where a libvirt of this demo's folder lies that has answered, and as whom it ran."""
    root.mkdir()
    command = ["unshare", "--mount", "sh", "-c", WITHIN, "sh", str(root)]
    command += [sys.executable, SCRIPT, str(demo)]
    told = subprocess.run(command, check=False, capture_output=True, text=True)
    assert told.returncode == 0, told.stderr
    place, user = told.stdout.split()
    return Path(place), int(user)


@pytest.mark.xdist_group("guest")
def test_roots_libvirt_stays_in_a_folder_that_nobody_can_enter(folder: Path) -> None:
    place, user = started(folder / "demo", folder / "root")
    assert place == folder / "demo"
    assert user != 0


@pytest.mark.xdist_group("guest")
def test_roots_libvirt_moves_out_of_a_closed_folder_and_opens_none(folder: Path) -> None:
    closed = folder / "closed"
    closed.mkdir(mode=0o700)
    place, user = started(closed / "demo", folder / "root")
    try:
        assert place == reach.stand_in(closed / "demo")
        assert user != 0
        assert stat.S_IMODE(closed.stat().st_mode) == 0o700
    finally:
        shutil.rmtree(place)
