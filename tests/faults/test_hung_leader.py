"""A leader that hangs, as a whole or at its line to PostgreSQL, is followed; nothing is lost."""

from __future__ import annotations

import signal
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory
from uuid import uuid4

import pytest
from psycopg.conninfo import conninfo_to_dict, make_conninfo

from tests.faults import region
from tests.faults.frozen_line import FrozenLine
from tests.faults.load import Load
from tests.faults.pair import Pair
from tests.faults.processes import Serving, wait_until
from tests.faults.truth import Truth

pytestmark = pytest.mark.takes(25)


class Hung:
    """A pair under load, and where its load goes."""

    def __init__(self, pair: Pair, load: Load, apis: list[str]) -> None:
        self.pair, self.load, self._apis = pair, load, apis

    def goes_on(self) -> None:
        """Work is acknowledged from now on, too."""
        done = len(self.load.acknowledged)
        wait_until(lambda: len(self.load.acknowledged) > done + 10, what="work goes on")

    def followed(self, silent: Serving) -> None:
        """The other leads, and takes all that is asked."""
        other = self.pair.other(silent)
        wait_until(lambda: other.role() == "leading", what="the other leads", log=other.log)
        self._apis[:] = [other.api]
        self.goes_on()


@contextmanager
def hung(database: str, folder: Path, **of_the_first: str) -> Iterator[Hung]:
    servers = [uuid4() for _ in range(8)]
    tokens = region.prepare(database)
    host = region.host_of(servers, folder)
    environ = region.environment(database, {"host-1": host}, ULLAGE_TOKEN=tokens.service)
    with Pair(environ, folder, **of_the_first) as pair:
        apis = pair.apis()
        region.adopt(pair.leader().api, servers, tokens.admin)
        with Load(lambda: apis, servers, member=tokens.member, service=tokens.service) as load:
            yield Hung(pair, load, apis)
    truth = Truth(database)
    truth.check()
    assert set(load.acknowledged) == set(truth.scales())
    assert len(load.acknowledged) == len(truth.scales())


def test_a_stopped_leader_is_followed_and_writes_nothing_when_it_wakes(
    database: str, tmp_path: Path
) -> None:
    with hung(database, tmp_path) as region_:
        region_.goes_on()
        stopped = region_.pair.leader()
        stopped.send(signal.SIGSTOP)
        try:
            region_.followed(stopped)
        finally:
            stopped.send(signal.SIGCONT)
        # Whatever it is asked at its first moment: it leads no more.
        assert stopped.role() in {"cut off", "following", None}
        stopped.until("following")
        assert "leads no more" in stopped.log.read_text()
        region_.goes_on()


def test_a_leader_whose_line_to_postgresql_freezes_is_followed(
    database: str, tmp_path: Path
) -> None:
    real = Path(str(conninfo_to_dict(database)["host"]))
    with TemporaryDirectory(prefix="ullage-") as name, FrozenLine(real, Path(name)) as line:
        through = make_conninfo(database, host=name)
        with hung(database, tmp_path, ULLAGE_DSN=through) as region_:
            region_.goes_on()
            frozen = region_.pair.leader()
            line.freeze()
            region_.followed(frozen)
            assert frozen.role() in {"cut off", "following", None}
            line.flow()
            frozen.until("following")
            region_.goes_on()
