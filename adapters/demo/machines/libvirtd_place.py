"""Where a libvirt of our own keeps its things, and as whom it runs there."""

from __future__ import annotations

import os
import secrets
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path
from uuid import uuid4

import msgspec

from adapters.demo import reach
from adapters.demo.account import Account

# Two of them on one machine are two hosts: libvirt moves no guest to where it is already.
_DAEMON_CONF = """
auth_unix_rw = "none"
auth_unix_ro = "none"
log_outputs = "3:stderr"
host_uuid = "{uuid}"
"""
# Nothing that needs root, nor the daemon that writes guests' logs.
_QEMU_CONF = """
security_driver = "none"
namespaces = [ ]
cgroup_controllers = [ ]
stdio_handler = "file"
remember_owner = 0
migration_port_min = {first_port}
migration_port_max = {last_port}
"""
# Below those that the kernel gives to connections. Several libvirts on one machine do not know of
# each other, so each takes a range of its own.
_PORTS, _RANGE = range(10_000, 32_000), 50

# A socket's address has at most 107 characters, and libvirt adds 89 to ours for a guest's agent
# when a server's number has five digits.
_LONGEST = 18
_NOBODY = 65534
_NOBODY_ACCOUNT = Account(_NOBODY, _NOBODY, ())
_AS_NOBODY_WITHIN = ("unshare", "--user", f"--map-user={_NOBODY}", f"--map-group={_NOBODY}")
_AS_NOBODY = ("setpriv", f"--reuid={_NOBODY}", f"--regid={_NOBODY}", "--clear-groups")
# The last before the daemon: a change of account takes it off again.
_ENDS_WITH_US = ("setpriv", "--pdeathsig", "TERM")


class LibvirtdPlace(msgspec.Struct, frozen=True, kw_only=True):
    """``base`` is the folder, or a short name for it that is taken away again by leave()."""

    folder: Path
    base: Path
    cache: Path
    account: tuple[str, ...]

    @property
    def socket(self) -> Path:
        return self.base / "run/libvirt/libvirt-sock"

    @property
    def guests(self) -> Path:
        return self.folder / "run/libvirt/qemu/run"

    @property
    def log(self) -> Path:
        return self.folder / "libvirtd.log"

    @property
    def consoles(self) -> Path:
        return self.folder / "share/consoles"

    @property
    def command(self) -> tuple[str, ...]:
        conf, pid = self.base / "libvirtd.conf", self.base / "libvirtd.pid"
        daemon = shutil.which("libvirtd") or "/usr/sbin/libvirtd"  # not on a user's usual path
        return (*self.account, *_ENDS_WITH_US, daemon, "-f", str(conf), "-p", str(pid))

    @property
    def environment(self) -> dict[str, str]:
        return {
            "HOME": str(self.base),
            "XDG_CONFIG_HOME": str(self.base / "etc"),
            "XDG_DATA_HOME": str(self.base / "share"),
            "XDG_RUNTIME_DIR": str(self.base / "run"),
            "XDG_CACHE_HOME": str(self.cache),
        }

    def forget(self) -> None:
        """Servers that an earlier daemon knew here."""
        for path in ("etc/libvirt/qemu", "run/libvirt"):
            shutil.rmtree(self.folder / path, ignore_errors=True)

    def leave(self) -> None:
        if self.base != self.folder:
            shutil.rmtree(self.base.parent, ignore_errors=True)


def within_reach(folder: Path) -> Path:
    """The folder, or another one where libvirt runs as nobody and cannot enter it. Made if it is
    not there. Raises OSError."""
    if _account() != _AS_NOBODY:
        return folder
    for place in (folder, reach.stand_in(folder)):
        reach.make_open(place)
        if reach.can_enter(_NOBODY_ACCOUNT, place):
            return place
    raise PermissionError(f"neither {folder} nor {reach.ELSEWHERE} can be entered by nobody")


def prepare(folder: Path, *, cache: Path) -> LibvirtdPlace:
    """Everything that libvirtd needs in ``folder``, but nothing running yet."""
    folder, cache = folder.absolute(), cache.absolute()
    for path in (folder / "etc/libvirt", folder / "share/consoles", folder / "run", cache):
        path.mkdir(parents=True, exist_ok=True)
    (folder / "run").chmod(0o700)
    (folder / "libvirtd.conf").write_text(_DAEMON_CONF.format(uuid=uuid4()))
    (folder / "etc/libvirt/qemu.conf").write_text(_qemu_conf())
    account = _account()
    if account == _AS_NOBODY:
        _give_to_nobody(folder, cache)
    return LibvirtdPlace(folder=folder, base=_short(folder), cache=cache, account=account)


def _qemu_conf() -> str:
    first = secrets.choice(_PORTS[::_RANGE])
    return _QEMU_CONF.format(first_port=first, last_port=first + _RANGE - 1)


def _account() -> tuple[str, ...]:
    """libvirt gives a session to everybody but root, so root becomes nobody.

    In a user namespace that is only what libvirt sees: files stay root's.
    """
    if os.geteuid() != 0:
        return ()
    try:
        tried = subprocess.run([*_AS_NOBODY_WITHIN, "true"], capture_output=True, check=False)
    except FileNotFoundError:
        return _AS_NOBODY
    return _AS_NOBODY_WITHIN if tried.returncode == 0 else _AS_NOBODY


def _give_to_nobody(*folders: Path) -> None:
    names = " and ".join(str(folder) for folder in folders)
    sys.stderr.write(
        f"There are no user namespaces here, so libvirt runs as nobody, which now owns {names}.\n"
    )
    for folder in folders:
        for path in (folder, *folder.rglob("*")):
            os.chown(path, _NOBODY, _NOBODY, follow_symlinks=False)


def _short(folder: Path) -> Path:
    if len(str(folder)) <= _LONGEST:
        return folder
    place = Path(tempfile.mkdtemp(prefix="u-"))
    place.chmod(0o755)  # for nobody
    (place / "d").symlink_to(folder)
    return place / "d"
