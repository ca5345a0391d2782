"""Rules: servers take other flavors, and somebody says later whether they keep them."""

from __future__ import annotations

from uuid import UUID

from hypothesis import strategies as st
from hypothesis.stateful import precondition, rule

from commands.scaling.resize_server import ConfirmResize, ResizeServer, RevertResize
from domain.server import Mode
from tests.commands.model import expecting
from tests.commands.model.accounts import Account, Job, Kind
from tests.commands.model.catalogue import FLAVORS
from tests.commands.model.machine import Region, one_of
from tests.commands.model.operating import PICK
from tests.kit.examples import DEADLINE


class Resizing(Region):
    def resized(self) -> list[UUID]:
        return [server for server in self.alive() if self.books.servers[server].was]

    @precondition(lambda self: self.alive())
    @rule(pick=PICK, flavor=st.sampled_from(sorted(FLAVORS)))
    def resize(self, pick: int, flavor: str) -> None:
        server, job = one_of(self.idle() or self.alive(), pick), self.new_id()
        one = self.books.servers[server]
        to = self.catalogue.kind(flavor, one.image)
        wish = ResizeServer(server=server, flavor=flavor, operation=job, deadline=DEADLINE)
        if self.expect(expecting.resize(self.books, one, to), wish):
            self._begin(one, job, to)
            self.decided_within_its_room()
            self.within_its_limits()

    @precondition(lambda self: self.alive())
    @rule(pick=PICK)
    def confirm(self, pick: int) -> None:
        server = one_of(self.resized() or self.alive(), pick)
        one = self.books.servers[server]
        if self.expect(expecting.confirmation(one), ConfirmResize(server=server)):
            one.was = None

    @precondition(lambda self: self.alive())
    @rule(pick=PICK)
    def revert(self, pick: int) -> None:
        server, job = one_of(self.resized() or self.alive(), pick), self.new_id()
        one = self.books.servers[server]
        wish = RevertResize(server=server, operation=job, deadline=DEADLINE)
        if self.expect(expecting.reversion(one), wish):
            assert one.was
            self._begin(one, job, one.was, reverts=True)

    def _begin(self, one: Account, job: UUID, to: Kind, *, reverts: bool = False) -> None:
        mode: Mode = "stopped" if one.power == "stopped" else "restart"
        one.job = Job(
            job,
            "scale",
            to.room,
            mode,
            "restart",
            counted_before=one.counted,
            resize=to,
            reverts=reverts,
        )
