"""Two hypervisor hosts in memory, and a message about a server on the first."""

from __future__ import annotations

from time import monotonic
from typing import NamedTuple
from uuid import uuid4

import msgspec

from adapters.hypervisors.registry import DriverKind, DriverRegistry
from adapters.relay.carry.carry import Again, carry
from adapters.relay_wire import Absent, ReadBack, ReportedOutcome
from domain.server import Power
from domain.server import StepKind as Asked
from domain.shared.size import Size
from projections.outbox.asks import Details
from projections.outbox.lanes import Message
from tests.kit.hypervisor import LARGE, SMALL, Behaviour, ScriptedHost

HERE, THERE = "kvm-1", "kvm-2"
DETAILS = Details(name="web-1", ceiling=LARGE, template="<domain/>", memory_by="dimm")


class Course(NamedTuple):
    """How a server was before the ask, and how it is behind it; None: it is not there."""

    before: Power | None
    power: Power | None
    size: Size = SMALL
    host: str = HERE


STEPS: dict[Asked, Course] = {
    "reconfigure": Course("running", "running", LARGE),
    "restart": Course("running", "running", LARGE),
    "migrate": Course("running", "running", SMALL, THERE),
    "build": Course(None, "running", LARGE),
    "start": Course("stopped", "running"),
    "stop": Course("running", "stopped"),
    "delete": Course("running", None),
}

SIZED: frozenset[Asked] = frozenset({"reconfigure", "restart", "migrate", "build", "read-back"})


class World:
    """Two hosts, and a message about a server on the first."""

    def __init__(self) -> None:
        self.here, self.there = ScriptedHost(), ScriptedHost()
        by_uri = {f"scripted://{HERE}": self.here, f"scripted://{THERE}": self.there}
        kind = DriverKind(by_uri.__getitem__, str)
        uris = {HERE: f"scripted://{HERE}", THERE: f"scripted://{THERE}"}
        self.hosts = DriverRegistry(uris, {"scripted": kind})

    def ask(self, asked: Asked, *, sent_before: bool = False) -> Message:
        before = STEPS[asked].before if asked in STEPS else "running"
        power = before if before in {"running", "stopped"} else "running"
        server = self.here.make(SMALL, power=power)
        if before is None:
            self.here.forget(server)
        return Message(
            position=1,
            operation=uuid4(),
            ask=asked,
            host=HERE,
            server=server,
            size=LARGE if asked in SIZED else None,
            expires=monotonic() + 300,
            to_host=THERE if asked == "migrate" else None,
            details=msgspec.json.encode(DETAILS).decode() if asked == "build" else "",
            attempts=1 + sent_before,
            sent_before=sent_before,
        )

    def carry(self, ask: Message, *behaviours: Behaviour) -> ReportedOutcome | Again:
        self.here.tell(ask.server, *behaviours)
        return carry(ask, self.hosts, call_seconds=30)

    def effects(self) -> int:
        return len(self.here.effects) + len(self.there.effects)


def is_about(became: ReportedOutcome | Again, ask: Message) -> bool:
    assert not isinstance(became, Again)
    return became.bare() == ask.bare()


def seen_by(became: ReportedOutcome | Again) -> tuple[str, Size, Power] | None:
    """None: it is not there."""
    if isinstance(became, Absent):
        return None
    assert isinstance(became, ReadBack), became
    return became.seen.host, became.seen.size, became.seen.power
