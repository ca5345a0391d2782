"""The demo as somebody sees it who has just got the program."""

from __future__ import annotations

import os
import re
import select
import shutil
import signal
import stat
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import httpx
import pytest

pytestmark = pytest.mark.takes(18)

_WITHIN = 120.0
_ULLAGE = [sys.executable, "-m", "adapters.cli"]


@pytest.fixture(autouse=True)
def environ(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in [name for name in os.environ if name.startswith("ULLAGE_")]:
        monkeypatch.delenv(name)
    monkeypatch.setenv("COLUMNS", "80")


def demo(*words: str, **environ: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [*_ULLAGE, "demo", "--once", *words],
        env=os.environ | environ,
        check=False,
        capture_output=True,
        text=True,
        timeout=_WITHIN,
    )


@contextmanager
def staying(*words: str, **environ: str) -> Iterator[tuple[subprocess.Popen[bytes], str]]:
    """A demo that has told its story and stays, and what it said."""
    command = [*_ULLAGE, "demo", "--test-driver", *words]
    env = os.environ | environ
    with subprocess.Popen(command, env=env, stdout=subprocess.PIPE) as process:
        assert process.stdout is not None
        said = b""
        while not said.endswith((b"hypervisor list\n", b"--keystone)\n")):
            assert select.select([process.stdout], [], [], _WITHIN)[0], said
            heard = os.read(process.stdout.fileno(), 4096)
            assert heard, said
            said += heard
        try:
            yield process, said.decode()
        finally:
            process.terminate()


def exported(file: Path) -> dict[str, str]:
    """The environment that the file gives who sources it; nobody else may read it."""
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    return dict(re.findall(r"export (ULLAGE_\w+)='?([^'\n]+)'?", file.read_text()))


def test_tells_its_story_with_the_test_driver(database: str, tmp_path: Path) -> None:
    told = demo("--test-driver", "--folder", str(tmp_path), ULLAGE_DSN=database)
    assert told.returncode == 0, told.stdout + told.stderr
    for part in (
        "test driver",
        "$ ullage adopt",
        "Done.",
        "Quota exceeded",
        "Would fit",
        "other acts need QEMU, and are left out",
        "Stopped",
    ):
        assert part in told.stdout
    assert "usage follows from it" in told.stdout
    again = demo("--test-driver", "--folder", str(tmp_path), ULLAGE_DSN=database)
    assert again.returncode == 2
    assert "use an empty one" in again.stderr


def test_a_demo_without_qemu_goes_on_and_is_no_success(database: str, tmp_path: Path) -> None:
    told = demo("--folder", str(tmp_path), ULLAGE_DSN=database, PATH=str(tmp_path))
    assert told.returncode == 1, told.stdout + told.stderr
    assert "No real guest on this machine: QEMU is missing." in told.stdout
    assert "usage follows from it" in told.stdout
    assert "This demo had no guest: QEMU is missing." in told.stderr
    assert "apt-get install" in told.stderr
    assert "--test-driver" in told.stderr


def test_a_folder_that_is_a_file_is_refused_in_words(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    told = demo("--folder", str(tmp_path / "file"))
    assert told.returncode == 2
    assert "it is a file" in " ".join(told.stderr.split())
    assert "Traceback" not in told.stderr


def test_stays_until_it_is_asked_to_end(database: str, tmp_path: Path) -> None:
    with staying("--folder", str(tmp_path), ULLAGE_DSN=database) as (process, _):
        found = exported(tmp_path / "ada.env")
        asked = subprocess.run(
            [*_ULLAGE, "limits", "demo"],
            env=os.environ | found,
            check=False,
            capture_output=True,
            text=True,
        )
        assert asked.returncode == 0, asked.stderr
        beside = demo("--test-driver", "--folder", str(tmp_path), ULLAGE_DSN=database)
        assert beside.returncode == 2
        assert f"Another demo, process {process.pid}, runs in" in beside.stderr
        port = found["ULLAGE_API"].rpartition(":")[2]
        taken = demo("--folder", str(tmp_path / "other"), "--port", port, ULLAGE_DSN=database)
        assert taken.returncode == 2
        assert port in taken.stderr
        process.send_signal(signal.SIGINT)
        assert process.wait(_WITHIN) == 0
    with pytest.raises(httpx.ConnectError):
        httpx.get(found["ULLAGE_API"], trust_env=False)


@pytest.mark.xdist_group("two-hosts")
@pytest.mark.skipif(
    not (shutil.which("qemu-system-x86_64") and Path("/usr/sbin/libvirtd").exists()),
    reason="a real guest needs QEMU and libvirt: ./packages.sh guest",
)
def test_a_real_guest_says_the_same_as_the_api(
    database: str, tmp_path: Path, pytestconfig: pytest.Config
) -> None:
    assert pytestconfig.cache is not None
    kept = Path(pytestconfig.cache.mkdir("ullage-guest"))
    # Made once for all tests that need a guest: this takes half a minute.
    for name, there in (("guest", "files"), ("cache", "capabilities")):
        (kept / there).mkdir(exist_ok=True)
        (tmp_path / name).symlink_to(kept / there)
    told = demo("--folder", str(tmp_path), ULLAGE_DSN=database)
    assert told.returncode == 0, told.stdout + told.stderr
    rows = [line.split() for line in told.stdout.splitlines()]
    assert ["the", "API:", "vCPUs", "allocated", "1", "3"] in rows
    assert ["the", "guest:", "nproc", "1", "3"] in rows
    assert "Needs a live migration to kvm-2" in told.stdout
    assert "--consent migrate" in told.stdout
    assert "Done, on kvm-2." in told.stdout
    assert ["the", "API:", "host", "kvm-1", "kvm-2"] in rows
    assert ["the", "guest:", "nproc", "3", "4"] in rows
    assert ["the", "API:", "MiB", "allocated", "768", "1280"] in rows
    assert "Third act" in told.stdout
    assert "usage follows from it" in told.stdout


def ullage(file: Path, *words: str) -> subprocess.CompletedProcess[str]:
    """A command line of who has sourced the file."""
    return subprocess.run(
        [*_ULLAGE, *words],
        env=os.environ | exported(file),
        check=False,
        capture_output=True,
        text=True,
    )


def openstack(folder: Path, cloud: str, *words: str) -> str:
    """What the genuine client prints as the one of that name in clouds.yaml."""
    program = Path(sys.executable).with_name("openstack")
    file = {"OS_CLIENT_CONFIG_FILE": str(folder / "clouds.yaml")}
    told = subprocess.run(
        [program, "--os-cloud", cloud, *words],
        env=os.environ | file,
        check=False,
        capture_output=True,
        text=True,
    )
    assert told.returncode == 0, told.stderr
    return told.stdout


def test_each_role_comes_in_by_a_file_of_its_own(database: str, tmp_path: Path) -> None:
    with staying("--folder", str(tmp_path), ULLAGE_DSN=database) as (_, said):
        for role in ("ada", "operator", "auditor"):
            assert f"{role}.env" in said
        stop = ("server", "stop", "test", "--reason", "trying")
        refused = ullage(tmp_path / "auditor.env", *stop)
        assert refused.returncode == 2
        assert "auditor" in refused.stderr
        assert ullage(tmp_path / "auditor.env", "quota", "changes").returncode == 0
        assert ullage(tmp_path / "ada.env", "host", "list").returncode == 2
        assert "kvm-1" in ullage(tmp_path / "operator.env", "host", "list").stdout
        assert "ada" in ullage(tmp_path / "operator.env", "token", "list").stdout
        assert not (tmp_path / "clouds.yaml").exists()


@pytest.fixture
def reached() -> Iterator[Path]:
    """A folder that root's PostgreSQL can enter, so that it leaves nothing elsewhere."""
    with tempfile.TemporaryDirectory(prefix="ullage-test-") as name:
        Path(name).chmod(0o755)
        yield Path(name)


def test_the_demos_users_come_in_through_keystone(reached: Path) -> None:
    with staying("--folder", str(reached), "--keystone") as (process, said):
        assert "Starting Keystone" in said
        for cloud in ("ada", "operator"):
            told = openstack(reached, cloud, "server", "list", "--no-name-lookup")
            assert "test" in told
        everything = ("server", "list", "--all-projects", "--no-name-lookup")
        assert "test" in openstack(reached, "auditor", *everything)
        process.terminate()
        assert process.wait(_WITHIN) == 0


def test_a_keystone_does_not_know_the_projects_of_another_database(
    database: str, tmp_path: Path
) -> None:
    told = demo("--test-driver", "--keystone", "--folder", str(tmp_path), ULLAGE_DSN=database)
    assert told.returncode == 2
    assert "unset ULLAGE_DSN" in told.stderr
