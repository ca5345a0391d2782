"""The demo's folder is used by one demo at a time; what cannot be one is refused in words."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from adapters.demo.database import CannotRun
from adapters.demo.folder import alone


def test_a_folder_is_made_with_its_parents(tmp_path: Path) -> None:
    said: list[str] = []
    with alone(tmp_path / "not" / "yet", said.append):
        assert (tmp_path / "not" / "yet").is_dir()
    assert said == []


def test_a_folder_of_an_earlier_demo_is_mentioned(tmp_path: Path) -> None:
    said: list[str] = []
    for _ in range(2):
        with alone(tmp_path, said.append):
            pass
    assert said == [f"An earlier demo ran in {tmp_path}: its files are used again"]


def test_another_demo_there_is_named(tmp_path: Path) -> None:
    with (
        alone(tmp_path, print),
        pytest.raises(CannotRun, match=rf"process {os.getpid()}, runs in {tmp_path}"),
        alone(tmp_path, print),
    ):
        raise AssertionError


@pytest.mark.parametrize("asked", ["file", "file/below", "/proc/ullage"])
def test_an_unusable_folder_is_refused_in_words(tmp_path: Path, asked: str) -> None:
    (tmp_path / "file").touch()
    folder = tmp_path / asked
    with pytest.raises(CannotRun) as refused, alone(folder, print):
        raise AssertionError
    assert str(refused.value).startswith(f"{folder} cannot be the demo's folder: ")
    assert "--folder" in str(refused.value)
