"""First act: a VM is adopted, grows while it runs, and may not grow without end."""

from __future__ import annotations

import msgspec
from msgspec.structs import asdict

from adapters.demo.story import seen
from adapters.demo.story.seen import SideBySide
from adapters.demo.story.sizes import StorySizes, options, sizes_for
from adapters.demo.story.telling import REFUSED, Narrator
from domain.shared.envelope import Envelope
from domain.shared.size import Size

# Seconds in which a guest sees what was plugged; it takes one under emulation.
SEES = 60.0


class FirstAct:
    """A server is adopted and grows while it runs, within its limits. Raises NotAsTold."""

    def __init__(self, telling: Narrator) -> None:
        self._telling = telling
        self._server = str(telling.region.hypervisor.server)
        self._project = telling.region.project
        self._inside = telling.region.hypervisor.inside
        self.name = ""

    def tell(self) -> StorySizes:
        """What it asked for, so that it can be gone on with."""
        asked = self._adopt()
        before = self._telling.seen(self._server, self._inside)
        self._allow(asked)
        self._plan_and_scale(asked.to)
        self._compare(before, asked.to)
        self._ask_too_much(asked)
        self._look_back()
        return asked

    def _adopt(self) -> StorySizes:
        telling = self._telling
        telling.chapter("A VM runs on a hypervisor. An operator adopts it, as it was found:")
        where = (telling.region.host, self._server)
        telling.run("adopt", *where, "--project", self._project, "--reason", "found running")
        server = telling.server(self._server)
        self.name = server["name"]
        telling.history()
        telling.must(server["project"] == self._project, "the adopted server is in its project")
        envelope = msgspec.convert(server["envelope"], Envelope)
        return sizes_for(msgspec.convert(server["size"], Size), envelope.ceiling)

    def _allow(self, asked: StorySizes) -> None:
        """A ceiling above what will be asked, a quota between the two."""
        telling = self._telling
        telling.chapter("The operator says how large it may get, and how much the project may use:")
        ceiling = options(asked.ceiling)
        telling.run("server", "ceiling", self.name, *ceiling, "--reason", "as its flavor allows")
        limits = [f"{name}={limit}" for name, limit in asked.quota.items()]
        telling.run("quota", "set", self._project, *limits, "--reason", "a small trial")
        shown = telling.limits()
        telling.must(
            all(shown[name]["limit"] == limit for name, limit in asked.quota.items()),
            "the limits are those that were set",
        )

    def _plan_and_scale(self, to: Size) -> None:
        telling = self._telling
        telling.chapter("Ada, of that project, asks what more would take. Nothing is changed yet:")
        telling.run("plan", self.name, *options(to), member=True)
        telling.chapter("She does it, while the server runs, and waits for the end:")
        why = ("--reason", "the import is slow")
        telling.run("scale", self.name, *options(to), "--wait", *why, member=True)
        server = telling.server(self._server)
        telling.must(server["size"] == asdict(to), "the server has the size that was asked for")
        telling.must(server["operation"] is None, "nothing is left open")
        used = telling.limits()
        telling.must(used["cores"]["used"] == to.vcpus, "its vCPUs are counted")
        telling.must(used["ram"]["used"] == to.memory_mib, "its memory is counted")

    def _compare(self, before: SideBySide, to: Size) -> None:
        inside, telling = self._inside, self._telling
        if inside is None:
            return
        telling.must(before.said_vcpus < to.vcpus, "it has grown")
        # Its kernel keeps a little of what it gets.
        least = (before.memory_mib or 0) + (to.memory_mib - before.said_mib) // 2
        telling.must(
            inside.wait_for(lambda g: g.vcpus() == to.vcpus and g.memory_mib() > least, SEES),
            "the guest has what the API says",
        )
        telling.chapter("The API says so. And the guest itself, asked over its serial line:")
        telling.console.print(seen.grown(before, telling.seen(self._server, inside)))
        telling.console.print(
            "Its kernel keeps some memory for itself, which MemTotal does not count.", style="dim"
        )
        telling.console.print()

    def _ask_too_much(self, asked: StorySizes) -> None:
        telling = self._telling
        telling.chapter("More than the quota leaves is refused, and the hypervisor is never asked:")
        telling.run("scale", self.name, *options(asked.ceiling), member=True, ends=REFUSED)
        server = telling.server(self._server)
        telling.must(server["size"] == asdict(asked.to), "a refusal changes nothing")

    def _look_back(self) -> None:
        telling = self._telling
        telling.chapter("What the project uses:")
        telling.run("limits", self._project, member=True)
        telling.chapter("Who changed what, when and why:")
        told = {
            "server.adopted",
            "quota.changed",
            "server.scale-requested",
            "server.scale-confirmed",
        }
        telling.must(told <= telling.history(), "history has all of it")
        telling.run("history", "--project", self._project, member=True)
