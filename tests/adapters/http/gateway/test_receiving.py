"""Requests that are not HTTP as it has to be, over a socket: each is refused with a word."""

from __future__ import annotations

import asyncio
import random
import socket
from contextlib import closing
from urllib.parse import urlsplit

import pytest
from litestar.types import ReceiveMessage

from adapters.http.gateway.body import BodyInvalid
from adapters.http.gateway.receiving import BodyTooSlow, in_time
from tests.kit.region import NewRegion, Region

HOST = b"Host: region\r\n"
CHUNKED = b"Transfer-Encoding: chunked\r\nContent-Type: application/json\r\n"


def connected(region: Region) -> socket.socket:
    at = urlsplit(str(region.process.leadership.address() or ""))
    return socket.create_connection((str(at.hostname), at.port or 0), timeout=30)


def answer(region: Region, raw: bytes) -> bytes:
    """All that comes back until the connection is closed or the answer is there."""
    with closing(connected(region)) as line:
        line.sendall(raw)
        return line.recv(65536)


def request(region: Region, line: bytes, headers: bytes = HOST, body: bytes = b"") -> bytes:
    token = f"Authorization: Bearer {region.tokens['admin']}\r\n".encode()
    return answer(region, line + b" HTTP/1.1\r\n" + headers + token + b"\r\n" + body)


@pytest.mark.parametrize(
    ("line", "headers", "word"),
    [
        (b"GET /v1/servers", b"", b"The header Host is missing"),
        (b"GET /v1/servers", b"Host:\r\n", b"The header Host is missing"),
        (b"GET /v1/servers", HOST * 2, b"The header Host is there more than once"),
    ],
)
def test_what_is_wrong_with_a_request_is_told(
    shared: Region, line: bytes, headers: bytes, word: bytes
) -> None:
    told = request(shared, line, headers)
    assert told.startswith(b"HTTP/1.1 400 "), told
    assert word in told


@pytest.mark.parametrize("door", [b"/v1", b"/compute/v2.1"])
@pytest.mark.parametrize("path", [b"/flavors/%00", b"/flavors/%ff", b"/%00", b"/%ff%00/x"])
def test_a_path_that_is_no_text_names_nothing(shared: Region, door: bytes, path: bytes) -> None:
    told = request(shared, b"GET " + door + path)
    assert told.startswith((b"HTTP/1.1 400 ", b"HTTP/1.1 404 ")), told


@pytest.mark.parametrize(
    "asked",
    [
        b"/v1/history?actor=%00",
        b"/compute/v2.1/flavors?name=%00",
        b"/compute/v2.1/flavors?name=%c3%28",
    ],
)
def test_a_query_that_is_no_text_is_refused(shared: Region, asked: bytes) -> None:
    told = request(shared, b"GET " + asked)
    assert told.startswith(b"HTTP/1.1 400 "), told


@pytest.mark.parametrize("size", [b"ZZ", b"-1", b"3;" + b"x" * 70000, b"ffffffffffffffffff"])
def test_a_broken_chunk_is_refused(shared: Region, size: bytes) -> None:
    told = request(shared, b"POST /v1/flavors", HOST + CHUNKED, size + b"\r\n{}\r\n0\r\n\r\n")
    assert told.startswith(b"HTTP/1.1 400 "), told


def test_a_head_that_is_too_long_is_refused_before_anybody_reads_it(shared: Region) -> None:
    told = request(shared, b"GET /v1/servers?x=" + b"%41" * 40_000)
    assert told.startswith((b"HTTP/1.1 400 ", b"HTTP/1.1 414 ", b"HTTP/1.1 431 ")), told


def test_whatever_is_sent_nothing_is_unforeseen(shared: Region) -> None:
    seed = random.randrange(2**32)
    print(f"seed {seed}")
    chance = random.Random(seed)
    good = b"POST /v1/flavors HTTP/1.1\r\n" + HOST + b'Content-Length: 11\r\n\r\n{"name":"x"}'
    for _ in range(100):
        raw = bytearray(good)
        for _ in range(chance.randrange(1, 6)):
            raw[chance.randrange(len(raw))] = chance.randrange(256)
        with closing(connected(shared)) as line:
            line.sendall(bytes(raw))
            line.shutdown(socket.SHUT_WR)
            told = line.recv(65536)
        assert not told.startswith(b"HTTP/1.1 5"), bytes(raw)
    assert shared.get("/healthz", as_=None).status_code == 200


def test_a_connection_over_which_nothing_comes_is_ended(new_region: NewRegion) -> None:
    region = new_region(idle_seconds=1).leading()
    with closing(connected(region)) as silent, closing(connected(region)) as begun:
        begun.sendall(b"GET /healthz HT")
        assert silent.recv(1) == b""
        assert begun.recv(1) == b""


def body(*messages: tuple[bytes, bool]) -> list[ReceiveMessage]:
    return [{"type": "http.request", "body": part, "more_body": more} for part, more in messages]


async def received(messages: list[ReceiveMessage], count: int, seconds: float = 30) -> list[str]:
    left = iter(messages)

    async def receive() -> ReceiveMessage:
        if (message := next(left, None)) is None:
            await asyncio.Event().wait()
            raise AssertionError
        return message

    taken = in_time(receive, seconds)
    return [str((await taken())["type"]) for _ in range(count)]


GONE: ReceiveMessage = {"type": "http.disconnect"}


def test_a_whole_body_is_taken_and_that_its_caller_goes_then_is_heard() -> None:
    messages = [*body((b"{", True), (b"}", False)), GONE]
    assert asyncio.run(received(messages, 3)) == ["http.request", "http.request", GONE["type"]]


def test_a_body_that_ends_too_early_is_invalid() -> None:
    with pytest.raises(BodyInvalid, match="not whole"):
        asyncio.run(received([*body((b"{", True)), GONE], 2))


def test_a_body_that_does_not_come_is_not_waited_for_for_ever() -> None:
    with pytest.raises(BodyTooSlow, match=r"within 0\.01 seconds"):
        asyncio.run(received(body((b"{", True)), 2, 0.01))
