"""Rules: what others do to the world, and how the region learns of it."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from hypothesis import strategies as st
from hypothesis.stateful import precondition, rule

from commands.drift.adopt_drift import AdoptDrift
from commands.drift.observe_server import ObserveServer
from commands.drift.reapply import Reapply
from domain.server import Server
from tests.commands.model import expecting
from tests.commands.model.accounts import MISSING, Job
from tests.commands.model.asking import POWER, ROOM
from tests.commands.model.machine import Letter, Region, one_of
from tests.commands.model.operating import HOST, PICK
from tests.commands.model.reports import told
from tests.kit.examples import DEADLINE

CHANGES: st.SearchStrategy[dict[str, Any]] = st.one_of(
    ROOM.map(lambda room: {"room": room}),
    HOST.map(lambda host: {"host": host}),
    POWER.map(lambda power: {"power": power}),
    st.just({}),
)
"""None of it: it is deleted."""


class OutOfBand(Region):
    def others(self) -> list[UUID]:
        """What somebody else can lay hands on."""
        return [server for server in self.world.guests if self._alive(server)]

    @precondition(lambda self: self.others())
    @rule(pick=PICK, change=CHANGES)
    def meddle(self, pick: int, change: dict[str, Any]) -> None:
        """Somebody else resizes, migrates, starts, pauses, stops or deletes a guest."""
        server = one_of(self.others(), pick)
        guest = self.world.guests[server]._replace(**change)
        self.world.touch(server, guest if change else None)

    @precondition(lambda self: self.others())
    @rule(pick=PICK, change=CHANGES)
    def meddle_and_be_seen(self, pick: int, change: dict[str, Any]) -> None:
        server = one_of(self.others(), pick)
        self.meddle(pick, change)
        self.sweep(self.alive().index(server), at_home=False, later=False)

    @precondition(lambda self: self.alive())
    @rule(pick=PICK, at_home=st.booleans(), later=st.booleans())
    def sweep(self, pick: int, *, at_home: bool, later: bool) -> None:
        """A host is read back. ``at_home``: the one where the books have the server."""
        server = one_of(self.alive(), pick)
        one, guest = self.books.servers[server], self.world.guests.get(server)
        host = one.host if at_home or guest is None else guest.host
        truth = guest if guest and guest.host == host else None
        stream = self.desk.find(Server, str(server))
        assert stream
        command = ObserveServer(
            server=server, version=stream.version, seen=truth.seen if truth else None
        )
        letter = Letter(
            server,
            "observed",
            truth,
            command,
            facts=stream.version,
            touches=self.world.touches[server],
        )
        if later:
            self.letters.append(letter)
        else:
            told(self.books, self.ledger, letter, one)
            self.ask(command)

    @precondition(lambda self: self.alive())
    @rule(pick=PICK, force=st.booleans())
    def adopt_drift(self, pick: int, *, force: bool) -> None:
        server = one_of(self.alive(), pick)
        one = self.books.servers[server]
        due = expecting.adoption_of_drift(self.books, one, force=force)
        if not self.expect(due, AdoptDrift(server=server, force=force)):
            return
        if one.told == MISSING:
            one.power, one.was = "gone", None
        elif one.elsewhere:
            one.host, one.room, one.power = one.elsewhere
            one.counted = self.books.counts(one.power)
        one.told = None

    @precondition(lambda self: self.alive())
    @rule(pick=PICK)
    def reapply(self, pick: int) -> None:
        server = one_of(self.alive(), pick)
        one, job = self.books.servers[server], self.new_id()
        command = Reapply(server=server, operation=job, deadline=DEADLINE)
        if self.expect(expecting.reapplication(one), command):
            one.job = Job(job, "scale", one.room, counted_before=one.counted)
