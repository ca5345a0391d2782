"""The embedded PostgreSQL keeps what it was given, whatever ends it and whoever starts it."""

import os
import pwd
import select
import shutil
import signal
import stat
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import psycopg
import pytest
from psycopg.conninfo import conninfo_to_dict

from adapters.demo.postgres.postgres import EmbeddedPostgres, NotStarted
from adapters.demo.postgres.postgres_orphans import ended
from adapters.demo.postgres.postgres_place import copied, packaged

only_root = pytest.mark.skipif(os.geteuid() != 0, reason="is about what root does")


@pytest.fixture
def folder() -> Iterator[Path]:
    """An empty folder that other accounts can reach, as those of ``tmp_path`` cannot."""
    with tempfile.TemporaryDirectory(prefix="ullage-test-") as name:
        Path(name).chmod(0o755)
        yield Path(name) / "postgres"


def remember(dsn: str, what: str) -> None:
    with psycopg.connect(dsn, autocommit=True) as connection:
        connection.execute("CREATE TABLE IF NOT EXISTS remembered (what text)")
        connection.execute("INSERT INTO remembered VALUES (%s)", (what,))


def remembered(dsn: str) -> list[str]:
    with psycopg.connect(dsn) as connection:
        return [what for (what,) in connection.execute("SELECT what FROM remembered")]


def test_serves_sql_and_is_durable(folder: Path) -> None:
    with (
        EmbeddedPostgres(folder) as postgres,
        psycopg.connect(postgres.dsn) as connection,
    ):
        shown = {
            name: str(connection.execute(f"SHOW {name}").fetchone()[0])  # type: ignore[index]
            for name in ("fsync", "synchronous_commit", "listen_addresses", "server_encoding")
        }
    assert shown == {
        "fsync": "on",
        "synchronous_commit": "on",
        "listen_addresses": "",
        "server_encoding": "UTF8",
    }


def test_keeps_its_data_when_stopped_and_started(folder: Path) -> None:
    with EmbeddedPostgres(folder) as postgres:
        remember(postgres.dsn, "before")
    with EmbeddedPostgres(folder) as postgres:
        assert remembered(postgres.dsn) == ["before"]


def test_leaves_nothing_running_and_no_socket_when_stopped(folder: Path) -> None:
    with EmbeddedPostgres(folder) as postgres:
        pid, home = postgres.pid, postgres.folder
    assert ended([pid], within=0)
    assert list((home / "socket").iterdir()) == []


def test_recovers_from_a_killed_postmaster_with_its_backends_still_at_work(folder: Path) -> None:
    with EmbeddedPostgres(folder) as postgres, closing(psycopg.connect(postgres.dsn)) as connection:
        remember(postgres.dsn, "committed")
        backend = connection.info.backend_pid
        connection.pgconn.send_query(b"DO 'BEGIN RAISE NOTICE $$busy$$; LOOP END LOOP; END'")
        assert select.select([connection], [], [], 30)[0], "the notice says that it is at work"
        os.kill(postgres.pid, signal.SIGKILL)
        assert ended([postgres.pid], within=30)
        assert not ended([backend], within=0), "it has not heard of its postmaster's end"
        remember(postgres.start(), "after")
        assert ended([backend], within=0)
        assert remembered(postgres.dsn) == ["committed", "after"]


def test_a_dead_postmasters_pid_file_does_not_matter(folder: Path) -> None:
    with EmbeddedPostgres(folder) as postgres:
        remember(postgres.dsn, "before")
        home = postgres.folder
    # A number that is in use, as after a restart of a container.
    note = home / "data" / "postmaster.pid"
    note.write_text(f"{os.getpid()}\n{home / 'data'}\n1\n5432\n\n\n")
    with EmbeddedPostgres(folder) as postgres:
        assert remembered(postgres.dsn) == ["before"]


def test_ends_with_its_owner_however_that_ends(folder: Path) -> None:
    owner = (
        "import sys; from pathlib import Path;"
        "from adapters.demo.postgres.postgres import EmbeddedPostgres;"
        "postgres = EmbeddedPostgres(Path(sys.argv[1])); postgres.start();"
        "print(postgres.pid, flush=True); sys.stdin.read()"
    )
    command = [sys.executable, "-c", owner, str(folder)]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE) as process:
        assert process.stdout is not None
        postmaster = int(process.stdout.readline())
        process.kill()
    assert ended([postmaster], within=30)
    with EmbeddedPostgres(folder) as postgres:
        assert postgres.pid != postmaster


def test_a_folder_has_one_owner_at_a_time(folder: Path) -> None:
    with EmbeddedPostgres(folder), pytest.raises(NotStarted, match="another process uses"):
        EmbeddedPostgres(folder).start()


