"""Every problem that callers are told, as status, title and detail.

The texts stand in ``__snapshots__``; ``make texts`` writes them anew, for a review to approve.
"""

from __future__ import annotations

from collections import defaultdict

import msgspec
import pytest

from adapters.http.native.problems import problem
from domain.shared.errors import Refused
from domain.shared.refusal import kind_of
from tests.texts.refusals import REFUSALS


def by_kind() -> dict[str, list[Refused]]:
    found: defaultdict[str, list[Refused]] = defaultdict(list)
    for refused in REFUSALS:
        found[kind_of(type(refused))].append(refused)
    return found


def read(exception: Exception) -> str:
    told = msgspec.json.decode(problem(exception).body)
    return f"{told['status']} {told['title']}: {told['detail']}"


@pytest.mark.parametrize("kind", by_kind())
def test_a_refusal_reads_as_approved(kind: str, snapshot: object) -> None:
    assert "\n".join(read(one) for one in by_kind()[kind]) == snapshot


def test_every_refusal_has_an_example() -> None:
    assert {type(one) for one in REFUSALS} == set(Refused.__subclasses__())
