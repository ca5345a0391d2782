"""Callers and projects as Keystone knows them, asked again every few seconds."""

from __future__ import annotations

import re
import time
from datetime import UTC, datetime

import msgspec

from adapters.buckets import Buckets, rate
from adapters.keystone.actors import actor
from adapters.keystone.client import Client
from adapters.keystone.errors import NoRole, NotScoped, TooManyNewTokens
from adapters.keystone.memory import ActorCache, Kept
from adapters.settings import Settings
from adapters.tokens import Actor, digest

# What Keystone gives out: a Fernet token (version 0x80, then a time whose first bytes are 0 until
# 2106), or a signed one (RFC 7515) of three parts. Nobody needs to be asked about anything else.
_TOKEN = re.compile(r"(?=.{60,4096}$)(gAAAA[\w-]+={0,2}|[\w-]+\.[\w-]+\.[\w-]+)", re.ASCII)
# Seconds for which what is unknown stays unknown: whoever guesses asks no more often.
_UNKNOWN = 1.0
_BURST_SECONDS = 2.0
_ADDRESSES = 10_000


class _Unknown(msgspec.Struct, frozen=True):
    """No live token."""


class _Refused(msgspec.Struct, frozen=True):
    """A live one that gives nothing here, and why."""

    kind: type[NoRole | NotScoped]
    words: tuple[str, ...]


class Keystone:
    """Implements the port of adapters/http/gateway/authentication.py.

    A token is remembered by its hash, for ``keystone_cache_seconds`` at most and never longer than
    it lives. So long may one be let in that was revoked, and so long is one let in while Keystone
    is away.
    """

    def __init__(self, settings: Settings) -> None:
        self._seconds = settings.keystone_cache_seconds
        self._relays = frozenset(settings.relays)
        self._new = settings.keystone_new_tokens
        self._addresses = Buckets(_ADDRESSES)
        self._client = Client(settings)
        # As long as one call that is tried twice, with a pause between.
        patience = 2 * settings.keystone_call_seconds + 1
        self._callers: ActorCache[bytes, Actor | _Refused | _Unknown] = ActorCache(
            elapsed=time.monotonic, patience=patience
        )
        self._projects: ActorCache[str, bool] = ActorCache(
            elapsed=time.monotonic, patience=patience
        )

    def close(self) -> None:
        """End the threads that ask; calls that are under way are abandoned."""
        self._callers.close()
        self._projects.close()

    async def actor(self, token: str, address: str) -> Actor | None:
        """The caller; None: no valid token. ``address``: where it comes from. Raises NotScoped,
        NoRole, TooManyNewTokens, IdentityUnavailable."""
        if not _TOKEN.fullmatch(token):
            return None
        key = digest(token)
        if not self._callers.holds(key):
            self._draw(address)
        found = await self._callers.get(key, lambda: self._validated(token), address=address)
        if isinstance(found, _Refused):
            raise found.kind(*found.words)
        return found if isinstance(found, Actor) else None

    async def project_exists(self, project: str) -> bool:
        """Whether a project exists. Raises IdentityUnavailable."""
        return await self._projects.get(project, lambda: self._looked_for(project))

    def _draw(self, address: str) -> None:
        """Raises TooManyNewTokens."""
        if self._new:
            drawn = self._addresses.draw(address, rate(self._new, _BURST_SECONDS))
            if drawn.retry_after:
                raise TooManyNewTokens(self._new, drawn.retry_after)

    def _validated(self, token: str) -> Kept[Actor | _Refused | _Unknown]:
        known = self._client.token(token)
        if known is None:
            return Kept(_Unknown(), _UNKNOWN, known=False)
        lives = (known.expires_at - datetime.now(UTC)).total_seconds()
        seconds = min(self._seconds, lives)
        try:
            return Kept(actor(known, self._relays), seconds)
        except (NoRole, NotScoped) as e:
            return Kept(_Refused(type(e), e.args), seconds)

    def _looked_for(self, project: str) -> Kept[bool]:
        there = self._client.project_exists(project)
        return Kept(there, self._seconds if there else _UNKNOWN, known=there)
