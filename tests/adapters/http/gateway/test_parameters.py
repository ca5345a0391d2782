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
        ("/v1/servers?limit=0", "limit: Expected `int` >= 1."),
        ("/v1/servers?limit=x", "limit: Expected `int`, got `str`."),
        (
            f"{LIMITS}?as_of=abc",
            "as_of: Expected a position of the log, or a time as in 2026-01-31T12:00:00Z.",
        ),
        (
            "/v1/projects/a%20b/limits",
            "project: Expected letters, digits and any of . _ : @ - behind the first of them.",
        ),
        (
            f"{LIMITS}?asof=3",
            "The query has no parameter 'asof' here: there are after, as_of.",
        ),
        ("/v1/lanes?limit=3", "The query has no parameter 'limit' here: it takes none."),
        ("/v1/servers?limit=3&limit=4", "The query has 'limit' more than once."),
        # A NUL, which PostgreSQL does not keep.
        ("/v1/usage?cursor=AA", "The cursor is not one that was given out."),
        ("/v1/usage?cursor=YQBi", "The cursor is not one that was given out."),
    ],
)
def test_what_is_wrong_is_said_and_what_would_be_right(
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
                "Invalid enum value 'nope' - at `$.policy`: "
                "affinity, anti-affinity, soft-affinity, soft-anti-affinity."
            ),
        ),
        (
            "/v1/scales",
            {"scales": [{"server": "6695eb01-f6a4-8304-79aa-97f2502e193f", "consent": "so"}]},
            "Invalid enum value 'so' - at `$.scales[0].consent`: live, migrate, restart.",
        ),
        (
            "/v1/server-groups",
            {"name": "a\nb", "policy": "affinity", "project": OWN},
            "Expected a text without control characters - at `$.name`.",
        ),
    ],
)
def test_so_it_is_in_a_body(shared: Region, path: str, body: Any, says: str) -> None:
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
