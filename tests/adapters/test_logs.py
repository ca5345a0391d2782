"""What a process writes to stderr, its own lines and the libraries', from a level on."""

from __future__ import annotations

import subprocess
import sys
from typing import Any

import msgspec
import pytest

_SAYS = """
import logging, sys, structlog
from uuid import UUID
from adapters import logs
logs.configure(json=sys.argv[1] == "json", level=sys.argv[2])
ours, theirs = structlog.get_logger("ullage.access"), logging.getLogger("library")
for level in ("debug", "info", "warning"):
    getattr(ours, level)("ours", id=UUID(int=1))
    getattr(theirs, level)("theirs")
logging.getLogger("httpx").info("asked")
try:
    1 / 0
except ZeroDivisionError:
    ours.exception("failed")
"""


def said(how: str, level: str) -> str:
    command = [sys.executable, "-c", _SAYS, how, level]
    return subprocess.run(command, capture_output=True, text=True, check=True).stderr


@pytest.mark.parametrize(
    ("level", "least"),
    [
        ("debug", ["debug", "info", "warning"]),
        ("info", ["info", "warning"]),
        ("warning", ["warning"]),
        ("error", []),
    ],
)
def test_lines_below_the_level_are_not_written(level: str, least: list[str]) -> None:
    lines: list[Any] = [msgspec.json.decode(line) for line in said("json", level).splitlines()]
    written = [(line["event"], line["level"]) for line in lines]
    both = [(who, one) for one in least for who in ("ours", "theirs")]
    assert written == [*both, ("failed", "error")]


def test_a_line_is_json_with_logger_time_and_what_was_given() -> None:
    first, second, *_, last = [
        msgspec.json.decode(line) for line in said("json", "warning").splitlines()
    ]
    assert first.pop("timestamp").endswith("Z")
    assert first == {
        "event": "ours",
        "logger": "ullage.access",
        "level": "warning",
        "id": "00000000-0000-0000-0000-000000000001",
    }
    assert (second["event"], second["logger"]) == ("theirs", "library")
    assert "ZeroDivisionError" in last["exception"]


def test_people_get_text() -> None:
    text = said("text", "info")
    assert "[info     ] ours" in text
    assert "[info     ] theirs" in text
    assert "ZeroDivisionError" in text


def test_a_process_whose_log_nobody_reads_ends() -> None:
    many = _SAYS.replace(
        'for level in ("debug", "info", "warning"):', 'for level in ["error"] * 5000:'
    )
    command = [sys.executable, "-c", many, "json", "info"]
    with subprocess.Popen(command, stderr=subprocess.PIPE) as unread:
        assert unread.wait() == 0
