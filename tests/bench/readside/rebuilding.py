"""Read models built from nothing, out of a long log."""

from __future__ import annotations

from collections.abc import Iterator

from tests.bench.kit.bench import Bench
from tests.bench.kit.big_log import big_log
from tests.bench.kit.row import Budget, Row


def measure(bench: Bench) -> Iterator[Row]:
    log = bench.kept(big_log)
    for what, seconds in (("servers, operations, limits", log.rows), ("history", log.history)):
        yield Row(
            what=f"{what} from {log.facts:,} facts",
            figure=log.facts / seconds,
            unit="/s",
            peer=log.facts / log.reading,
            peer_is="only read",
            budget=Budget(least=50_000),
        )
