"""Whoever says a line never waits for who reads it."""

from __future__ import annotations

import os
import threading
from io import BytesIO

from adapters.log_lines import LogLines
from tests.kit.region import until


class Blocked(BytesIO):
    """A file whose reader hangs until it is let go."""

    def __init__(self) -> None:
        super().__init__()
        self.let = threading.Event()
        self.began = threading.Event()

    def write(self, some: bytes) -> int:  # type: ignore[override]
        self.began.set()
        self.let.wait()
        return super().write(some)


def test_lines_are_written_in_their_order_and_all_of_them_at_the_end() -> None:
    file = BytesIO()
    lines = LogLines(file, lambda _: None)
    for n in range(1000):
        lines.write(b"%d\n" % n)
    lines.close()
    assert file.getvalue() == b"".join(b"%d\n" % n for n in range(1000))


def test_a_reader_that_hangs_holds_nobody_up_and_is_told_what_it_lost() -> None:
    file, lost = Blocked(), list[int]()
    lines = LogLines(file, lost.append, most=3)
    lines.write(b"first\n")
    file.began.wait()
    for n in range(5):
        lines.write(b"%d\n" % n)
    file.let.set()
    lines.close()
    assert file.getvalue() == b"first\n0\n1\n2\n"
    assert lost == [2]


def test_lines_for_a_file_that_was_closed_are_lost_and_nothing_else() -> None:
    file = BytesIO()
    lines = LogLines(file, lambda _: None)
    file.close()
    lines.write(b"lost\n")
    lines.close()


def test_a_child_writes_its_own_lines_and_none_of_its_parents() -> None:
    file = BytesIO()
    lines = LogLines(file, lambda _: None)
    lines.write(b"parent\n")
    until(lambda: file.getvalue() == b"parent\n")
    read, write = os.pipe()
    if (child := os.fork()) == 0:
        lines.write(b"child\n")
        lines.close()
        os.write(write, file.getvalue())
        os._exit(0)
    os.waitpid(child, 0)
    assert os.read(read, 100) == b"parent\nchild\n"
    lines.close()
