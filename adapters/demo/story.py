"""The demo's story, told through the API as a stranger would use it, and checked as it goes."""

from __future__ import annotations

import shlex
from collections.abc import Callable, Mapping, Sequence
from typing import Any

import httpx
import msgspec
from msgspec.structs import asdict
from rich.console import Console

from adapters.demo.region import Region
from adapters.demo.seen import Seen, side_by_side
from adapters.demo.wishes import Wishes, options, wishes
from domain.envelope import Envelope
from domain.size import Size

Document = Mapping[str, Any]

Ullage = Callable[[Sequence[str], str], int]
"""Runs a command line as the owner of a token; its exit code."""

_REFUSED = 2
# Seconds in which a guest sees what was plugged; it takes one under emulation.
_SEES = 60.0
_LONG = 70


class NotAsTold(Exception):
    """Something was not as it should be; the text says what."""


class Story:
    """One run. Raises NotAsTold."""

    def __init__(self, region: Region, console: Console, ullage: Ullage) -> None:
        self._region = region
        self._console = console
        self._ullage = ullage
        self._server = str(region.hypervisor.server)
        self._project = region.project
        self.name = ""

    def tell(self) -> Wishes:
        """What it asked for, so that it can be gone on with."""
        self._console.print()
        asked = self._adopt()
        before = self._seen()
        self._allow(asked)
        self._plan_and_scale(asked.to)
        self._compare(before, asked.to)
        self._ask_too_much(asked)
        self._look_back()
        return asked

    def _adopt(self) -> Wishes:
        self._chapter(
            "A VM runs on a hypervisor. An operator takes it into the books, as it was found:"
        )
        where = (self._region.host, self._server)
        self._run("adopt", *where, "--project", self._project, "--reason", "found running")
        server = self._get(f"/v1/servers/{self._server}")
        self.name = server["name"]
        self._history()
        self._must(server["project"] == self._project, "the adopted server is in its project")
        envelope = msgspec.convert(server["envelope"], Envelope)
        return wishes(msgspec.convert(server["size"], Size), envelope.ceiling)

    def _allow(self, asked: Wishes) -> None:
        """A ceiling above what will be asked, a quota between the two."""
        self._chapter("The operator says how large it may get, and how much the project may use:")
        ceiling = options(asked.ceiling)
        self._run("server", "ceiling", self.name, *ceiling, "--reason", "as its flavor allows")
        limits = [f"{name}={limit}" for name, limit in asked.quota.items()]
        self._run("quota", "set", self._project, *limits, "--reason", "a small trial")
        shown = self._limits()
        self._must(
            all(shown[name]["limit"] == limit for name, limit in asked.quota.items()),
            "the limits are those that were set",
        )

    def _plan_and_scale(self, to: Size) -> None:
        self._chapter("Ada, of that project, asks what more would take. Nothing is changed yet:")
        self._run("plan", self.name, *options(to), member=True)
        self._chapter("She does it, while the server runs, and waits for the end:")
        why = ("--reason", "the import is slow")
        self._run("scale", self.name, *options(to), "--wait", *why, member=True)
        server = self._get(f"/v1/servers/{self._server}")
        self._must(server["size"] == asdict(to), "the server has the size that was asked for")
        self._must(server["operation"] is None, "nothing is left open")
        used = self._limits()
        self._must(used["cores"]["used"] == to.vcpus, "its vCPUs are counted")
        self._must(used["ram"]["used"] == to.memory_mib, "its memory is counted")

    def _compare(self, before: Seen, to: Size) -> None:
        inside = self._region.hypervisor.inside
        if inside is None:
            return
        self._must(before.said_vcpus < to.vcpus, "it has grown")
        # Its kernel keeps a little of what it gets.
        least = (before.memory_mib or 0) + (to.memory_mib - before.said_mib) // 2
        self._must(
            inside.wait_for(lambda g: g.vcpus() == to.vcpus and g.memory_mib() > least, _SEES),
            "the guest has what the API says",
        )
        self._chapter("The API says so. And the guest itself, asked over its serial line:")
        self._console.print(side_by_side(before, self._seen()))
        self._console.print(
            "Its kernel keeps some memory for itself, which MemTotal does not count.", style="dim"
        )
        self._console.print()

    def _ask_too_much(self, asked: Wishes) -> None:
        self._chapter("More than the quota leaves is refused, and the hypervisor is never asked:")
        self._run("scale", self.name, *options(asked.ceiling), member=True, ends=_REFUSED)
        server = self._get(f"/v1/servers/{self._server}")
        self._must(server["size"] == asdict(asked.to), "a refusal changes nothing")

    def _look_back(self) -> None:
        self._chapter("What the project uses:")
        self._run("limits", self._project, member=True)
        self._chapter("Who changed what, when and why:")
        told = {
            "server.adopted",
            "quota.changed",
            "server.scale-requested",
            "server.scale-confirmed",
        }
        self._must(told <= self._history(), "history has all of it")
        self._run("history", "--project", self._project, member=True)
        self._chapter(
            "Can that be trusted? Each fact is chained to the one before, and usage is "
            "recomputed from nothing:"
        )
        self._run("audit", "verify")

    # How it is asked and told

    def _run(self, *words: str, member: bool = False, ends: int = 0) -> None:
        names = self._region.tokens
        typed = shlex.join(words)
        first, reason, rest = typed.partition(" --reason")
        broken = f"{first} \\\n    {reason.lstrip()}{rest}" if len(typed) > _LONG else typed
        self._console.print(f"$ ullage {broken}", style="bold cyan", soft_wrap=True)
        code = self._ullage(words, names.member if member else names.operator)
        self._console.print()
        self._must(code == ends, f"`ullage {typed}` ends with {ends}, not with {code}")

    def _chapter(self, text: str) -> None:
        self._console.print(text)
        self._console.print()

    def _seen(self) -> Seen:
        size = self._get(f"/v1/servers/{self._server}")["size"]
        inside = self._region.hypervisor.inside
        return Seen(
            size["vcpus"],
            size["memory_mib"],
            inside.vcpus() if inside else None,
            inside.memory_mib() if inside else None,
        )

    def _history(self) -> set[str]:
        """The kinds of facts so far; until now is what `after` waits for."""
        head = self._get("/v1/projections")["head"]
        found = self._get("/v1/history", project=self._project, after=str(head))
        return {entry["kind"] for entry in found["items"]}

    def _limits(self) -> Document:
        found: Document = self._get(f"/v1/projects/{self._project}/limits")["resources"]
        return found

    def _get(self, path: str, **query: str) -> Any:
        headers = {"authorization": f"Bearer {self._region.tokens.operator}"}
        url = f"{self._region.api}{path}"
        answer = httpx.get(url, params=query, headers=headers, trust_env=False, timeout=30.0)
        self._must(answer.is_success, f"GET {path} is answered, not {answer.status_code}")
        return answer.json()

    @staticmethod
    def _must(so: bool, what: str) -> None:
        if not so:
            raise NotAsTold(f"It should be that {what}.")
