"""The lines that regions inside the test's process log of requests, as they were written."""

from __future__ import annotations

from collections.abc import Iterator, MutableMapping
from contextlib import contextmanager
from typing import Any
from uuid import UUID

import structlog

from tests.kit.region import Answer, until

Line = MutableMapping[str, Any]


@contextmanager
def logged(count: int) -> Iterator[list[Line]]:
    """That many lines with a request's id; they are there once the block is left, for an answer may
    come before its line."""
    found: list[Line] = []
    with structlog.testing.capture_logs() as lines:
        yield found
        until(lambda: sum("request_id" in line for line in lines) >= count)
    found += [line for line in lines if "request_id" in line]


def shown_id(answer: Answer) -> UUID:
    """The request's id, as its caller sees it."""
    shown = answer.headers.get("x-request-id") or answer.headers["x-openstack-request-id"]
    return UUID(shown.removeprefix("req-"))
