"""Second act: its host is full, so that a server that is to grow moves to another one, live."""

from __future__ import annotations

from msgspec.structs import asdict

from adapters.demo.machines import machine
from adapters.demo.machines.console import Guest
from adapters.demo.story import seen
from adapters.demo.story.first_act import SEES
from adapters.demo.story.going_on import must_have_gone_on
from adapters.demo.story.sizes import StorySizes, options
from adapters.demo.story.telling import CONSENT, Narrator
from adapters.hypervisors.kvm.link.address import address
from domain.shared.size import Size

# What is left on a host that is full: less than is asked for.
_LEFT_MIB = 128


class SecondAct:
    """Needs two hosts with a real guest. Raises NotAsTold."""

    def __init__(self, telling: Narrator, *, name: str, second: str) -> None:
        """``second``: the address of the other host."""
        self._telling = telling
        self._second = second
        self._name = name
        self._server = str(telling.region.hypervisor.server)
        self._project = telling.region.project
        self._here = telling.region.host
        self._there = telling.region.other_host
        self._reserved = 0

    def has_room(self, asked: StorySizes) -> bool:
        """Whether this machine could hold it a second time."""
        self._telling.until(self._told, "both hosts tell what they have")
        host = self._telling.hosts()[self._there]
        left = {name: limit - host["used"][name] for name, limit in host["limit"].items()}
        return asked.larger.fits(Size(**left))

    def tell(self, asked: StorySizes) -> None:
        inside = self._telling.region.hypervisor.inside
        before = self._telling.seen(self._server, inside)
        self._fill_the_host(asked)
        self._ask(asked)
        self._move(asked)
        self._compare(asked, before)
        self._look_back()

    def _fill_the_host(self, asked: StorySizes) -> None:
        telling = self._telling
        telling.chapter("Second act. The trial went well, and the project may use more:")
        limits = [f"{name}={limit}" for name, limit in asked.larger_quota.items()]
        telling.run("quota", "set", self._project, *limits, "--reason", "it went well")
        telling.chapter(
            f"There are two hosts; both are this machine. So that {self._here} is full, the "
            "operator keeps most of its memory back:"
        )
        host = telling.hosts()[self._here]
        taken = host["used"]["memory_mib"] + _LEFT_MIB
        self._reserved = host["terms"]["reserved_host_memory_mb"]
        reserved = ("--reserved", f"{host['capacity']['memory_mib'] - taken}MiB")
        telling.run("host", "set", self._here, *reserved, "--reason", "kept for a backup")
        telling.run("host", "list")

    def _ask(self, asked: StorySizes) -> None:
        telling, to = self._telling, options(asked.larger)
        telling.chapter("Ada asks what still more would take. Her quota would allow it:")
        telling.run("plan", self._name, *to, member=True, ends=CONSENT)
        telling.chapter("Nobody's server is moved without consent. She is told what to type:")
        telling.run("scale", self._name, *to, member=True, ends=CONSENT)
        server = telling.server(self._server)
        telling.must(server["size"] == asdict(asked.to), "without consent nothing is changed")
        telling.must(server["host"] == self._here, "without consent nothing is moved")

    def _move(self, asked: StorySizes) -> None:
        telling, to = self._telling, options(asked.larger)
        telling.chapter("She consents. It is moved while it runs, and scaled where it is then:")
        telling.run("scale", self._name, *to, "--consent", "migrate", "--wait", member=True)
        server = telling.server(self._server)
        telling.must(server["host"] == self._there, "it is on the other host")
        telling.must(server["size"] == asdict(asked.larger), "it has what was asked for")

    def _compare(self, asked: StorySizes, before: seen.SideBySide) -> None:
        telling, to = self._telling, asked.larger
        with self._console() as inside:
            inside.wait_until_ready()
            must_have_gone_on(inside, before.boot)
            least = (before.memory_mib or 0) + (to.memory_mib - before.said_mib) // 2
            telling.must(
                inside.wait_for(lambda g: g.vcpus() == to.vcpus and g.memory_mib() > least, SEES),
                "the guest has what the API says",
            )
            after = telling.seen(self._server, inside)
            must_have_gone_on(inside, before.boot)
        telling.chapter("And the guest itself? It went on all the time:")
        telling.console.print(seen.moved(before, after))
        telling.console.print()

    def _look_back(self) -> None:
        telling = self._telling
        hosts = telling.hosts()
        telling.must(hosts[self._here]["used"]["memory_mib"] == 0, "the first host holds nothing")
        telling.chapter("What is recorded of both hosts, and how it came to that:")
        telling.run("host", "list")
        telling.must("server.migrated" in telling.history(), "history has the move")
        telling.run("history", "--server", self._name, "--limit", "4", member=True)
        telling.chapter(f"What was kept back of {self._here} may be used again:")
        telling.run("host", "set", self._here, "--reserved", f"{self._reserved}MiB")

    def _told(self) -> bool:
        return all(one["capacity"] for one in self._telling.hosts().values())

    def _console(self) -> Guest:
        """It has a serial line of its own there."""
        return machine.console(address(self._second).uri, self._telling.region.hypervisor.server)
