"""A libvirt of our own in a data folder: it changes nothing on the machine."""

from __future__ import annotations

import os
import signal
import subprocess
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from time import monotonic, sleep
from typing import IO
from uuid import UUID

import libvirt

from adapters.demo.machines import libvirtd_place
from adapters.demo.machines.machine import connected
from adapters.demo.progress import of_process, waited

_AGAIN = 0.02


class CannotStart(Exception):
    """libvirtd does not run; the text says why."""


class Libvirtd:
    """One libvirtd with everything it keeps in ``folder``, and the guests it started.

    It runs in libvirt's session mode, which needs neither root nor /etc/libvirt nor an account.
    Started by root it gets a user namespace in which root is nobody, because libvirt gives a
    session to everybody but root. ``cache`` keeps what libvirt has found out about QEMU, which
    takes it eight seconds. Two of them are two hosts, between which a guest can move. It ends with
    the thread that started it, even if this process is killed.
    """

    def __init__(self, folder: Path, *, cache: Path | None = None) -> None:
        self._place = libvirtd_place.prepare(folder, cache=cache or folder / "cache")
        self._process: subprocess.Popen[bytes] | None = None

    @property
    def uri(self) -> str:
        return f"qemu:///session?socket={self._place.socket}"

    @property
    def as_host(self) -> str:
        """The address that stands in a region's settings: guests that move here come to it over
        this machine's own network, whose name for itself not everybody can resolve."""
        return f"{self.uri}&migrate_uri=tcp://127.0.0.1"

    def console_log(self, server: UUID) -> Path:
        """Where a guest's serial line can be kept: libvirt may write there."""
        return self._place.consoles / f"{server}.log"

    @property
    def pid(self) -> int:
        if self._process is None:
            raise CannotStart("libvirtd was not started")
        return self._process.pid

    def start(self, patience: float = 60.0) -> None:
        """Start it and wait until it has answered. Raises CannotStart when it does not get on for
        ``patience`` seconds.

        The first start finds no servers; one after kill() finds those of before.
        """
        if self._process is None:
            self._power_off()
            self._place.forget()
        with self._place.log.open("ab") as log:
            process = self._process = self._launch(log)
        answers = waited(
            self._answers_or_died,
            progress=lambda: of_process(process.pid, self._place.log),
            patience=patience,
        )
        if not answers or process.poll() is not None:
            died = process.poll() is not None
            self.stop()
            why = "ended" if died else "was waited for, and does not say what its host can do"
            raise CannotStart(f"libvirtd {why}; {self._place.log} may say why")

    def _launch(self, log: IO[bytes]) -> subprocess.Popen[bytes]:
        try:
            return subprocess.Popen(
                self._place.command,
                env=os.environ | self._place.environment,
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                start_new_session=True,
            )
        except FileNotFoundError as e:
            raise CannotStart(f"{e.filename} is missing") from e

    def kill(self) -> None:
        """As an accident would. Its guests go on, and are there after the next start."""
        self._end(signal.SIGKILL)

    def stop(self) -> None:
        """Power off its guests and end it, for good."""
        self._power_off()
        self._end(signal.SIGTERM)
        self._place.leave()

    def guests(self) -> dict[str, int]:
        """The process of each running guest, by the server's name."""
        pids = {path.stem: _read_pid(path) for path in self._place.guests.glob("*.pid")}
        return {name: pid for name, pid in pids.items() if pid and _is_qemu(pid)}

    def _power_off(self) -> None:
        for pid in self.guests().values():
            with suppress(ProcessLookupError):
                os.kill(pid, signal.SIGKILL)
        _until(lambda: not self.guests(), 10.0)

    def _end(self, how: signal.Signals) -> None:
        if self._process is None or self._process.poll() is not None:
            return
        self._process.send_signal(how)
        try:
            self._process.wait(10.0)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait()

    def _answers_or_died(self) -> bool:
        """The socket alone says little: a driver may have failed behind it."""
        if self._process is None or self._process.poll() is not None:
            return True
        try:
            with connected(self.uri) as host:
                return bool(host.getCapabilities())
        except libvirt.libvirtError:
            return False


@contextmanager
def running(folder: Path, *, cache: Path | None = None) -> Iterator[str]:
    """The address of a libvirt that runs meanwhile; its guests end with it."""
    daemon = Libvirtd(folder, cache=cache)
    daemon.start()
    try:
        yield daemon.uri
    finally:
        daemon.stop()


def _until(so: Callable[[], bool], within: float) -> bool:
    ends = monotonic() + within
    while not so():
        if monotonic() > ends:
            return False
        sleep(_AGAIN)
    return True


def _read_pid(path: Path) -> int:
    """0 while it is being written, and after it is gone."""
    try:
        return int(path.read_text() or 0)
    except FileNotFoundError:
        return 0


def _is_qemu(pid: int) -> bool:
    """A number in a file may be somebody else's process by now."""
    try:
        return b"qemu" in Path(f"/proc/{pid}/cmdline").read_bytes()
    except (FileNotFoundError, ProcessLookupError):
        return False
