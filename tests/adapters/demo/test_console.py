"""A guest is asked over a line, here by a shell that answers as the demo's guest does."""

from __future__ import annotations

import os
import subprocess
from collections.abc import Callable, Iterator
from contextlib import suppress
from itertools import count
from pathlib import Path
from uuid import UUID

import pytest

from adapters.demo.machines.console import CannotReadGuest, Guest, GuestIsSilent
from adapters.demo.machines.last_words import last_words
from adapters.demo.story.going_on import must_have_gone_on, read_over_its_console
from adapters.demo.story.telling import NotAsTold

# The end of the guest's own init script.
ANSWERING = Path("adapters/demo/machines/guest_init.sh").read_text().partition("/dev/ttyS0\n")[2]
HERE = UUID(Path("/proc/sys/kernel/random/boot_id").read_text().strip())
ANOTHER = UUID(int=1)
PANIC = "[   42.1] Kernel panic - not syncing: Attempted to kill init!"


class Line:
    """Both ends of a serial line. ``said`` is its log."""

    def __init__(self, folder: Path) -> None:
        self.master, self._slave = os.openpty()
        self.path = Path(os.ttyname(self._slave))
        self.said = folder / "console.log"
        self.said.write_text("")
        self._shell: subprocess.Popen[bytes] | None = None

    def guest(self, progress: Callable[[], object] = lambda: None) -> Guest:
        return Guest(self.path, log=self.said, progress=progress)

    def answer(self, script: str = ANSWERING) -> None:
        """From now on, by a shell."""
        script = script.replace("< /dev/ttyS0", "")
        self._shell = subprocess.Popen(
            ["/bin/busybox", "sh", "-c", script], stdin=self.master, stdout=self.master
        )

    def end(self) -> None:
        if self._shell:
            self._shell.kill()
            self._shell.wait()
        for fd in (self.master, self._slave):
            with suppress(OSError):
                os.close(fd)


@pytest.fixture
def line(tmp_path: Path) -> Iterator[Line]:
    line = Line(tmp_path)
    yield line
    line.end()


def test_a_guest_in_the_same_boot_went_on(line: Line) -> None:
    with line.guest() as inside:
        line.answer()
        inside.wait_until_ready()
        must_have_gone_on(inside, HERE)


def test_another_boot_is_a_start_and_its_panic_is_shown(line: Line) -> None:
    line.said.write_text(f"<q7-1\nsomething\nq7-1>0\n{PANIC}\n[   42.2] Call Trace:\n<q7-2\n")
    with line.guest() as inside:
        line.answer()
        inside.wait_until_ready()
        with pytest.raises(NotAsTold, match="was started again") as told:
            must_have_gone_on(inside, ANOTHER)
    for words in (str(ANOTHER), str(HERE), PANIC, "Call Trace:"):
        assert words in str(told.value)


def test_a_console_that_is_not_answered_is_no_start(line: Line) -> None:
    line.said.write_text("Loading Linux\n")
    with (
        line.guest() as inside,
        pytest.raises(NotAsTold, match="cannot be read") as told,
        read_over_its_console(),
    ):
        inside.wait_until_ready(patience=0)
    assert "started again" not in str(told.value)
    for words in ("shell was waited for", str(line.path), "Loading Linux"):
        assert words in str(told.value)


def test_nor_is_one_that_is_answered_with_nonsense(line: Line) -> None:
    with line.guest() as inside:
        line.answer('while read -r token command; do echo "<$token"; echo "$token>0"; done')
        with (
            pytest.raises(NotAsTold, match=r"cannot be read.* was answered with ''") as told,
            read_over_its_console(),
        ):
            must_have_gone_on(inside, ANOTHER)
    assert "started again" not in str(told.value)


def test_nor_is_one_that_is_not_there(tmp_path: Path) -> None:
    with (
        pytest.raises(NotAsTold, match=r"cannot be read.*cannot be opened"),
        read_over_its_console(),
    ):
        Guest(tmp_path / "none")


def test_a_guest_that_gets_on_is_waited_for(line: Line) -> None:
    """Past its patience, which is nothing here."""
    steps = count(1)

    def progress() -> int:
        if (step := next(steps)) == 2:
            line.answer()
        return step

    with line.guest(progress) as inside:
        inside.wait_until_ready(patience=1)
        assert inside.boot() == HERE


def test_one_whose_other_end_is_gone_cannot_be_read(line: Line) -> None:
    with line.guest() as inside:
        os.close(line.master)
        with pytest.raises(CannotReadGuest):
            inside.ask("true")


def test_a_guest_that_stands_still_is_given_up(line: Line) -> None:
    with line.guest() as inside, pytest.raises(GuestIsSilent, match="last words: none"):
        inside.wait_until_ready(patience=0)


def test_last_words_are_the_last_lines() -> None:
    said = "\r\n".join(f"line {n}" for n in range(100))
    assert last_words(said).splitlines() == [f"line {n}" for n in range(85, 100)]
