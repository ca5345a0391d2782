"""The program as it is started: quick, clean at its end, clear when it cannot start."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from adapters.demo import region
from adapters.demo.children import ChildFailed
from adapters.demo.region import DemoOptions, DemoRegion
from tests.adapters.cli.conftest import Shell
from tests.faults.processes import free_port

pytestmark = pytest.mark.takes(3)


@pytest.fixture
def running(database: str, tmp_path: Path) -> Iterator[DemoRegion]:
    """``ullage serve --relay`` in a process of its own, with libvirt's test driver."""
    wanted = DemoOptions(folder=tmp_path, port=free_port(), dsn=database, test_driver=True)
    with region.running(wanted, lambda _: None) as found:
        yield found


def test_help_needs_none_of_what_commands_need() -> None:
    heavy = {"httpx", "libvirt", "litestar", "psycopg", "eventsourcing", "granian", "yoyo"}
    script = (
        "import sys; from adapters.cli import run;"
        "sys.stdout = open('/dev/null', 'w'); run(['--help']); run(['server', '--help']);"
        "print(*sys.modules, file=sys.stderr)"
    )
    done = subprocess.run(
        [sys.executable, "-c", script], check=False, capture_output=True, text=True
    )
    assert done.returncode == 0
    assert not heavy & set(done.stderr.split())


def test_a_client_needs_no_hypervisor_and_no_server() -> None:
    script = "import sys, adapters.cli.scaling, adapters.cli.history; print(*sys.modules)"
    done = subprocess.run(
        [sys.executable, "-c", script], check=False, capture_output=True, text=True
    )
    assert not {"libvirt", "litestar", "psycopg", "granian"} & set(done.stdout.split())


def test_serves_and_carries_in_one_process(shell: Shell, running: DemoRegion) -> None:
    def ullage(*words: str) -> int:
        return shell(*words, ULLAGE_API=running.api, ULLAGE_TOKEN=running.tokens.operator).code

    server = str(running.hypervisor.server)
    most = ("--ceiling-vcpus", "2", "--ceiling-memory", "4GiB")
    assert ullage("adopt", running.host, server, "--project", running.project, *most) == 0
    assert ullage("scale", "test", "--vcpus", "1", "--memory", "2.5GiB", "--wait") == 0
    assert shell("audit", "verify", ULLAGE_DSN=running.dsn).code == 0


def test_a_port_in_use_is_told(shell: Shell, running: DemoRegion) -> None:
    port = running.api.rpartition(":")[2]
    ended = shell("serve", ULLAGE_DSN=running.dsn, ULLAGE_PORT=port)
    assert ended.code == 2
    assert port in ended.err


def test_a_relay_whose_token_is_refused_ends(running: DemoRegion) -> None:
    given = {"ULLAGE_DSN": running.dsn, "ULLAGE_HOSTS": '{"t": "test:///default"}'}
    done = subprocess.run(
        [sys.executable, "-m", "adapters.cli", "relay"],
        check=False,
        capture_output=True,
        text=True,
        env={"PATH": os.environ["PATH"], "ULLAGE_TOKEN": "of nobody"} | given,
    )
    assert done.returncode == 2
    assert "refuses this relay's token with 401" in " ".join(done.stderr.split())


def test_ends_when_asked_to(running: DemoRegion) -> None:
    (serve,) = running.children
    serve.stop()
    with pytest.raises(ChildFailed, match="ended"):
        serve.check()
