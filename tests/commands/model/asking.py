"""Rules: what the users of a region ask of it."""

from __future__ import annotations

from typing import Literal
from uuid import UUID

from hypothesis import strategies as st
from hypothesis.stateful import initialize, precondition, rule
from msgspec.structs import replace

from commands.operations.cancel_operation import CancelOperation
from commands.scaling.scale_server import ScaleServer
from commands.servers.adopt_server import AdoptServer
from commands.servers.build_server import BuildServer
from commands.servers.delete_server import DeleteServer
from commands.servers.power_server import PowerServer
from domain.server import Consent, OperationKind, Power, ScaleRequested
from domain.shared.errors import (
    AlreadyAdopted,
    NotFound,
    NothingToCancel,
    NoValidHost,
    QuotaExceeded,
    Refused,
)
from domain.shared.size import GuestView
from tests.commands.model import expecting
from tests.commands.model.accounts import Account, Job
from tests.commands.model.catalogue import FLAVORS, IMAGES
from tests.commands.model.expecting import Goes
from tests.commands.model.machine import MOST_SERVERS, one_of
from tests.commands.model.operating import CEILING, HOST, PICK, PROJECT, USER, Operating
from tests.commands.model.world import REACH, STEP, Guest, Room
from tests.kit.examples import DEADLINE

CPUS, MIB = st.integers(1, 9), st.integers(1, 18).map(lambda n: n * STEP)
ROOM = st.builds(Room, CPUS, MIB)
SMALL = st.builds(Room, st.integers(1, 3), st.integers(1, 6).map(lambda n: n * STEP))
ANY_ROOM = ROOM | st.builds(Room, CPUS, st.sampled_from([700, 3000]))
MOSTLY_MIGRATE: st.SearchStrategy[Consent] = st.sampled_from(["migrate"] * 4 + ["live"])
POWER: st.SearchStrategy[Power] = st.sampled_from(["running", "running", "stopped", "paused"])
CONSENT: st.SearchStrategy[Consent] = st.sampled_from(["live", "migrate", "restart"])


def cancellable(job: Job) -> bool:
    """Who cancels makes sure first that no relay will send it."""
    return job.late or not job.sent


