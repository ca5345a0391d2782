"""`python -m tests.bench`: how fast it is, against its peers, on this machine."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterable
from contextlib import ExitStack, nullcontext
from typing import Annotated

from cyclopts import App, Parameter
from rich.console import Console

from tests.bench.domain import planning
from tests.bench.http import compute_door, cycle, limits_http, noisy_neighbour, scale_http
from tests.bench.kit import report
from tests.bench.kit.bench import Bench, Measurement
from tests.bench.kit.conditions import conditions
from tests.bench.kit.row import Row
from tests.bench.kit.sampling import PROFILE, sampled
from tests.bench.log import loading, sequencer, single
from tests.bench.readside import lag, rebuilding, start
from tests.kit.postgres import serving

MEASUREMENTS: dict[str, Measurement] = {
    "sequencer": sequencer.measure,
    "single": single.measure,
    "scale": scale_http.measure,
    "limits": limits_http.measure,
    "compute": compute_door.measure,
    "cycle": cycle.measure,
    "noisy": noisy_neighbour.measure,
    "lag": lag.measure,
    "rebuild": rebuilding.measure,
    "start": start.measure,
    "loading": loading.measure,
    "planning": planning.measure,
}

app = App(help=__doc__)


@app.default
def main(
    *,
    only: Annotated[list[str], Parameter(negative="")] | None = None,
    profile: str | None = None,
    quick: bool = False,
    markdown: bool = False,
    json: bool = False,
) -> int:
    """Measure, and print one table. Ends with 1 where a budget is not kept.

    Parameters
    ----------
    only: the measurements to take, by name; all of them otherwise.
    profile: take this measurement alone, and show where its time goes.
    quick: in a minute or two, with more noise and a smaller log.
    markdown: print the table as Markdown.
    json: print everything as JSON.
    """
    names = [profile] if profile else only or list(MEASUREMENTS)
    if unknown := set(names) - set(MEASUREMENTS):
        print(f"No such measurement: {', '.join(unknown)}. There are: {', '.join(MEASUREMENTS)}.")
        return 2
    with ExitStack() as stack:
        server = stack.enter_context(serving())
        known = conditions(server.dsn)
        rows = _taken(Bench(server, stack, quick=quick), names, profile=bool(profile))
    if markdown:
        print(report.markdown(known, rows))
    elif json:
        print(report.as_json(known, rows))
    else:
        report.table(known, rows)
    return int(any(row.met is False for row in rows))


def _taken(bench: Bench, names: Iterable[str], *, profile: bool) -> list[Row]:
    rows = []
    if profile:
        os.environ[PROFILE] = "1"  # for the processes that the measurement starts
    with sampled() if profile else nullcontext():
        for name in names:
            for row in MEASUREMENTS[name](bench):
                rows.append(row)
                _tell(name, row)
    return rows


def _tell(name: str, row: Row) -> None:
    what, figure, peer, ratio, *_ = row.cells()
    Console(file=sys.stderr, highlight=False).print(f"{name:>10}  {what}: {figure}  {ratio} {peer}")


if __name__ == "__main__":
    sys.exit(app())
