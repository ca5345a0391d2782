"""A leader that is busy with what writes nothing leads on: it renews its term all the same."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import suppress
from uuid import UUID, uuid4

import psycopg
import pytest

from commands.operations.give_up_operation import GiveUpOperation
from domain.shared.errors import NotFound
from tests.kit.region import Region, regions

RENEWED = "SELECT renewed FROM term"
TERMS = 3


@pytest.fixture
def region(database: str) -> Iterator[Region]:
    with regions(database) as new:
        yield new(leader_lease_seconds=2.0).leading()


def test_commands_that_are_all_refused_do_not_keep_it_from_renewing(region: Region) -> None:
    """After its lease it said that it was cut off, and answered 503."""
    nothing = GiveUpOperation(server=uuid4(), operation=uuid4(), reason="")
    seen: set[object] = set()
    with psycopg.connect(region.dsn, autocommit=True) as sql:
        while len(seen) < TERMS:
            with suppress(NotFound):  # which the sequencer finds; anything else fails the test
                region.process.sequencer.call(nothing, by="", because=UUID(int=0))
            seen.add(sql.execute(RENEWED).fetchone())
    assert region.process.leads()
