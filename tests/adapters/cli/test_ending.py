"""Exit codes say what kind of problem it was."""

import pytest

from adapters.cli.kit.ending import AWAY, CONFLICT, CONSENT, PREFIX, REFUSED, UNFORESEEN, code_of
from adapters.http.gateway.statuses import STATUS
from adapters.http.native.problems import problem, type_of
from domain.shared.errors import NeedsRestart
from domain.shared.size import Size


@pytest.mark.parametrize(
    ("slug", "status", "code"),
    [
        ("quota-exceeded", 403, REFUSED),
        ("quota-below-usage", 409, REFUSED),
        ("above-ceiling", 422, REFUSED),
        ("not-scalable", 409, REFUSED),
        ("not-found", 404, REFUSED),
        ("unauthenticated", 401, REFUSED),
        ("scale-in-progress", 409, CONFLICT),
        ("outcome-undecided", 409, CONFLICT),
        ("already-adopted", 409, CONFLICT),
        ("stale-version", 412, CONFLICT),
        ("key-reused", 422, CONFLICT),
        ("nothing-to-cancel", 409, CONFLICT),
        ("drift-open", 409, CONFLICT),
        ("stale-plan", 412, CONFLICT),
        ("no-valid-host", 409, REFUSED),
        ("power-forbids", 409, REFUSED),
        ("needs-restart", 409, CONSENT),
        ("needs-migration", 409, CONSENT),
        ("no-memory-slot", 409, CONSENT),
        ("not-leader", 503, AWAY),
        ("unreachable", 503, AWAY),
        ("outcome-unknown", 504, AWAY),
        ("internal", 500, UNFORESEEN),
    ],
)
def test_an_exit_code_follows_from_the_problem(slug: str, status: int, code: int) -> None:
    assert code_of(f"{PREFIX}{slug}", status) == code


def test_every_foreseen_problem_has_a_code_of_its_kind() -> None:
    assert {code_of("", status) for status in STATUS.values()} <= {REFUSED, AWAY}


def test_problem_types_have_the_apis_prefix() -> None:
    size = Size(1, 512)
    refused = NeedsRestart(asked=size, floor=size, ceiling=size)
    assert code_of(type_of(refused), problem(refused).status) == CONSENT