def test_takes_a_folder_whose_path_is_too_long_for_a_socket(folder: Path) -> None:
    with EmbeddedPostgres(folder / ("x" * 100)) as postgres:
        remember(postgres.dsn, "here")
        assert remembered(postgres.dsn) == ["here"]
        sockets = Path(str(conninfo_to_dict(postgres.dsn)["host"]))
    assert not sockets.exists()


def test_an_interrupted_database_is_made_anew(folder: Path) -> None:
    half = folder / "data.new"
    half.mkdir(parents=True)
    (half / "PG_VERSION").touch()
    if os.geteuid() == 0:
        nobody = pwd.getpwnam("nobody")
        shutil.chown(folder, nobody.pw_uid, nobody.pw_gid)
    with EmbeddedPostgres(folder) as postgres:
        remember(postgres.dsn, "whole")
        assert remembered(postgres.dsn) == ["whole"]


def test_only_its_account_and_root_can_reach_the_socket(folder: Path) -> None:
    with EmbeddedPostgres(folder) as postgres:
        assert stat.S_IMODE((postgres.folder / "socket").stat().st_mode) == 0o700
        assert stat.S_IMODE((postgres.folder / "data").stat().st_mode) == 0o700


def test_a_failed_initdb_is_told_in_its_words(folder: Path) -> None:
    programs = folder.parent / "bin"
    programs.mkdir()
    (programs / "initdb").write_text('#!/bin/sh\ntest "$1" = --version || { echo broken; exit 1; }')
    (programs / "initdb").chmod(0o755)
    with pytest.raises(NotStarted, match="initdb failed: broken"):
        EmbeddedPostgres(folder, binaries=programs).start()


@only_root
def test_as_root_it_runs_as_another_account_and_says_so(folder: Path) -> None:
    with EmbeddedPostgres(folder) as postgres:
        owner = Path(f"/proc/{postgres.pid}").stat().st_uid
        assert owner != 0
        assert postgres.notice is not None
        assert pwd.getpwuid(owner).pw_name in postgres.notice
        assert str(postgres.folder) in postgres.notice


@only_root
def test_as_root_it_opens_no_closed_folder(folder: Path) -> None:
    closed = folder.parent / "closed"
    closed.mkdir(mode=0o700)
    before = modes(closed)
    postgres = EmbeddedPostgres(closed / "postgres")
    with postgres:
        remember(postgres.dsn, "elsewhere")
        assert remembered(postgres.dsn) == ["elsewhere"]
        assert not postgres.folder.is_relative_to(closed)
    shutil.rmtree(postgres.folder)
    assert modes(closed) == before


@only_root
def test_as_root_it_copies_programs_out_of_a_closed_folder(folder: Path) -> None:
    closed = folder.parent / "closed"
    closed.mkdir(mode=0o700)
    own = copied(packaged(), closed)
    script = (
        "import sys; from pathlib import Path;"
        "from adapters.demo.postgres import postgres, postgres_place;"
        "postgres_place.packaged = lambda: Path(sys.argv[1]);"
        "postgres.EmbeddedPostgres(Path(sys.argv[2])).start()"
    )
    subprocess.run([sys.executable, "-c", script, str(own), str(folder)], check=True)
    assert [copy.name for copy in folder.glob("binaries-*")] != []
    assert stat.S_IMODE(closed.stat().st_mode) == 0o700


@only_root
def test_as_root_it_takes_no_folder_that_holds_something_else(folder: Path) -> None:
    folder.mkdir()
    (folder / "precious").touch()
    with pytest.raises(NotStarted, match="not empty"):
        EmbeddedPostgres(folder).start()
    assert folder.stat().st_uid == 0


def modes(folder: Path) -> dict[Path, int]:
    return {path: path.stat().st_mode for path in (folder, *folder.parents)}


def test_an_ordinary_user_runs_it_as_himself(folder: Path) -> None:
    if os.geteuid() == 0:
        # His interpreter and packages are loaded while root can still read them for him.
        nobody = pwd.getpwnam("nobody")
        programs = copied(packaged(), folder.parent)
        become = f"os.setgroups([]); os.setgid({nobody.pw_gid}); os.setuid({nobody.pw_uid});"
        folder.mkdir()
        shutil.chown(folder, nobody.pw_uid, nobody.pw_gid)
    else:
        programs, become = packaged(), ""
    script = (
        "import os, sys, psycopg; from pathlib import Path;"
        "from adapters.demo.postgres.postgres import EmbeddedPostgres;"
        f"{become}"
        "postgres = EmbeddedPostgres(Path(sys.argv[1]), binaries=Path(sys.argv[2]));"
        "dsn = postgres.start();"
        "print(os.stat(f'/proc/{postgres.pid}').st_uid == os.geteuid(), postgres.notice,"
        " psycopg.connect(dsn).execute('SELECT 1').fetchone()[0]);"
        "postgres.stop()"
    )
    command = [sys.executable, "-c", script, str(folder), str(programs)]
    said = subprocess.run(command, check=True, capture_output=True, text=True)
    assert said.stdout.split() == ["True", "None", "1"]
