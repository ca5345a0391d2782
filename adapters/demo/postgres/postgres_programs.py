"""How PostgreSQL's programs are called: one to make a folder of data, one to serve it."""

from __future__ import annotations

import shutil
import subprocess
from pathlib import Path

from adapters.demo.postgres.postgres_account import NotStarted
from adapters.demo.postgres.postgres_place import PostgresPlace

_PATIENCE = 120.0  # seconds; it takes half a second on a disk that is not busy


def initdb(place: PostgresPlace, data: Path) -> None:
    """Make the folder ``data``, whole or not at all. Raises NotStarted with what initdb said."""
    # Made beside its place: what is interrupted half-way is never taken for a database.
    fresh = data.with_name("data.new")
    shutil.rmtree(fresh, ignore_errors=True)
    program = str(place.binaries / "initdb")
    options = ["--encoding=UTF8", "--locale=C", "--auth=trust", "--no-instructions"]
    with place.launch(program, "-D", str(fresh), "-U", "postgres", *options) as made:
        try:
            failed = made.wait(_PATIENCE) != 0
        except BaseException:
            made.kill()
            raise
    if failed:
        raise NotStarted(f"initdb failed: {place.last_words()}")
    fresh.rename(data)


def postgres(
    place: PostgresPlace, data: Path, *, sockets: Path, connections: int
) -> subprocess.Popen[bytes]:
    """Start the server in the foreground; it listens in the folder ``sockets`` and nowhere else."""
    settings = {
        "listen_addresses": "",
        "unix_socket_directories": f'"{sockets}"',
        "unix_socket_permissions": "0700",
        "port": "5432",
        "fsync": "on",
        "synchronous_commit": "on",
        "max_connections": str(connections),
        "timezone": "UTC",
        "log_timezone": "UTC",
    }
    given = [part for name, value in settings.items() for part in ("-c", f"{name}={value}")]
    # The kernel then asks it to shut down when we are gone, however we went.
    ends_with_us = ["setpriv", "--pdeathsig", "INT"] if shutil.which("setpriv") else []
    return place.launch(*ends_with_us, str(place.binaries / "postgres"), "-D", str(data), *given)
