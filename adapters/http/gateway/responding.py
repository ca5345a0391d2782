"""Answers sent without Litestar, by what stands before it."""

from __future__ import annotations

from litestar.types import Send

from adapters.http.dialect import ErrorResponse


async def respond(send: Send, answer: ErrorResponse) -> None:
    """Send it whole."""
    headers = [(k.encode(), v.encode()) for k, v in answer.headers.items()]
    headers.append((b"content-length", str(len(answer.body)).encode()))
    await send({"type": "http.response.start", "status": answer.status, "headers": headers})
    await send({"type": "http.response.body", "body": answer.body, "more_body": False})
