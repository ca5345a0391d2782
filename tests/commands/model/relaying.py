"""Rules: what relays do to the world, and what of it reaches the region, late or twice or never."""

from __future__ import annotations

from typing import Any, Literal
from uuid import UUID

from hypothesis import strategies as st
from hypothesis.stateful import precondition, rule

from commands.operations.end_operation import EndOperation, ReportAbsent, ReportFailed, ReportSeen
from commands.operations.give_up_operation import GiveUpOperation
from commands.operations.resolve_operation import ResolveOperation
from domain.server import ScaleRetried, Step, StepKind
from domain.shared.errors import NothingToResolve
from tests.commands.model.accounts import Account, Job
from tests.commands.model.asking import Asking
from tests.commands.model.machine import Letter, one_of
from tests.commands.model.operating import PICK
from tests.commands.model.reports import told
from tests.commands.model.world import Guest, Room
from tests.kit.examples import LATER

Luck = Literal["done", "partly", "refused", "no room", "silence", "done in silence"]
LUCK: st.SearchStrategy[Luck] = st.sampled_from(
    ["done", "done", "partly", "refused", "no room", "no room", "silence", "done in silence"]
)


def to_carry(job: Job) -> bool:
    """A relay does one step at a time, and tells before it does another."""
    return not job.undecided and not job.flying


def migratable(job: Job) -> bool:
    return to_carry(job) and job.consent == "migrate"


