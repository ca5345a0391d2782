"""Whose token is it: one of ours, or one of Keystone's."""

from __future__ import annotations

import re
from typing import Any, Protocol

from adapters.live_tokens import Tokens
from adapters.texts import PLAIN
from adapters.tokens import PREFIX, Actor

LONGEST_ID = 255
"""Characters of a project's id."""
_WELL_FORMED = re.compile(PLAIN)
_HOW = "Send one as 'Authorization: Bearer <token>' or 'X-Auth-Token: <token>'."


class Unauthenticated(Exception):
    """The request carries no token."""

    def __str__(self) -> str:
        return f"The request has no token. {_HOW}"


class TokenInvalid(Unauthenticated):
    """The request carries a token that nobody has given out, or that lives no more."""

    def __str__(self) -> str:
        return f"The token is unknown, expired or revoked. Ask for a new one. {_HOW}"


class Identity(Protocol):
    """Who knows tokens that are not ours."""

    async def actor(self, token: str, address: str) -> Actor | None: ...
    async def project_exists(self, project: str) -> bool: ...


class Authentication:
    """Ours are known by how they begin and never leave the process; the others are Keystone's,
    where there is one."""

    def __init__(self, tokens: Tokens, keystone: Identity | None = None) -> None:
        self._tokens = tokens
        self._keystone = keystone

    async def caller(self, scope: Any) -> Actor:
        """Who sent a request. Raises Unauthenticated, TokenInvalid, NotScoped, NoRole,
        TooManyNewTokens, IdentityUnavailable."""
        if not (token := _token(scope)):
            raise Unauthenticated
        if (actor := await self.find(token, _address(scope))) is None:
            raise TokenInvalid
        return actor

    async def find(self, token: str, address: str = "") -> Actor | None:
        """None for what is no live token. ``address``: where it comes from. Raises NotScoped,
        NoRole, TooManyNewTokens, IdentityUnavailable."""
        if token.startswith(PREFIX):
            return await self._tokens.find(token)
        return await self._keystone.actor(token, address) if self._keystone else None

    async def project_exists(self, project: str) -> bool:
        """Whether there is a project of that id; without a Keystone every well-formed id is one.
        Raises IdentityUnavailable."""
        if len(project) > LONGEST_ID or not _WELL_FORMED.match(project):
            return False
        return await self._keystone.project_exists(project) if self._keystone else True


def _address(scope: Any) -> str:
    client = scope.get("client")
    return str(client[0]) if client else ""


def _token(scope: Any) -> str:
    """OpenStack's header first, for its clients send that one. Empty where there is none."""
    if token := header(scope, b"x-auth-token").strip():
        return token
    scheme, _, token = header(scope, b"authorization").partition(" ")
    return token.strip() if scheme.lower() == "bearer" else ""


def header(scope: Any, name: bytes) -> str:
    """The first value of a header; empty where there is none."""
    for key, value in scope["headers"]:
        if key.lower() == name:
            return str(value.decode("latin-1"))
    return ""
