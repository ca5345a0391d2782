"""What was stored once is read for ever, and means the same."""

from __future__ import annotations

from typing import Any, get_args
from uuid import UUID

from adapters.eventlog import chain
from adapters.eventlog.mapper import FactMapper
from commands.command import Aggregate
from domain.envelope import Envelope
from domain.events import kind_of
from domain.history import AnyEvent
from domain.quota import ProjectQuota
from domain.quota_class import QuotaClass
from domain.server import Operation, Server
from domain.size import GuestView, Size
from tests.adapters.eventlog.stored_facts import read
from tests.examples import (
    DEADLINE,
    ENVELOPE,
    HOST,
    OTHER_SERVER,
    PROJECT,
    SERVER,
    SMALL,
    TINY,
)

KINDS = {kind_of(kind) for kind in get_args(AnyEvent)}
AGGREGATES: dict[str, type[Aggregate]] = {
    kind.category: kind for kind in (Server, ProjectQuota, QuotaClass)
}
# The present lines; more may follow, these stay.
LINES = 22
LAST_HASH = "01c01b4b74eadbbd821fed832d3993cc4b1ea33c4b7924d8875a7e611dee6a51"


def folded() -> dict[str, Any]:
    states: dict[str, Any] = {}
    for stored, _ in read()[:LINES]:
        fact = FactMapper().fact(stored)
        kind = AGGREGATES[fact.stream.partition(":")[0]]
        before = states.get(fact.stream)
        states[fact.stream] = before.after(fact.event) if before else kind.begin(fact.event)
    return states


def test_every_kind_stands_in_the_file() -> None:
    assert {stored.topic for stored, _ in read()} >= KINDS


def test_every_line_is_still_read_as_its_kind() -> None:
    for stored, _ in read():
        fact = FactMapper().fact(stored)
        assert (fact.position, fact.version) == (stored.id, stored.originator_version)
        assert kind_of(fact.event) in KINDS


def test_what_happened_then_still_leads_to_the_same_state() -> None:
    assert folded() == {
        "quota-class:default": QuotaClass(limits={"instances": 10, "cores": 20, "ram": -1}),
        "quota:demo": ProjectQuota(
            limits={"cores": 40}, used={"instances": 2, "cores": 10, "ram": 69632}
        ),
        f"server:{SERVER}": Server(
            project=PROJECT,
            name="web-1",
            host=HOST,
            size=Size(8, 65536),
            envelope=ENVELOPE,
            guest=GuestView(),
        ),
        f"server:{OTHER_SERVER}": Server(
            project=PROJECT,
            name='db "1" \\ été',
            host="host-2",
            size=TINY,
            envelope=Envelope(floor=TINY, ceiling=TINY, memory_by="none"),
            ceiling=SMALL,
            operation=Operation(id=UUID(int=4), to=SMALL, deadline=DEADLINE),
        ),
    }


def test_the_servers_of_then_hold_what_their_project_uses() -> None:
    states = folded()
    claims = [states[f"server:{server}"].claimed() for server in (SERVER, OTHER_SERVER)]
    added = {name: sum(claim[name] for claim in claims) for name in claims[0]}
    assert added == states["quota:demo"].used


def test_its_chain_still_holds() -> None:
    position, digest, broken = chain.verify(read())
    assert (position, digest, broken) == (len(read()), read()[-1][1], None)


def test_the_hashes_of_then_are_the_hashes_of_now() -> None:
    """Whoever changes what is hashed, or a line that stands there, learns it here."""
    assert read()[LINES - 1][1].hex() == LAST_HASH
