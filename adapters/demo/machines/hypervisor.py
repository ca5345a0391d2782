"""The demo's hypervisor: a real guest where there can be one, else libvirt's test driver."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, contextmanager
from pathlib import Path
from uuid import UUID, uuid4

import libvirt
import msgspec

from adapters.demo import reach
from adapters.demo.machines import guest, libvirtd_place, machine
from adapters.demo.machines.console import CannotReadGuest, Guest
from adapters.demo.machines.guest import CannotBuild, GuestFiles
from adapters.demo.machines.libvirtd import CannotStart, Libvirtd
from adapters.demo.machines.machine import Machine

_TEST_URI = "test:///default"
# Built into libvirt: every process that opens the driver has one of its own.
TEST_SERVER = UUID("6695eb01-f6a4-8304-79aa-97f2502e193f")


class Hypervisor(msgspec.Struct, frozen=True, kw_only=True):
    """``inside`` is the guest's own serial line, ``second`` another host to which it can move,
    ``template`` what more like it are built of; None where no guest runs. ``lost``: why there is
    no guest though one was wanted."""

    uri: str
    server: UUID
    inside: Guest | None
    second: str | None = None
    template: str | None = None
    lost: str | None = None

    @property
    def lives_in_the_server(self) -> bool:
        """What libvirt's test driver changes is seen only by the process that changed it."""
        return self.uri == _TEST_URI


@contextmanager
def running(
    folder: Path, say: Callable[[str], None], *, name: str, test_driver: bool
) -> Iterator[Hypervisor]:
    """A real guest that has booted; where that cannot be had, says why and goes on without."""
    lost = None
    with ExitStack() as stack:
        if not test_driver:
            try:
                yield stack.enter_context(_real(folder, say, name))
            except _NoGuest as e:
                lost = str(e)
                say(f"No real guest on this machine: {lost}.")
            else:
                return
        say(
            "The hypervisor is libvirt's test driver: it keeps the record of a machine, "
            "and none runs."
        )
        yield Hypervisor(uri=_TEST_URI, server=TEST_SERVER, inside=None, lost=lost)


class _NoGuest(Exception):
    pass


@contextmanager
def _real(folder: Path, say: Callable[[str], None], name: str) -> Iterator[Hypervisor]:
    """Raises _NoGuest before it yields, or not at all."""
    with ExitStack() as stack:
        try:
            found = _boot(folder, say, name, stack)
        except (CannotBuild, CannotStart, CannotReadGuest, libvirt.libvirtError, OSError) as e:
            raise _NoGuest(" ".join(str(e).split())) from e
        yield found


def _boot(folder: Path, say: Callable[[str], None], name: str, stack: ExitStack) -> Hypervisor:
    if shutil.which("qemu-system-x86_64") is None:
        raise CannotStart("QEMU is missing")
    place = libvirtd_place.within_reach(folder)
    if place != folder:
        say(f"libvirt runs as nobody, which cannot enter {folder}: it and the guest are in {place}")
    say("Starting two libvirts of its own, and making a small Linux guest")
    first, second, files = _prepared(place, stack)
    say("Booting the guest under QEMU, without KVM")
    server = uuid4()
    made = Machine(server=server, name=name, agent=True, log=first.console_log(server))
    machine.define(first.uri, made, files)
    inside = stack.enter_context(machine.console(first.uri, server))
    inside.wait_until_ready()
    return Hypervisor(
        uri=first.as_host,
        server=server,
        inside=inside,
        second=second.as_host,
        template=machine.template(files, agent=True),
    )


def _prepared(place: Path, stack: ExitStack) -> tuple[Libvirtd, Libvirtd, GuestFiles]:
    """Two hosts, and what a guest is booted from, made meanwhile."""
    reach.make_open(place / "guest")
    # The second finds what the first has found out about QEMU, where that was not known.
    first, second = (
        Libvirtd(place / name, cache=place / "cache") for name in ("libvirt", "libvirt-2")
    )
    with ThreadPoolExecutor(1) as pool:
        building = pool.submit(guest.build, place / "guest")
        for daemon in (first, second):
            stack.callback(daemon.stop)
            daemon.start()  # in this thread, with which it ends
        files = building.result()
    return first, second, files
