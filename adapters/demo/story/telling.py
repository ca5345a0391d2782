"""How the demo's story is told: command lines are shown and run, and what follows is checked."""

from __future__ import annotations

import re
import shlex
from collections.abc import Callable, Mapping, Sequence
from time import monotonic, sleep
from typing import Any

from rich.console import Console

from adapters.demo.machines.console import Guest
from adapters.demo.region import DemoRegion
from adapters.demo.story.seen import SideBySide

ApiDocument = Mapping[str, Any]

Ullage = Callable[[Sequence[str], str], int]
"""Runs a command line as the owner of a token; its exit code."""

REFUSED, CONSENT = 2, 4
"""The exit codes that are part of the story."""

_LONG = 76
_AGAIN = 0.1


class NotAsTold(Exception):
    """Something was not as it should be; the text says what."""


class Narrator:
    """One run of the story. Everything raises NotAsTold."""

    def __init__(self, region: DemoRegion, console: Console, ullage: Ullage) -> None:
        self.region = region
        self.console = console
        self._ullage = ullage

    def chapter(self, text: str) -> None:
        self.console.print(text)
        self.console.print()

    def run(self, *words: str, member: bool = False, ends: int = 0) -> None:
        names = self.region.tokens
        self.console.print(f"$ {_typed(words)}", style="bold cyan", soft_wrap=True)
        code = self._ullage(words, names.member if member else names.operator)
        self.console.print()
        typed = shlex.join(words)
        self.must(code == ends, f"`ullage {typed}` ends with {ends}, not with {code}")

    def seen(self, server: str, inside: Guest | None) -> SideBySide:
        shown = self.server(server)
        return SideBySide(
            host=shown["host"],
            said_vcpus=shown["size"]["vcpus"],
            said_mib=shown["size"]["memory_mib"],
            vcpus=inside.vcpus() if inside else None,
            memory_mib=inside.memory_mib() if inside else None,
            up=inside.up() if inside else None,
            boot=inside.boot() if inside else None,
        )

    def server(self, server: str) -> ApiDocument:
        found: ApiDocument = self.get(f"/v1/servers/{server}")
        return found

    def hosts(self) -> dict[str, ApiDocument]:
        return {one["name"]: one for one in self.get("/v1/hosts")}

    def limits(self) -> ApiDocument:
        found: ApiDocument = self.get(f"/v1/projects/{self.region.project}/limits")["resources"]
        return found

    def history(self) -> set[str]:
        """The kinds of facts so far; until now is what `after` waits for."""
        head = self.get("/v1/projections")["head"]
        found = self.get("/v1/history", project=self.region.project, after=str(head))
        return {entry["kind"] for entry in found["items"]}

    def get(self, path: str, **query: str) -> Any:
        headers = {"authorization": f"Bearer {self.region.tokens.operator}"}
        answer = self.region.client.get(path, params=query, headers=headers)
        self.must(answer.is_success, f"GET {path} is answered, not {answer.status_code}")
        return answer.json()

    def until(self, so: Callable[[], bool], what: str, within: float = 20.0) -> None:
        ends = monotonic() + within
        while not so():
            self.must(monotonic() < ends, what)
            sleep(_AGAIN)

    @staticmethod
    def must(so: bool, what: str) -> None:
        if not so:
            raise NotAsTold(f"It should be that {what}.")


def _typed(words: Sequence[str]) -> str:
    """The command line; a long one is broken before an option."""
    lines = ["ullage"]
    for part in re.split(r" (?=--)", shlex.join(words)):
        if len(lines[-1]) + len(part) < _LONG:
            lines[-1] += f" {part}"
        else:
            lines.append(f"    {part}")
    return " \\\n".join(lines)
