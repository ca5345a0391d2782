"""The serving process is killed again and again under load; another stands by."""

from __future__ import annotations

import random
from contextlib import nullcontext
from pathlib import Path
from time import sleep
from uuid import uuid4

import psycopg
import pytest

from tests.faults import region
from tests.faults.load import Load
from tests.faults.pair import Pair
from tests.faults.processes import wait_until
from tests.faults.truth import Truth

pytestmark = pytest.mark.takes(30)

KILLS, ROUNDS = 50, 5
"""Rounds have a region of their own each, so that several run at the same time."""

SEED = random.randrange(2**32)


@pytest.mark.parametrize("of", range(ROUNDS))
def test_nothing_acknowledged_is_lost_when_the_leader_is_killed_fifty_times(
    database: str, tmp_path: Path, of: int
) -> None:
    print(f"seed {SEED + of}")
    chance = random.Random(SEED + of)
    servers = [uuid4() for _ in range(16)]
    tokens = region.prepare(database)
    host = region.host_of(servers, tmp_path)
    environ = region.environment(
        database, {"host-1": host}, ULLAGE_OPERATION_SECONDS="20", ULLAGE_TOKEN=tokens.service
    )
    with Pair(environ, tmp_path) as pair:
        region.adopt(pair.leader().api, servers, tokens.admin)
        load = Load(pair.apis, servers, member=tokens.member, service=tokens.service)
        with load:
            takeovers = []
            for turn in range(KILLS // ROUNDS):
                takeovers.append(_kill(pair, load, chance))
                # Every fifth comes back amid the load, the others while it rests: sooner.
                with nullcontext() if turn % 5 == 0 else load.resting():
                    pair.complete()
        _all_end(database)
    print(f"{len(load.acknowledged)} acknowledged, takeovers in {max(takeovers):.1f} s at most")
    truth = Truth(database)
    truth.check()
    assert set(load.acknowledged) == set(truth.scales())
    assert len(load.acknowledged) == len(truth.scales())


def _kill(pair: Pair, load: Load, chance: random.Random) -> float:
    """Kill the leader at a random moment of its work; how long until the other led (seconds)."""
    done = len(load.acknowledged)
    some = chance.randrange(1, 40)
    wait_until(lambda: len(load.acknowledged) >= done + some, what="work goes on")
    sleep(chance.random() / 50)  # somewhere between two commits: that is the point
    victim = pair.leader()
    victim.kill()
    other = next(one for one in pair.both if one is not victim)
    return wait_until(lambda: other.role() == "leading", what="the other leads", log=other.log)


def _all_end(database: str) -> None:
    """No operation is left open past its deadline, whoever was killed."""
    with psycopg.connect(database, autocommit=True) as connection:
        wait_until(lambda: not _open(connection), what="every operation has ended")


def _open(connection: psycopg.Connection) -> int:
    """What is open stands in the outbox, until the fact that ends it."""
    row = connection.execute("SELECT count(*) FROM outbox").fetchone()
    assert row
    return int(row[0])
