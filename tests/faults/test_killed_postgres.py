"""PostgreSQL is killed again and again under load; the serving process outlives it."""

from __future__ import annotations

import random
import shutil
import tempfile
from collections.abc import Iterator
from pathlib import Path
from time import sleep
from uuid import uuid4

import pytest

from adapters.demo.postgres.postgres import EmbeddedPostgres
from tests.faults import region
from tests.faults.load import Load
from tests.faults.processes import Serving, wait_until
from tests.faults.truth import Truth

pytestmark = pytest.mark.takes(35)

KILLS = 10
SEED = random.randrange(2**32)


@pytest.fixture
def postgres_to_kill() -> Iterator[EmbeddedPostgres]:
    """One of its own; the account it runs as must be able to enter the folder."""
    with tempfile.TemporaryDirectory(prefix="ullage-fault-") as folder:
        Path(folder).chmod(0o755)
        postgres = EmbeddedPostgres(Path(folder) / "postgres")
        try:
            with postgres:
                yield postgres
        finally:
            shutil.rmtree(postgres.folder, ignore_errors=True)


def test_nothing_acknowledged_is_lost_when_postgres_is_killed_ten_times(
    postgres_to_kill: EmbeddedPostgres, tmp_path: Path
) -> None:
    print(f"seed {SEED}")
    chance = random.Random(SEED)
    dsn = postgres_to_kill.dsn
    servers = [uuid4() for _ in range(16)]
    tokens = region.prepare(dsn)
    host = region.host_of(servers, tmp_path)
    serving = Serving(region.environment(dsn, {"host-1": host}), tmp_path)
    serving.start()
    try:
        serving.until("leading")
        region.adopt(serving.api, servers, tokens.admin)
        with Load(
            lambda: [serving.api], servers, member=tokens.member, service=tokens.service
        ) as load:
            for _ in range(KILLS):
                _kill(postgres_to_kill, load, chance)
                assert postgres_to_kill.dsn == dsn
                serving.until("leading")
        assert serving.runs
    finally:
        serving.stop()
    print(f"{KILLS} kills, {len(load.acknowledged)} acknowledged")
    truth = Truth(dsn)
    truth.check()
    assert set(load.acknowledged) == set(truth.scales())


def _kill(postgres: EmbeddedPostgres, load: Load, chance: random.Random) -> None:
    done = len(load.acknowledged)
    some = chance.randrange(1, 60)
    wait_until(lambda: len(load.acknowledged) >= done + some, what="work goes on")
    sleep(chance.random() / 50)  # somewhere between two commits: that is the point
    postgres.kill()
    postgres.start()
