"""Whatever happens to a server, its project holds at least what the server really has."""

from __future__ import annotations

from uuid import UUID

from hypothesis import HealthCheck, assume, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule
from msgspec.structs import replace

from domain.errors import Refused
from domain.events import Event
from domain.plan import plan
from domain.quota import ProjectQuota, QuotaClaimed, QuotaReleased
from domain.resources import NOTHING, Amounts, held, minus, plus
from domain.server import OutcomeUnknown, ScaleOutcome, Server
from domain.size import Size
from tests.examples import ADOPTED, DEADLINE, DECLARED, ENVELOPE, GUEST, PROJECT, SERVER

STEP = 512
LIMITS = {"instances": 1, "cores": 12, "ram": 40_960}
REACHABLE = st.builds(Size, st.integers(1, 16), st.integers(2, 128).map(lambda n: n * STEP))
ANY = st.builds(Size, st.integers(0, 20), st.integers(0, 80_000))


class Claims(RuleBasedStateMachine):
    """One server and its project's quota, decided on as the commands do it."""

    @initialize(size=REACHABLE)
    def adopt(self, size: Size) -> None:
        envelope = replace(ENVELOPE, memory_step_mib=STEP)
        self.asked = 0
        self.folded: Amounts = dict(NOTHING)
        self.quota = ProjectQuota(limits=LIMITS)
        self.server = Server.begin(replace(ADOPTED, size=size, envelope=envelope)).after(DECLARED)
        assume(held(size)["cores"] <= LIMITS["cores"] and held(size)["ram"] <= LIMITS["ram"])
        self.count(self.quota.claim(PROJECT, held(size), defaults={}, server=SERVER))

    @rule(to=ANY | REACHABLE)
    def scale(self, to: Size) -> None:
        planned = plan(self.server, self.quota, defaults={}, to=to)
        self.asked += 1
        try:
            asked = self.server.scale(to=to, operation=UUID(int=self.asked), deadline=DEADLINE)
            growth = self.server.growth(to)
            claim = self.quota.claim(PROJECT, growth, defaults={}, server=SERVER)
        except Refused:
            assert planned.obstacles
            return
        assert planned.mode == "live"
        self.server = self.server.after(asked)
        if growth:
            self.count(claim)

    @precondition(lambda self: self.server.operation is not None)
    @rule(size=REACHABLE)
    def read_back_as_anything(self, size: Size) -> None:
        self.end(self.server.confirm(size, GUEST, self.server.envelope, "as it came"))

    @precondition(lambda self: self.server.operation is not None)
    @rule()
    def confirm(self) -> None:
        assert self.server.operation
        to = self.server.operation.to
        self.end(self.server.confirm(to, GUEST, self.server.envelope, ""))

    @precondition(lambda self: self.server.operation is not None)
    @rule()
    def fail(self) -> None:
        self.end(self.server.fail("no room"))

    @precondition(lambda self: self.server.operation and not self.server.operation.undecided)
    @rule()
    def give_up(self) -> None:
        gone: OutcomeUnknown = self.server.give_up("silent")
        self.server = self.server.after(gone)

    @precondition(lambda self: self.server.operation and self.server.operation.undecided)
    @rule()
    def resolve(self) -> None:
        assert self.server.operation
        asked = self.server.read_back(self.server.operation.id, DEADLINE)
        self.server = self.server.after(asked)

    @precondition(lambda self: self.server.operation is None)
    @rule(to=ANY)
    def what_would_fit_is_accepted(self, to: Size) -> None:
        nearest = plan(self.server, self.quota, defaults={}, to=to).nearest
        assert plan(self.server, self.quota, defaults={}, to=nearest).mode == "live"

    @invariant()
    def no_less_is_claimed_than_is_real(self) -> None:
        assert all(
            left >= 0 for left in minus(self.server.claimed(), held(self.server.size)).values()
        )

    @invariant()
    def what_was_claimed_and_released_adds_up(self) -> None:
        assert self.folded == self.server.claimed() == self.quota.used

    def end(self, outcome: ScaleOutcome) -> None:
        settled = self.quota.settle(
            PROJECT, claimed=self.server.claimed(), real=held(outcome.size), server=SERVER
        )
        self.server = self.server.after(outcome)
        self.count(*settled)

    def count(self, *events: Event) -> None:
        for event in events:
            assert isinstance(event, QuotaClaimed | QuotaReleased)
            add = plus if isinstance(event, QuotaClaimed) else minus
            self.folded = add(self.folded, event.amounts)
            self.quota = self.quota.after(event)


Claims.TestCase.settings = settings(
    max_examples=100,
    stateful_step_count=30,
    # However busy the machine is.
    deadline=None,
    suppress_health_check=[HealthCheck.too_slow],
)
TestClaims = Claims.TestCase
