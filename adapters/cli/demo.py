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
from adapters.demo.books import CannotRun
from adapters.demo.children import ChildFailed
from adapters.demo.machines.hypervisor import Say
from adapters.demo.region import DemoOptions, DemoRegion
from adapters.demo.story import story
from adapters.demo.story.story import NotAsTold, Told
from adapters.demo.story.wishes import options

_GUEST_HINT = (
    "To get the guest, install what is missing and run the demo again; on Debian that is "
    "`apt-get install libvirt-daemon libvirt-daemon-driver-qemu qemu-system-x86 busybox-static`. "
    "To do without it: --test-driver."
)


def demo(
    *,
    once: Annotated[bool, Parameter(help="End when the story is told.")] = False,
    port: Annotated[int | None, Parameter(help="Of the API; 8774, or any that is free.")] = None,
    folder: Annotated[Path, Parameter(help="Where everything is kept.")] = Path(".ullage"),
    test_driver: Annotated[bool, Parameter(help="No guest: libvirt's own test driver.")] = False,
) -> int:
    """PostgreSQL, hypervisor and guest of its own, unless ULLAGE_DSN names a database."""
    wanted = DemoOptions(
        folder=folder,
        port=port,
        dsn=sound(os.environ.get("ULLAGE_DSN", "")) or None,
        test_driver=test_driver,
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
        "keeps the books of a machine while none runs; moving a running server and building one "
        "were left out."
    )


def _invite(found: DemoRegion, told: Told, console: Console) -> None:
    """What to type next, in another terminal."""
    command, to = _command(), " ".join(options(told.next))
    console.print(f"The region runs at {found.api} until Ctrl-C.")
    console.print(f"Try it in another terminal, as Ada, a member of {found.project}:")
    console.print()
    for line in (
        f"export ULLAGE_API={found.api}",
        f"export ULLAGE_TOKEN={found.tokens.member}",
        f"{command} scale {told.server} {to} --wait",
        f"{command} limits {found.project}",
        f"{command} history --server {told.server} --limit 5",
    ):
        console.print(f"  {line}", soft_wrap=True, style="cyan")


def _command() -> str:
    """``ullage``, or where it is when the shell does not find it."""
    if shutil.which("ullage"):
        return "ullage"
    return shlex.quote(min(sys.argv[0], os.path.relpath(sys.argv[0]), key=len))


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
