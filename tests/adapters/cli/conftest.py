"""Command lines run in this process against a region that really answers on a port."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from typing import Any, NamedTuple

import msgspec
import pytest

from adapters.cli import run
from tests.kit.postgres import Server, database
from tests.kit.region import Region, regions

WIDTH = 80
# Of a host's memory, unless its terms say otherwise.
KEPT_MIB = 512


class Ended(NamedTuple):
    """How a command ended, and what it said to whom."""

    code: int
    out: str
    err: str

    @property
    def document(self) -> Any:
        """What a program reads: exactly one JSON value."""
        return msgspec.json.decode(self.out)


def rows(ended: Ended) -> list[list[str]]:
    """The words of each line that people read."""
    return [line.split() for line in ended.out.splitlines()]


class Shell:
    """Runs ``ullage``, with nothing in its environment but what is given."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
        self._monkeypatch = monkeypatch
        self._capsys = capsys

    def __call__(self, *words: str, **environ: str) -> Ended:
        for name in [name for name in os.environ if name.startswith("ULLAGE_")]:
            self._monkeypatch.delenv(name)
        for name, value in ({"COLUMNS": str(WIDTH)} | environ).items():
            self._monkeypatch.setenv(name, value)
        self._capsys.readouterr()
        try:
            code = run(words)
        except SystemExit as e:
            code = int(e.code or 0)
        return Ended(code, *self._capsys.readouterr())


Ullage = Callable[..., Ended]


def of_region(shell: Shell, region: Region) -> Ullage:
    """Runs it against the region, ``as_`` the owner of one of its tokens."""

    def ullage(*words: str, as_: str = "admin", **environ: str) -> Ended:
        own = {
            "ULLAGE_API": region.url,
            "ULLAGE_TOKEN": region.tokens[as_],
            "ULLAGE_DSN": region.dsn,
        }
        ended = shell(*words, **(own | environ))
        told = {token for token in region.tokens.values() if token in ended.out + ended.err}
        assert not told, "a token was shown"
        assert "Traceback" not in ended.err
        assert all(len(line) <= WIDTH for line in ended.out.splitlines() if "--json" not in words)
        return ended

    return ullage


def has(region: Region, host: str, memory_mib: int, *traits: str) -> None:
    """The host has told how much it has: 16 CPUs, and so much that may be promised."""
    told = {
        "host": host,
        "capacity": {"vcpus": 16, "memory_mib": memory_mib + KEPT_MIB},
        "traits": traits,
        "hypervisor": "scripted 1.0",
    }
    answered = region.post("/v1/observations", {"hosts": [told]}, as_="service")
    assert answered.status_code == 204, answered.text


@pytest.fixture
def shell(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Shell:
    return Shell(monkeypatch, capsys)


@pytest.fixture
def region(database: str) -> Iterator[Region]:
    with regions(database) as new:
        yield new().leading()


@pytest.fixture
def ullage(shell: Shell, region: Region) -> Ullage:
    return of_region(shell, region)


@pytest.fixture(scope="module")
def shared_region(postgres: Server) -> Iterator[Region]:
    """One for all tests of a file, for those that leave nothing that others would see."""
    with database(postgres) as dsn, regions(dsn) as new:
        yield new().leading()


@pytest.fixture
def asking(shell: Shell, shared_region: Region) -> Ullage:
    return of_region(shell, shared_region)
