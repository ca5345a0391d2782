"""The door refuses what no server in front of it has refused."""

from __future__ import annotations

import asyncio
from typing import Any

import pytest

from tests.adapters.http.kit.served import OPEN, ROUTES, RULED
from tests.kit.region import Region


@pytest.mark.parametrize(
    ("length", "status"),
    [(b"65537", 413), (b"9" * 5000, 413), ("²".encode("latin-1"), 401), (b"-1", 401), (b"", 401)],
    ids=["too many", "5,000 digits", "a digit that is none", "negative", "nothing"],
)
def test_a_length_of_any_form_is_no_bug(shared: Region, length: bytes, status: int) -> None:
    assert asyncio.run(_status(shared, (b"content-length", length))) == status


@pytest.mark.parametrize("value", [b"\xff\xfe", b"Bearer \xff", b"Bearer \x00", b"\xe2\x82\xac"])
def test_a_token_of_any_bytes_is_no_bug(shared: Region, value: bytes) -> None:
    assert asyncio.run(_status(shared, (b"authorization", value))) == 401


async def _status(region: Region, header: tuple[bytes, bytes]) -> int:
    scope: dict[str, Any] = {
        "type": "http",
        "asgi": {"version": "3.0"},
        "http_version": "1.1",
        "method": "POST",
        "scheme": "http",
        "path": "/v1/servers",
        "raw_path": b"/v1/servers",
        "query_string": b"",
        "root_path": "",
        "headers": [(b"host", b"region.example"), header],
    }
    sent: list[Any] = []

    async def receive() -> Any:
        return {"type": "http.request", "body": b"", "more_body": False}

    async def send(message: Any) -> None:
        sent.append(message)

    await region.process.http()(scope, receive, send)  # type: ignore[arg-type]
    return int(sent[0]["status"])


def test_no_route_is_open_that_has_a_row() -> None:
    for route in ROUTES:
        assert (route.paths <= OPEN) != (route.name in RULED)
