"""Whatever is asked of a region, and whatever becomes of it: its books are right at every position.

Servers and their groups, hosts, flavors and policies, quotas of projects, of users and of trees
that change meanwhile, relays that answer late or twice or never, others who meddle, restarts and
replays, against a small model with an arithmetic of its own. 300 runs of 50 steps;
ULLAGE_TEST_RUNS in the environment is another number of runs.
"""

from __future__ import annotations

import os
from typing import Any
from uuid import UUID

import pytest
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import precondition, rule

from commands.command import Aggregate, Stream
from domain.catalogue.flavor import Flavor
from domain.catalogue.image import Image
from domain.catalogue.region_policy import RegionPolicy
from domain.hosts.host import Host
from domain.hosts.pool import Pool
from domain.hosts.server_group import ServerGroup
from domain.quota import ProjectQuota
from domain.server import Server
from tests.commands.model.catalogue import FLAVORS
from tests.commands.model.grouping import Grouping
from tests.commands.model.limiting import Limiting
from tests.commands.model.machine import PROJECTS, one_of
from tests.commands.model.operating import PICK
from tests.commands.model.out_of_band import OutOfBand
from tests.commands.model.relaying import Relaying, to_carry
from tests.commands.model.resizing import Resizing

pytestmark = pytest.mark.takes(20)

RUNS, STEPS = int(os.environ.get("ULLAGE_TEST_RUNS", "300")), 50

# An operation is carried in a few steps, and each of them ends within one deadline.
MOST_ROUNDS = 20

# One that was seen on another host, and deleted there, is missed once it is in the books there.
SWEEPS = 2

KINDS: dict[str, type[Aggregate]] = {
    kind.category: kind
    for kind in (Flavor, Host, Image, Pool, ProjectQuota, RegionPolicy, Server, ServerGroup)
}


class WholeRegion(Limiting, Grouping, Resizing, Relaying, OutOfBand):
    @rule(with_snapshots=st.booleans())
    def restart(self, *, with_snapshots: bool) -> None:
        self.desk.restart(with_snapshots=with_snapshots)

    @precondition(lambda self: self.idle() and self.books.groups)
    @rule(pick=PICK, group=PICK)
    def join_and_be_deleted(self, pick: int, group: int) -> None:
        """It is not missed in its group."""
        server = one_of(self.idle(), pick)
        self.join(group, self.alive().index(server))
        self.delete(self.alive().index(server))
        self._done(server)

    @precondition(lambda self: self.idle())
    @rule(pick=PICK, flavor=st.sampled_from(sorted(FLAVORS)), keep=st.booleans())
    def resize_and_decide(self, pick: int, flavor: str, *, keep: bool) -> None:
        server = one_of(self.idle(), pick)
        self.resize(self.idle().index(server), flavor)
        self._done(server)
        self.check()
        if server in self.resized():
            decide = self.confirm if keep else self.revert
            decide(self.resized().index(server))
            self._done(server)

    def _done(self, server: UUID) -> None:
        """What a relay is to carry for it, if anything, comes out as asked."""
        if server in (jobs := self.working(to_carry)):
            self.carry_and_tell(jobs.index(server), "done")

    @rule()
    def replay(self) -> None:
        """Folded from nothing it is the same as in memory."""
        folded: dict[str, Any] = {}
        for fact in self.desk.facts:
            kind = KINDS[fact.stream.partition(":")[0]]
            before = folded.get(fact.stream)
            state = before.state.after(fact.event) if before else kind.begin(fact.event)
            folded[fact.stream] = Stream(fact.stream, fact.version, state)
        for name, stream in folded.items():
            category, _, of = name.partition(":")
            assert self.desk.find(KINDS[category], of) == stream

    def teardown(self) -> None:
        if not hasattr(self, "books"):
            return
        self.every_operation_ends()
        for _ in range(SWEEPS):
            self.everything_seen_is_adopted()
        assert self.ledger.open == {}
        assert self.world.touched == set()
        for server, one in self.books.servers.items():
            if one.alive:
                assert self.world.guests.get(server) == one.guest
        for project in PROJECTS:
            quota = self.ledger.quota
            gone = [server for server, one in self.books.servers.items() if not one.alive]
            assert not any(sum(quota[project, server].values()) for server in gone)
        self.replay()

    def every_operation_ends(self) -> None:
        for _ in range(MOST_ROUNDS):
            if not self.working():
                return
            for server in self.working():
                one = self.books.servers[server]
                assert one.job
                if one.job.undecided:
                    self.resolve(pick=self.working().index(server))
                elif one.job.flying:
                    self.let_the_deadline_pass(pick=self.working().index(server))
                else:
                    self.carry_now(server)
                self.check()
        raise AssertionError("an operation never ended")

    def carry_now(self, server: Any) -> None:
        self.carry(
            pick=self.working(lambda job: not job.undecided and not job.flying).index(server),
            luck="done",
        )
        self.deliver(pick=0, times=1)

    def everything_seen_is_adopted(self) -> None:
        for server in self.alive():
            for at_home in (True, False):
                self.sweep(pick=self.alive().index(server), at_home=at_home, later=False)
            self.check()
            if self.books.servers[server].told:
                self.adopt_drift(pick=self.alive().index(server), force=True)
            self.check()

    def check(self) -> None:
        self.nothing_less_is_claimed_than_is_real()
        self.the_books_say_what_was_told()
        self.usage_is_what_the_servers_hold()


WholeRegion.TestCase.settings = settings(
    max_examples=RUNS,
    stateful_step_count=STEPS,
    # However busy the machine is.
    deadline=None,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.filter_too_much],
)
TestWholeRegion = WholeRegion.TestCase
