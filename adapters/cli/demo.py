"""``ullage demo``: a region to look at, and a story that shows it."""

from __future__ import annotations

import os
import shlex
import shutil
import signal
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, redirect_stderr
from pathlib import Path
from typing import Annotated

from cyclopts import Parameter
from rich.console import Console

from adapters.cli import run
from adapters.cli.kit import show
from adapters.cli.kit.ending import DONE, UNFORESEEN, Stopped
from adapters.cli.kit.region import database, sound
from adapters.demo import children, region
from adapters.demo.children import ChildFailed
from adapters.demo.database import CannotRun, Say
from adapters.demo.region import DemoOptions, DemoRegion
from adapters.demo.story import inviting, story
from adapters.demo.story.story import NotAsTold, Told

_GUEST_HINT = (
    "To get the guest, install what is missing and run the demo again; on Debian that is "
    "`apt-get install libvirt-daemon libvirt-daemon-driver-qemu qemu-system-x86 busybox-static`. "
    "To do without it: --test-driver."
)


_Port = Annotated[
    int | None, Parameter(help="Port of the API; if not given 8774, or one that is free.")
]
_Folder = Annotated[Path, Parameter(help="Folder for all files.", show_default=True)]
_TestDriver = Annotated[bool, Parameter(help="Use libvirt's test driver; no guest runs.")]
_Keystone = Annotated[bool, Parameter(help="Also run a Keystone, for the clients of OpenStack.")]


def demo(
    *,
    once: Annotated[bool, Parameter(help="End after the story.")] = False,
    port: _Port = None,
    folder: _Folder = Path(".ullage"),
    test_driver: _TestDriver = False,
    keystone: _Keystone = False,
) -> int:
    """PostgreSQL, hypervisor and guest of its own, unless ULLAGE_DSN names a database."""
    wanted = DemoOptions(
        folder=folder,
        port=port,
        dsn=sound(os.environ.get("ULLAGE_DSN", "")) or None,
        test_driver=test_driver,
        keystone=keystone,
    )
    console = show.out()
    with _ending_on_signals():
        try:
            with database(), region.running(wanted, _says(console)) as found:
                return _tell(found, console, once=once)
        except (CannotRun, ChildFailed) as e:
            raise Stopped(str(e)) from e
        except NotAsTold as e:
            raise Stopped(str(e), UNFORESEEN) from e


def _tell(found: DemoRegion, console: Console, *, once: bool) -> int:
    def ullage(words: Sequence[str], token: str) -> int:
        os.environ.update(
            ULLAGE_API=found.api, ULLAGE_TOKEN=token, ULLAGE_DSN=found.dsn, ULLAGE_CONFIG=""
        )
        # A refusal is part of the story.
        with redirect_stderr(sys.stdout):
            return run(words)

    told = story.tell(found, console, ullage)
    if not once:
        _invite(found, told, console)
        try:
            children.watch(found.children)
        except KeyboardInterrupt:
            console.print()
    if found.hypervisor.lost:
        raise Stopped(_without_guest(found.hypervisor.lost), UNFORESEEN, hint=_GUEST_HINT)
    return DONE


def _without_guest(why: str) -> str:
    return (
        f"This demo had no guest: {why}. Instead of QEMU it used libvirt's test driver, which "
        "keeps the record of a machine while none runs; moving a running server and building one "
        "were left out."
    )


def _invite(found: DemoRegion, told: Told, console: Console) -> None:
    """What to type next, in another terminal."""
    console.print(f"The region runs at {found.api} until Ctrl-C.")
    console.print("Try it in another terminal. Each file below holds a token of its own.")
    for who, lines in inviting.lines(found, told, typed(sys.argv[0])):
        console.print(f"\n{who}:")
        for line in lines:
            console.print(f"  {line}", soft_wrap=True, style="cyan")


def typed(program: str) -> str:
    """``ullage``, or where it is when the shell does not find it."""
    if shutil.which("ullage"):
        return "ullage"
    return shlex.quote(min(program, os.path.relpath(program), key=len))


def _says(console: Console) -> Say:
    return lambda text: console.print(f"· {text}", style="dim", soft_wrap=True)


@contextmanager
def _ending_on_signals() -> Iterator[None]:
    """Every asked-for end is one, and everything that was started ends with us."""

    def end(*_: object) -> None:
        raise KeyboardInterrupt

    for number in (signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, end)
    yield
