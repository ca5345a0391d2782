"""Whose token is it: one of ours, or one of Keystone's."""

from __future__ import annotations

import re
from typing import Protocol

from adapters.http.native.fields import LONGEST_ID
from adapters.texts import PLAIN
from adapters.tokens import PREFIX, Actor, Tokens

_WELL_FORMED = re.compile(PLAIN)


class Identity(Protocol):
    """Who knows tokens that are not ours."""

    async def actor(self, token: str) -> Actor | None: ...
    async def project_exists(self, project: str) -> bool: ...


class Authentication:
    """Ours are known by how they begin and never leave the process; the others are Keystone's,
    where there is one."""

    def __init__(self, tokens: Tokens, keystone: Identity | None = None) -> None:
        self._tokens = tokens
        self._keystone = keystone

    async def find(self, token: str) -> Actor | None:
        """None for what is no live token. Raises NotScoped, NoRole, IdentityUnavailable."""
        if token.startswith(PREFIX):
            return await self._tokens.find(token)
        return await self._keystone.actor(token) if self._keystone else None

    async def project_exists(self, project: str) -> bool:
        """Whether there is a project of that id; without a Keystone every well-formed id is one.
        Raises IdentityUnavailable."""
        if len(project) > LONGEST_ID or not _WELL_FORMED.match(project):
            return False
        return await self._keystone.project_exists(project) if self._keystone else True
