"""What stands in a path or a query is right, or it is a 400 that says what would be."""

from __future__ import annotations

from typing import Any

import pytest

from adapters.texts import WORDS
from tests.adapters.http.native.test_problems import told
from tests.kit.region import OWN, Region

LIMITS = f"/v1/projects/{OWN}/limits"


@pytest.mark.parametrize(
    ("path", "says"),
    [
        ("/v1/servers?limit=0", 'limit is "0", but must be a whole number of at least 1.'),
        ("/v1/servers?limit=x", 'limit is "x", but must be a whole number.'),
        (
            f"{LIMITS}?as_of=abc",
            (
                'as_of is "abc", but must be '
                "a position of the log, or a time as in 2026-01-31T12:00:00Z."
            ),
        ),
        (
            "/v1/projects/a%20b/limits",
            (
                'project is "a b", but must be '
                "letters, digits and any of . _ : @ - behind the first of them."
            ),
        ),
        (
            f"{LIMITS}?asof=3",
            "The query has no parameter 'asof' here: there are after, as_of.",
        ),
        (
            "/v1/operations?state=lost",
            (
                'state is "lost", but must be one of: '
                "cancelled, failed, open, partly, succeeded, unknown."
            ),
        ),
        (f"{LIMITS}?after=-1", 'after is "-1", but must be a whole number of at least 0.'),
        ("/v1/operations?server=x", 'server is "x", but must be a UUID.'),
        ("/v1/lanes?limit=3", "The query has no parameter 'limit' here: it takes none."),
        ("/v1/servers?limit=3&limit=4", "The query has 'limit' more than once."),
        # A NUL, which PostgreSQL does not keep.
        ("/v1/usage?cursor=AA", "The cursor is not one that was given out."),
        ("/v1/usage?cursor=YQBi", "The cursor is not one that was given out."),
    ],
)
def test_a_wrong_parameter_is_told_with_what_would_be_right(
    shared: Region, path: str, says: str
) -> None:
    answer = shared.get(path)
    name = "body-invalid" if "cursor" in path else "request-invalid"
    assert told(answer, 400, name)["detail"] == says


@pytest.mark.parametrize(
    ("path", "body", "says"),
    [
        (
            "/v1/server-groups",
            {"name": "g", "policy": "nope", "project": OWN},
            (
                'policy is "nope", but must be one of: '
                "affinity, anti-affinity, soft-affinity, soft-anti-affinity."
            ),
        ),
        (
            "/v1/scales",
            {"scales": [{"server": "6695eb01-f6a4-8304-79aa-97f2502e193f", "consent": "so"}]},
            'scales[0].consent is "so", but must be one of: live, migrate, restart.',
        ),
        (
            "/v1/server-groups",
            {"name": "a\nb", "policy": "affinity", "project": OWN},
            'name is "a\\nb", but must be a text without control characters.',
        ),
    ],
)
def test_a_wrong_field_of_a_body_is_told_with_what_would_be_right(
    shared: Region, path: str, body: Any, says: str
) -> None:
    assert told(shared.post(path, body), 400, "body-invalid")["detail"] == says


def _patterns(of: Any) -> set[str]:
    """All that stand anywhere in a document; headers have words of their own."""
    if isinstance(of, list):
        return {one for part in of for one in _patterns(part)}
    if not isinstance(of, dict) or of.get("in") == "header":
        return set()
    own = {of["pattern"]} if isinstance(of.get("pattern"), str) else set()
    return own.union(*(_patterns(part) for part in of.values()))


def test_every_pattern_has_words(shared: Region) -> None:
    described = shared.get("/v1/openapi.json").json()
    relays = {"report_outcomes", "report_observations"}
    paths = {
        path: methods
        for path, methods in described["paths"].items()
        if not {one.get("operationId") for one in methods.values()} & relays
    }
    assert _patterns(paths)
    assert _patterns(paths) <= WORDS.keys()
    assert _patterns(described["components"]) <= WORDS.keys()
