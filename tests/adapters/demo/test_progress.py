"""A process that starts is waited for as long as it gets on, and no longer."""

from __future__ import annotations

import os
from itertools import count
from pathlib import Path

import pytest

from adapters.demo.children import ChildFailed, running
from adapters.demo.progress import of_process, waited


def test_a_start_that_makes_progress_is_waited_for() -> None:
    steps = count()
    tries = count()
    assert waited(lambda: next(tries) == 9, progress=lambda: next(steps), patience=0.06)


def test_a_start_without_progress_is_given_up() -> None:
    assert not waited(lambda: False, progress=lambda: 0, patience=0.1)


def test_a_start_that_is_busy_for_ever_is_given_up() -> None:
    steps = count()
    assert not waited(lambda: False, progress=lambda: next(steps), patience=0.05)


def test_work_and_words_are_progress(tmp_path: Path) -> None:
    log = tmp_path / "log"
    before = of_process(os.getpid(), log)
    while (now := of_process(os.getpid(), log)) == before:
        sum(range(100_000))
    assert now > before
    log.write_text("a line")
    assert of_process(os.getpid(), log)[1] == len("a line")


def test_a_child_that_is_given_up_is_named(tmp_path: Path) -> None:
    log = tmp_path / "log"
    with (
        running(["--help"], environment=dict(os.environ), log=log) as child,
        pytest.raises(ChildFailed, match="`ullage --help`"),
    ):
        child.wait_until(lambda: False, patience=5)
