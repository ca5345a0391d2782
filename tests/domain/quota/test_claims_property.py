"""Whatever happens to a server, its project holds at least what the server really has."""

from __future__ import annotations

from collections.abc import Sequence
from uuid import UUID

from hypothesis import HealthCheck, assume, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule
from msgspec.structs import replace

from domain.quota import ProjectQuota, QuotaClaimed, QuotaReleased, claims
from domain.scaling.assess import Scale
from domain.scaling.plan import Plan, plan
from domain.scaling.route import choose_route
from domain.server import ScaleRequested, Seen, Server, ServerChange, ending, scaling
from domain.shared.errors import Refused
from domain.shared.events import Event
from domain.shared.resources import NOTHING, Amounts, held, minus, plus
from domain.shared.size import Size
from tests.domain.hosts.hosts import Region, room
from tests.domain.quota.quotas import of_project, path
from tests.kit.examples import ADOPTED, DEADLINE, DECLARED, ENVELOPE, GUEST, HOST, SERVER

STEP = 512
FOR = claims.For(server=SERVER)
HOSTS = Region(host_1=room(capacity=Size(14, 50_000)))
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
        self.count(*self.claims(held(size)))

    @rule(to=ANY | REACHABLE)
    def scale(self, to: Size) -> None:
        planned = self.plan(to)
        self.asked += 1
        try:
            asked = self.request(to)
            growth = scaling.growth(self.server, to)
            events = self.claims(growth)
        except Refused:
            assert planned.obstacles
            return
        assert planned.mode == "live"
        self.server = self.server.after(asked)
        self.count(*events)

    @precondition(lambda self: self.server.operation is not None)
    @rule(size=REACHABLE)
    def read_back_as_anything(self, size: Size) -> None:
        self.end(self.read_back(size))

    @precondition(lambda self: self.server.operation is not None)
    @rule()
    def confirm(self) -> None:
        assert self.server.operation
        to = self.server.operation.to
        self.end(self.read_back(to))

    @precondition(lambda self: self.server.operation is not None)
    @rule()
    def fail(self) -> None:
        self.end(ending.failed(self.server, "no room"))

    @precondition(lambda self: self.server.operation and not self.server.operation.undecided)
    @rule()
    def give_up(self) -> None:
        self.server = self.server.after(ending.given_up(self.server, "silent"))

    @precondition(lambda self: self.server.operation and self.server.operation.undecided)
    @rule()
    def resolve(self) -> None:
        assert self.server.operation
        asked = ending.look_again(self.server, self.server.operation.id, DEADLINE)
        self.server = self.server.after(asked)

    @precondition(lambda self: self.server.operation is None)
    @rule(to=ANY)
    def what_would_fit_is_accepted(self, to: Size) -> None:
        nearest = self.plan(to).nearest
        assert nearest is None or self.plan(nearest).mode == "live"

    @invariant()
    def no_less_is_claimed_than_is_real(self) -> None:
        assert all(
            left >= 0 for left in minus(self.server.claimed(), held(self.server.size)).values()
        )

    @invariant()
    def what_was_claimed_and_released_adds_up(self) -> None:
        assert self.folded == self.server.claimed() == self.quota.used

    def plan(self, to: Size) -> Plan:
        return plan(Scale(server=self.server, quota=path(self.quota), to=to, hosts=HOSTS))

    def request(self, to: Size) -> ScaleRequested:
        for obstacle in (
            *scaling.obstacles(self.server, to),
            *scaling.live_obstacles(self.server, to),
        ):
            raise obstacle
        choose_route(self.server, to, HOSTS, limits=())
        return scaling.request(
            self.server, to=to, operation=UUID(int=self.asked), deadline=DEADLINE
        )

    def claims(self, amounts: Amounts) -> Sequence[Event]:
        return of_project(claims.claim(path(self.quota), amounts, FOR))

    def read_back(self, size: Size) -> ServerChange:
        now = Seen(
            host=HOST, size=size, power="running", guest=GUEST, envelope=self.server.envelope
        )
        (outcome,) = ending.read_back(self.server, "reconfigure", now, "as it came")
        return outcome

    def end(self, outcome: ServerChange) -> None:
        claimed = self.server.claimed()
        self.server = self.server.after(outcome)
        real = held(self.server.size)
        self.count(*of_project(claims.settle(path(self.quota), claimed, real, FOR)))

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
