"""Every problem that callers are told, as status, title and detail.

The texts stand in ``__snapshots__``; ``make texts`` writes them anew, for a review to approve.
"""

from __future__ import annotations

from collections import defaultdict

import msgspec
import pytest

from adapters.http.gateway.statuses import STATUS
from adapters.http.native.problems import problem, type_of
from tests.texts.failures import FAILURES
from tests.texts.refusals import REFUSALS


def by_type() -> dict[str, list[Exception]]:
    found: defaultdict[str, list[Exception]] = defaultdict(list)
    for one in (*REFUSALS, *FAILURES, RuntimeError("a secret")):
        found[type_of(one).rpartition(":")[2]].append(one)
    return found


def read(exception: Exception) -> str:
    told = msgspec.json.decode(problem(exception).body)
    return f"{told['status']} {told['title']}: {told['detail']}"


@pytest.mark.parametrize("kind", by_type())
def test_a_problem_reads_as_approved(kind: str, snapshot: object) -> None:
    assert "\n".join(read(one) for one in by_type()[kind]) == snapshot


def test_every_problem_has_an_example() -> None:
    missing = set(STATUS) - {type(one) for one in (*REFUSALS, *FAILURES)}
    assert missing == set(), "add one to tests/texts/refusals.py, then run `make texts`"


def test_no_example_is_of_a_problem_without_a_status() -> None:
    unknown = {type(one) for one in (*REFUSALS, *FAILURES)} - set(STATUS)
    assert unknown == set(), "give it one in adapters/http/gateway/statuses.py"
