"""A refusal that every reader understands, and that tells nothing of the libraries behind it."""

from __future__ import annotations

import re

from tests.kit.region import Answer

_LIBRARY = re.compile(r"`|\$\.|Expected|Object |Invalid|regex|Traceback")


def assert_refused(answer: Answer, *statuses: int) -> None:
    problem = answer.json()
    assert answer.headers["content-type"] == "application/problem+json"
    assert answer.status_code == problem["status"]
    assert answer.status_code in statuses, answer.text
    assert problem["type"].startswith("urn:ullage:problem:")
    assert problem["title"]
    assert problem["detail"]
    assert not re.search(r"`|\$\.|Expected|Object |Invalid|regex|Traceback", answer.text), (
        answer.text
    )