class Relaying(Asking):
    def running(self) -> list[UUID]:
        return [server for server in self.idle() if self.books.servers[server].power == "running"]

    @precondition(lambda self: self.working(to_carry))
    @rule(pick=PICK, luck=LUCK)
    def carry(self, pick: int, luck: Luck) -> None:
        """A relay asks the hypervisor for the step that is due, and writes down what came of it."""
        server = one_of(self.working(to_carry), pick)
        one = self.books.servers[server]
        assert one.job
        again, one.job.sent = one.job.again, True
        found = self._found(one, one.job, self.world.guests.get(server))
        if not one.job.reading:
            found = after(one, one.job, found, luck)
            if found or one.job.kind == "delete":
                self.world.put(server, found)
        if luck in {"silence", "done in silence"}:
            one.job.again = True
            return
        refused = luck in {"refused", "no room"} and not one.job.reading and not again
        self.letters.append(self._letter(one, one.job, found, luck if refused else "done"))
        one.job.flying = True

    @precondition(lambda self: self.working(to_carry))
    @rule(pick=PICK, luck=LUCK)
    def carry_and_tell(self, pick: int, luck: Luck) -> None:
        """At once, as it is nearly always."""
        letters = len(self.letters)
        self.carry(pick, luck)
        if len(self.letters) > letters:
            self.deliver(pick=0, times=1)

    @precondition(lambda self: self.working(migratable))
    @rule(pick=PICK)
    def find_no_room(self, pick: int) -> None:
        """On no host that is tried, however many are."""
        server = one_of(self.working(migratable), pick)
        while server in self.working(migratable):
            letters = len(self.letters)
            self.carry_and_tell(self.working(to_carry).index(server), "no room")
            assert len(self.letters) == letters + 1

    @precondition(lambda self: self.working(to_carry))
    @rule(pick=PICK)
    def succeed(self, pick: int) -> None:
        self.carry_and_tell(pick, "done")

    @precondition(lambda self: self.running())
    @rule(pick=PICK)
    def stop_one(self, pick: int) -> None:
        server = one_of(self.running(), pick)
        self.power(self.idle().index(server), "stopped")
        self.carry_and_tell(self.working(to_carry).index(server), "done")

    @precondition(lambda self: self.letters)
    @rule(pick=PICK)
    def deliver_an_old_one(self, pick: int) -> None:
        self.deliver(len(self.letters) - 1 - pick % len(self.letters), times=1)

    @precondition(lambda self: self.letters)
    @rule(pick=PICK, times=st.sampled_from([1, 1, 2]))
    def deliver(self, pick: int, times: int) -> None:
        """Any letter, also one that came before. Nothing it says is recorded twice."""
        letter = one_of(reversed(self.letters), pick)
        one = self.books.servers[letter.server]
        news = told(self.books, self.ledger, letter, one)
        if news and letter.touches != self.world.touches[letter.server]:
            self.world.touched.add(letter.server)  # it tells of what others have changed since
        outcomes = self.ask(*[letter.command] * times)
        assert not any(isinstance(outcome, Exception) for outcome in outcomes)
        assert len({fact.because for fact in self.latest}) == (1 if news else 0)
        if any(isinstance(fact.event, ScaleRetried) for fact in self.latest):
            self.decided_within_its_room()

    @precondition(lambda self: self.letters)
    @rule(pick=PICK)
    def lose(self, pick: int) -> None:
        """It never arrives, nor again: its relay has died."""
        letter = one_of(reversed(self.letters), pick)
        self.letters.remove(letter)
        job = self.books.servers[letter.server].job
        if job and (job.id, job.step) == (letter.job, letter.step) and job.flying:
            job.flying, job.again = False, True

    @precondition(lambda self: self.working())
    @rule(pick=PICK)
    def let_the_deadline_pass(self, pick: int) -> None:
        """What was never sent has failed; of what may have been, the outcome is unknown."""
        server = one_of(self.working(), pick)
        one = self.books.servers[server]
        assert one.job
        if one.job.sent or one.job.late:
            self.ask(GiveUpOperation(server=server, operation=one.job.id, reason="silence"))
            one.job.undecided = one.job.late = True
        else:
            letter = self._letter(one, one.job, None, "refused")
            assert told(self.books, self.ledger, letter, one)
            self.ask(letter.command)

    @precondition(lambda self: self.working(to_carry))
    @rule(pick=PICK, luck=st.sampled_from(["silence", "done in silence", "done"]))
    def fall_silent(self, pick: int, luck: Luck) -> None:
        """It may have been done, and may yet be told."""
        server = one_of(self.working(to_carry), pick)
        self.carry(pick, luck)
        self.let_the_deadline_pass(self.working().index(server))

    @precondition(lambda self: self.working(to_carry))
    @rule(pick=PICK)
    def tell_too_late(self, pick: int) -> None:
        self.fall_silent(pick, "done")
        self.deliver(pick=0, times=1)

    @precondition(lambda self: self.working())
    @rule(pick=PICK)
    def resolve(self, pick: int) -> None:
        server = one_of(self.working(), pick)
        one = self.books.servers[server]
        assert one.job
        command = ResolveOperation(server=server, operation=one.job.id, deadline=LATER)
        if self.expect(None if one.job.undecided else NothingToResolve, command):
            one.job.undecided = one.job.flying = False

    def _found(self, one: Account, job: Job, guest: Guest | None) -> Guest | None:
        """As a relay looks for it: where it was, and where it was to go."""
        return guest if guest and guest.host in {one.host, job.to_host} else None

    def _letter(self, one: Account, job: Job, found: Guest | None, luck: Luck) -> Letter:
        server = next(server for server, other in self.books.servers.items() if other is one)
        says: Literal["seen", "failed", "no room", "absent"]
        if luck in {"refused", "no room"}:
            says = "no room" if luck == "no room" else "failed"
        else:
            says = "seen" if found else "absent"
        ask: StepKind = "read-back" if job.reading else job.ask
        step = Step(server=server, operation=job.id, ask=ask, to_host=job.to_host, host=one.host)
        return Letter(
            server,
            says,
            found,
            _report(says, found, step),
            job.id,
            job.step,
            ask,
            touches=self.world.touches[server],
        )


def _report(says: str, found: Guest | None, step: Step) -> EndOperation:
    if says == "seen" and found:
        return ReportSeen(step=step, seen=found.seen, shortfall="as it came")
    if says == "absent":
        return ReportAbsent(step=step)
    return ReportFailed(step=step, reason="as it came", no_capacity=says == "no room")


def after(one: Account, job: Job, guest: Guest | None, luck: Luck) -> Guest | None:
    """The guest after one step that came out so."""
    if luck in {"refused", "no room", "silence"}:
        return guest
    whole = luck != "partly"
    if job.kind == "build":
        return guest or Guest(one.host, job.to, "running" if whole else "stopped")
    if guest is None or (job.kind == "delete" and whole):
        return None
    return guest._replace(**_changed(job, guest, whole=whole))


def _changed(job: Job, guest: Guest, *, whole: bool) -> dict[str, Any]:
    """Memory comes first; a restart may end stopped; the rest is done or it is not."""
    if job.ask == "reconfigure":
        return {"room": job.to if whole else Room(guest.room.cpus, job.to.mib)}
    if job.ask == "restart":
        return {"room": job.to, "power": "running" if whole else "stopped"}
    done: dict[str, dict[str, Any]] = {
        "migrate": {"host": job.to_host},
        "start": {"power": "running"},
        "stop": {"power": "stopped"},
    }
    return done.get(job.ask, {}) if whole else {}