class Asking(Operating):
    @initialize(rooms=st.lists(SMALL, min_size=2, max_size=4), always=st.booleans())
    def find_some(self, rooms: list[Room], *, always: bool) -> None:
        self.begin()
        self.set_policy(scaling=True, always=always, retries=2)
        for host, room in zip(("h1", "h1", "h2", "h3"), rooms, strict=False):
            self.adopt("blue", host, room, Room(9, 9216), "running", again=False)

    @precondition(lambda self: len(self.alive()) < MOST_SERVERS)
    @rule(
        project=PROJECT,
        host=HOST,
        room=SMALL,
        ceiling=CEILING,
        power=POWER,
        user=USER,
        again=st.booleans(),
    )
    def adopt(
        self,
        project: str,
        host: str,
        room: Room,
        ceiling: Room | None,
        power: Power,
        *,
        user: str = "",
        again: bool,
    ) -> None:
        """What stands on a host already has no room to ask for, but a quota to obey."""
        gone = [server for server, one in self.books.servers.items() if not one.alive]
        server = gone[0] if again and gone else self.new_id()
        guest = Guest(host, room, power)
        account = Account(project, host, room, power, ceiling=ceiling, reached=room, user=user)
        account.counted = self.books.counts(power)
        due: type[Refused] | None = None
        if again and gone and self.books.servers[server].project != project:
            due = AlreadyAdopted
        elif self.books.over(project, taken(account), user):
            due = QuotaExceeded
        wish = replace(adoption(server, project, guest, ceiling), user=user)
        if self.expect(due, wish):
            self.within_its_limits()
            self.world.touched.discard(server)
            self.world.put(server, guest)
            self.books.servers[server] = account

    @precondition(lambda self: len(self.alive()) < MOST_SERVERS)
    @rule(
        project=PROJECT,
        flavor=st.sampled_from(sorted(FLAVORS)),
        image=st.sampled_from(sorted(IMAGES)),
        zone=st.sampled_from(["", "", "", "nova", "nowhere"]),
        user=USER,
        pick=PICK,
        grouped=st.sampled_from([True, True, False]),
    )
    def build(
        self,
        project: str,
        flavor: str,
        image: str,
        zone: str,
        *,
        user: str,
        pick: int,
        grouped: bool,
    ) -> None:
        server, job = self.new_id(), self.new_id()
        account = self.catalogue.account(project, flavor, image, zone)
        account.user = user
        account.group = one_of(self.books.groups, pick) if grouped and self.books.groups else None
        place = self.books.host_for(
            account.room, pool="default", asked_pool="default", zone=zone, group=account.group
        )
        due = self._building(account, place)
        command = BuildServer(
            server=server,
            project=project,
            name="web",
            flavor=flavor,
            image=image,
            zone=zone,
            operation=job,
            deadline=DEADLINE,
            user=user,
            group=account.group,
        )
        if self.expect(due, command) and place:
            account.host, account.job = place, Job(job, "build", account.room)
            self.books.servers[server] = account
            self.decided_within_its_room()
            self.within_its_limits()

    def _building(self, account: Account, place: str | None) -> type[Refused] | None:
        if account.group and self.books.groups[account.group].project != account.project:
            return NotFound
        if self.books.over(account.project, taken(account), account.user):
            return QuotaExceeded
        return NoValidHost if place is None else None

    @precondition(lambda self: self.alive())
    @rule(pick=PICK, to=ANY_ROOM, consent=CONSENT)
    def scale_one_that_may_be_busy(self, pick: int, to: Room, consent: Consent) -> None:
        self.scale(one_of(self.alive(), pick), to, consent)

    @precondition(lambda self: self.idle())
    @rule(pick=PICK, to=ANY_ROOM, consent=CONSENT)
    def scale_to_any_size(self, pick: int, to: Room, consent: Consent) -> None:
        self.scale(one_of(self.idle(), pick), to, consent)

    @precondition(lambda self: self.idle())
    @rule(pick=PICK, cpus=st.integers(0, 3), mib=st.integers(0, 5), consent=CONSENT)
    def grow(self, pick: int, cpus: int, mib: int, consent: Consent) -> None:
        server = one_of(self.idle(), pick)
        room = self.books.servers[server].room
        self.scale(server, Room(room.cpus + cpus, room.mib + mib * STEP), consent)

    @precondition(lambda self: self.idle())
    @rule(pick=PICK, mib=st.integers(0, 3), consent=MOSTLY_MIGRATE)
    def outgrow_its_host(self, pick: int, mib: int, consent: Consent) -> None:
        server = one_of(self.idle(), pick)
        one = self.books.servers[server]
        left = max(0, self.books.left(one.host).cpus)
        to = Room(one.room.cpus + left + 1, one.room.mib + mib * STEP)
        self.scale(server, to, consent)

    @precondition(lambda self: self.idle())
    @rule(pick=PICK, to=st.sampled_from([Room(1, STEP), Room(2, STEP), Room(1, 4 * STEP)]))
    def shrink(self, pick: int, to: Room) -> None:
        self.scale(one_of(self.idle(), pick), to, "live")

    def scale(self, server: UUID, to: Room, consent: Consent) -> None:
        one, job = self.books.servers[server], self.new_id()
        goes = expecting.scale(self.books, one, to, consent)
        command = ScaleServer(
            server=server, to=to.size, operation=job, deadline=DEADLINE, consent=consent
        )
        if not isinstance(goes, Goes):
            self.expect(goes, command)
        elif self.expect(None, command):
            asked = next(f.event for f in self.latest if isinstance(f.event, ScaleRequested))
            assert (asked.mode, asked.to_host) == (goes.mode, goes.to_host)
            assert goes.mode in {"live", "stopped", consent}
            one.job = Job(
                job, "scale", to, goes.mode, consent, goes.to_host, counted_before=one.counted
            )
            self.decided_within_its_room()
            self.within_its_limits()

    @precondition(lambda self: self.alive())
    @rule(pick=PICK, to=ROOM)
    def scale_in_vain(self, pick: int, to: Room) -> None:
        """Decided, and lost before it was written: nothing of it may stay."""
        server = one_of(self.alive(), pick)
        self.desk.ask_in_vain(
            ScaleServer(server=server, to=to.size, operation=self.new_id(), deadline=DEADLINE)
        )

    @precondition(lambda self: self.alive())
    @rule(pick=PICK, to=st.sampled_from(["running", "stopped"]))
    def power(self, pick: int, to: Literal["running", "stopped"]) -> None:
        server = one_of(self.idle() or self.alive(), pick)
        one, job, start = self.books.servers[server], self.new_id(), to == "running"
        command = PowerServer(server=server, to=to, operation=job, deadline=DEADLINE)
        if self.expect(expecting.power(self.books, one, start=start), command):
            self.begin_job(one, job, "start" if start else "stop")
            one.counted = one.counted or start
            self.within_its_limits()

    @precondition(lambda self: self.alive())
    @rule(pick=PICK)
    def delete(self, pick: int) -> None:
        server = one_of(self.alive(), pick)
        one, job = self.books.servers[server], self.new_id()
        command = DeleteServer(server=server, operation=job, deadline=DEADLINE)
        if self.expect(expecting.deletion(one), command):
            self.begin_job(one, job, "delete")

    @precondition(lambda self: self.working(cancellable))
    @rule(pick=PICK)
    def cancel(self, pick: int) -> None:
        server = one_of(self.working(cancellable), pick)
        one = self.books.servers[server]
        assert one.job
        due = NothingToCancel if one.job.late else None
        if self.expect(due, CancelOperation(server=server, operation=one.job.id)):
            gone: Power = "gone"
            one.power = gone if one.job.kind == "build" else one.power
            one.counted, one.job = one.job.counted_before, None

    def begin_job(self, one: Account, job: UUID, kind: OperationKind) -> None:
        one.job = Job(job, kind, one.room, counted_before=one.counted)


def taken(account: Account) -> dict[str, int]:
    """What is asked of the quota; of what is not, there may be too little."""
    return {name: amount for name, amount in account.claim().items() if amount}


def adoption(server: UUID, project: str, guest: Guest, ceiling: Room | None) -> AdoptServer:
    return AdoptServer(
        server=server,
        project=project,
        name="db",
        host=guest.host,
        size=guest.room.size,
        envelope=REACH,
        guest=GuestView(),
        power=guest.power,
        ceiling=ceiling and ceiling.size,
    )
