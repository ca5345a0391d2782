"""From a request to the sequencer and back: who asks, under which key, and what it was told."""

from __future__ import annotations

import re
from hashlib import sha256
from typing import Any, TypeVar

import msgspec
from litestar import Request, Response

from adapters.http.gateway.body import BodyInvalid
from adapters.http.gateway.parts.reads import Reads
from adapters.http.gateway.request_ids import request_id
from adapters.tokens import Actor
from commands.command import Command, Reply
from commands.engine.request import KeyReused
from commands.engine.sequencer import Sequencer
from commands.engine.store import Answer, Key

_KEY = re.compile(r"[\x21-\x7e]{1,255}")
_VERSION = re.compile(r'(?:W/)?"(\d{1,18})"')

Asking = Request[Any, Any, Any]
R = TypeVar("R", bound=Reply)


def actor_of(request: Asking) -> Actor:
    actor: Actor = request.scope["state"]["actor"]
    return actor


def user_of(request: Asking) -> str:
    """Whose a thing is that the caller has made."""
    return actor_of(request).user


async def ask(sequencer: Sequencer, request: Asking, command: Command) -> Answer:
    """The durable answer; the same one for a request that was answered before under its key.

    Raises BodyInvalid, and all that the sequencer does.
    """
    key, actor = _key(request), actor_of(request)
    return await sequencer.ask(
        command,
        by=actor.name,
        because=request_id(request.scope),
        key=key,
        fingerprint=await _fingerprint(request) if key else b"",
        tenant=actor.tenant,
    )


async def answered(reads: Reads, request: Asking) -> Answer | None:
    """The answer that this very request had before, under its key. Raises BodyInvalid, KeyReused,
    Unavailable."""
    if (key := _key(request)) is None:
        return None
    known = await reads.answered(Key(actor_of(request).name, key))
    if known and known.fingerprint != await _fingerprint(request):
        raise KeyReused(key)
    return known


def told(answer: Answer, into: type[R]) -> R:
    return msgspec.json.decode(answer.reply, type=into)


def reply(
    answer: Answer, status: int = 200, headers: dict[str, str] | None = None
) -> Response[bytes]:
    """The reply as it was recorded, with the position of its last fact."""
    return Response(
        answer.reply,
        status_code=status,
        media_type="application/json",
        headers={"ullage-position": str(answer.position), **(headers or {})},
    )


def expected_version(request: Asking) -> int | None:
    """The version named by If-Match, if any. Raises BodyInvalid."""
    match = request.headers.get("if-match")
    if match in (None, "*"):
        return None
    found = _VERSION.fullmatch(match)
    if not found:
        raise BodyInvalid(f'If-Match must be a version as in an ETag: "12", not {match}.')
    return int(found.group(1))


def etag(version: int) -> dict[str, str]:
    return {"etag": f'"{version}"'}


def _key(request: Asking) -> str | None:
    key = request.headers.get("idempotency-key")
    if key is not None and not _KEY.fullmatch(key):
        raise BodyInvalid("An Idempotency-Key is 1 to 255 visible ASCII characters.")
    return key


async def _fingerprint(request: Asking) -> bytes:
    body = await request.body()
    return sha256(f"{request.method} {request.scope['path']}\n".encode() + body).digest()
