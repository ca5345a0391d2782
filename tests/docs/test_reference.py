"""The reference pages say what the code says now."""

from __future__ import annotations

import pytest

from adapters.http.gateway.statuses import STATUS
from adapters.settings import Settings
from domain.shared.refusal import kind_of
from tests.docs.generate import pages, policy, problems, settings
from tests.docs.generate.remedies import REMEDIES
from tests.docs.generate.sources import described

AGAIN = "run `make docs`, look at what has changed, and commit it"


def test_reference_pages_are_current(database: str) -> None:
    document = described(database)
    old = [
        name for name in pages.NAMES if pages.file(name).read_text() != pages.made(name, document)
    ]
    assert old == [], AGAIN


def test_every_problem_says_what_to_do() -> None:
    kinds = {kind_of(kind) for kind in STATUS}
    assert kinds - REMEDIES.keys() == set(), "say what to do in tests/docs/generate/remedies.py"
    assert REMEDIES.keys() - kinds == set(), "there is no such problem (any more): take it out"


def test_every_problem_says_what_it_means() -> None:
    assert [kind_of(kind) for kind in STATUS if not problems.meaning(kind)] == []


def test_every_setting_says_what_it_means() -> None:
    assert settings.meanings().keys() == set(Settings.__struct_fields__)


@pytest.mark.parametrize("rule", policy.parsed(), ids=lambda rule: rule.name)
def test_every_rule_says_what_it_is_for(rule: policy.Rule) -> None:
    assert rule.said.strip()
