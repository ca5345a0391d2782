"""What a plan says is what becomes of the scale, and the size that it recommends is accepted.

The plan is answered from the read models, the scale is decided on the log; both have folded the
same facts by themselves. ULLAGE_TEST_CASES in the environment is another number of cases.
"""

from __future__ import annotations

import os
from collections import Counter
from collections.abc import Iterator
from random import Random
from typing import NamedTuple, get_args
from uuid import UUID

import pytest

from adapters.readside.scales import scale_of
from commands.command import Decision
from commands.scaling.scale_server import ScaleAccepted, ScaleServer
from domain.quota import QuotaClaimed
from domain.scaling.plan import Plan, plan
from domain.server import Consent
from domain.shared.errors import NoValidHost, QuotaExceeded, Refused, StalePlan
from domain.shared.refusal import kind_of
from domain.shared.resources import Amounts
from domain.shared.ruled_out import RuleOutReason
from domain.shared.size import Size
from tests.commands.kit.worlds import SERVERS, World
from tests.kit.examples import DEADLINE, OPERATION, PROJECT

CASES, PARTS, A_WORLD = int(os.environ.get("ULLAGE_TEST_CASES", "100000")), 10, 20
OUTCOMES = {
    "live", "migrate", "restart", "stopped", "scale-in-progress", "outcome-undecided",
    "drift-open", "resize-unconfirmed", "power-forbids", "not-scalable", "above-ceiling",
    "nothing-to-change", "quota-exceeded", "no-valid-host", "needs-restart", "misaligned",
    "no-memory-slot", "needs-migration", "stale-plan",
    "short of project", "short of user", "short of shared", "no host in place",
    "a nearest size", "no nearest size",
    *(f"ruled out by {reason}" for reason in get_args(RuleOutReason)),
}  # fmt: skip


class Case(NamedTuple):
    server: UUID
    to: Size
    consent: Consent
    plan: str


def cases(random: Random) -> Iterator[Case]:
    for _ in range(A_WORLD):
        vcpus = random.choice((1, 2, 3, 4, 5, 8, 16, 33))
        memory = random.choice((512, 1024, 2048, 3000, 4096, 5120, 8192, 12_288, 131_072))
        consent = random.choice(get_args(Consent))
        chosen = random.choice(("none", "none", "as planned", "another"))
        yield Case(random.choice(SERVERS), Size(vcpus, memory), consent, chosen)


def decide(
    world: World, server: UUID, to: Size, consent: Consent = "live", version: str | None = None
) -> Decision | Refused:
    command = ScaleServer(
        server=server,
        to=to,
        operation=OPERATION,
        deadline=DEADLINE,
        consent=consent,
        plan=version,
    )
    try:
        return command.decide(world.log)
    except Refused as e:
        return e


def look(world: World, case: Case) -> Counter[str]:
    """What the case came to, once it is sure that both sides agree on it."""
    row = world.models.servers.get(case.server)
    assert row is not None
    to = case.to
    if world.random.random() < 0.3:
        to = Size(to.vcpus, row.state.size.memory_mib)  # one dimension only
    made = plan(scale_of(world.models, row, to))
    version = {"as planned": made.version, "another": "0-00000000"}.get(case.plan)
    came = decide(world, case.server, to, case.consent, version)
    agrees(world, made, case.consent, came, stale=case.plan == "another")
    nearest_is_accepted(world, case.server, made)
    return outcomes(made, came)


def agrees(
    world: World, made: Plan, consent: Consent, came: Decision | Refused, *, stale: bool
) -> None:
    if made.mode not in {"live", "stopped", consent}:
        first = made.obstacles[0]
        assert isinstance(came, Refused)
        assert type(came) is type(first)
        assert without_fit(came) == without_fit(first)
        if isinstance(came, QuotaExceeded | NoValidHost):
            assert came.would_fit == made.nearest
    elif stale:
        assert isinstance(came, StalePlan)
        assert came.current == made.version
    else:
        assert isinstance(came, Decision)
        assert isinstance(came.reply, ScaleAccepted)
        assert (came.reply.mode, came.reply.to_host) == (made.mode, made.to_host)
        assert used_after(world, came) == most(made.used, made.used_after)


def without_fit(refused: Refused) -> dict[str, object]:
    return {name: value for name, value in vars(refused).items() if name != "would_fit"}


def used_after(world: World, decision: Decision) -> Amounts:
    claims = [c.event for c in decision.changes if isinstance(c.event, QuotaClaimed)]
    own = [one.used for one in claims if one.project == PROJECT]
    return own[-1] if own else world.used()


def most(used: Amounts, after: Amounts) -> Amounts:
    """What shrinks is given back once that is confirmed."""
    return {name: max(amount, after[name]) for name, amount in used.items()}


def nearest_is_accepted(world: World, server: UUID, made: Plan) -> None:
    """And nothing that lies nearer would be, nor anything at all where none is named."""
    if (nearest := made.nearest) is not None:
        assert isinstance(decide(world, server, nearest), Decision)
        assert nearest == made.to or nearest != made.was
        assert between(made, nearest)
    for _ in range(2):
        other = somewhere(world.random, made)
        if other != made.was and isinstance(decide(world, server, other), Decision):
            assert nearest is not None
            assert away(made, nearest.vcpus, nearest.memory_mib, other)


def somewhere(random: Random, made: Plan) -> Size:
    """A size on the way, in whole steps or not, perhaps in one dimension only."""
    least, largest = made.was.min_with(made.to), made.was.max_with(made.to)
    memory = random.randint(least.memory_mib, largest.memory_mib)
    whole = made.was.memory_mib + (memory - made.was.memory_mib) // 1024 * 1024
    vcpus = random.choice((made.was.vcpus, random.randint(least.vcpus, largest.vcpus)))
    kept = random.choice((made.was.memory_mib, memory, whole, made.to.memory_mib))
    return Size(vcpus, min(max(kept, least.memory_mib), largest.memory_mib))


def between(made: Plan, size: Size) -> bool:
    return made.was.min_with(made.to).fits(size) and size.fits(made.was.max_with(made.to))


def away(made: Plan, vcpus: int, memory_mib: int, other: Size) -> bool:
    """Whether it is as near to what was asked for as the other, in each dimension."""
    to = made.to
    cores = abs(to.vcpus - vcpus) <= abs(to.vcpus - other.vcpus)
    return cores and abs(to.memory_mib - memory_mib) <= abs(to.memory_mib - other.memory_mib)


def outcomes(made: Plan, came: Decision | Refused) -> Counter[str]:
    found = Counter([kind_of(type(came)) if isinstance(came, Refused) else made.mode])
    found["a nearest size" if made.nearest else "no nearest size"] += 1
    if isinstance(came, QuotaExceeded):
        found.update(f"short of {one.scope}" for one in came.shortages)
    if isinstance(came, NoValidHost):
        found.update(f"ruled out by {one.reason}" for one in came.ruled_out)
        found["no host in place"] += came.in_place
    return found


def of_worlds(seeds: range) -> Counter[str]:
    found = Counter[str]()
    for seed in seeds:
        world = World(seed)
        for case in cases(world.random):
            found.update(look(world, case))
    return found


@pytest.mark.parametrize("part", range(PARTS))
def test_plan_and_scale_agree_in_every_case(part: int) -> None:
    worlds = max(1, CASES // PARTS // A_WORLD)
    assert of_worlds(range(part * worlds, (part + 1) * worlds))


def test_every_outcome_is_among_the_cases() -> None:
    assert OUTCOMES - set(of_worlds(range(100_000, 100_250))) == set()
