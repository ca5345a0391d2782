"""Bearer tokens: random, given out once, kept only as their SHA-256."""

from __future__ import annotations

import logging
import secrets
import threading
import time
from collections.abc import Callable
from hashlib import sha256
from typing import Literal, LiteralString, get_args

import msgspec
import psycopg

from adapters.connections import BRIEF, connect
from adapters.readside.waiters import Waiters

_log = logging.getLogger(__name__)

Role = Literal["reader", "member", "admin", "auditor", "service"]
ROLES: tuple[Role, ...] = get_args(Role)
SCOPED: frozenset[Role] = frozenset({"reader", "member"})
"""These see one project; the others see all."""
AT_HOME: frozenset[Role] = frozenset({"admin", "auditor"})
"""These may have a project that they act in when they name none; they see all the same."""
NO_PROJECT = "-"
"""No project's id begins like this (adapters/http/fields.py)."""
PREFIX = "ullage_"
"""All of ours begin like this; no token of Keystone does."""

CONSENTS = frozenset({"migrate", "restart"})
"""What may be consented to beside live changes."""

# A revoked token is refused after this many seconds at the latest.
_REFRESH = 2.0
# Nobody has the table read more often than this, whatever tokens they invent.
_GATHER = 0.05
_PATIENCE = 1.0
BELIEVED = 60.0
"""Seconds."""

_CREATE: LiteralString = """
INSERT INTO tokens (hash, name, role, project, consents)
VALUES (%(hash)s, %(name)s, %(role)s, %(project)s, %(consents)s)
"""
_REVOKE: LiteralString = """
UPDATE tokens SET revoked_at = now() WHERE name = %(name)s AND revoked_at IS NULL
"""
_LIVE: LiteralString = """
SELECT hash, name, role, project, consents FROM tokens WHERE revoked_at IS NULL
"""
_LIST: LiteralString = """
SELECT name, role, project, consents, created_at::text, revoked_at::text FROM tokens
ORDER BY created_at
"""


class Actor(msgspec.Struct, frozen=True, kw_only=True):
    """Who calls. ``name`` stands in the history under who did it, ``user`` is who owns what is
    made. ``home`` is the project it acts in where it names none; what it sees beside is said
    by the policy. ``consents`` is what it may consent to beside live changes: ``migrate``,
    ``restart``."""

    name: str
    user: str
    role: Role
    home: str | None = None
    consents: frozenset[str] = CONSENTS

    @property
    def tenant(self) -> str | None:
        """In whose turn it is served: its project's, or its own where it has none; None: in the
        region's, as relays are."""
        if self.role == "service":
            return None
        return self.home or f"{NO_PROJECT}{self.name}"


class TokensOutdated(Exception):
    """The database cannot be asked since long which tokens were revoked: none is believed."""

    def __str__(self) -> str:
        return (
            "The database cannot be reached, so that nobody knows which tokens were revoked. "
            "Nothing was done; try again."
        )


class TokenRefused(Exception):
    """A token cannot be made as asked. Its text says why."""


def create(
    dsn: str,
    *,
    name: str,
    role: Role,
    project: str | None,
    consents: frozenset[str] = CONSENTS,
) -> str:
    """A new token; it is not kept, so show it now. Raises TokenRefused."""
    if role in SCOPED and not project:
        raise TokenRefused(f"The role {role} needs a project.")
    if project and role not in SCOPED | AT_HOME:
        raise TokenRefused(f"The role {role} takes no project.")
    token = f"{PREFIX}{secrets.token_urlsafe(32)}"
    row = {
        "hash": digest(token),
        "name": name,
        "role": role,
        "project": project,
        "consents": sorted(consents),
    }
    try:
        with connect(dsn) as connection:
            connection.execute(_CREATE, row)
    except psycopg.errors.UniqueViolation as e:
        raise TokenRefused(f"A token named {name} already exists.") from e
    return token


def revoke(dsn: str, name: str) -> bool:
    """Whether there was a live token of that name."""
    with connect(dsn) as connection:
        return connection.execute(_REVOKE, {"name": name}).rowcount == 1


def listed(dsn: str) -> list[tuple[str, str, str | None, list[str], str, str | None]]:
    """Name, role, project, consents, created, revoked; never the token."""
    with connect(dsn) as connection:
        return connection.execute(_LIST).fetchall()


def digest(token: str) -> bytes:
    return sha256(token.encode()).digest()


class Tokens:
    """All live tokens, in memory. A token made a moment ago is looked for at once."""

    def __init__(
        self,
        dsn: str,
        *,
        believed: float = BELIEVED,
        elapsed: Callable[[], float] = time.monotonic,
    ) -> None:
        """``believed``: seconds for which tokens hold while they cannot be read again."""
        self._dsn = dsn
        self._believed = believed
        self._elapsed = elapsed
        self._read_at = elapsed()
        self._live: dict[bytes, Actor] = {}
        self._begun = self._done = 0
        self._wanted = threading.Event()
        self._waiters = Waiters()
        self._stopping = threading.Event()
        self._thread = threading.Thread(target=self._run, name="tokens", daemon=True)

    def start(self) -> None:
        self._thread.start()

    def stop(self) -> None:
        self._stopping.set()
        self._wanted.set()
        self._thread.join()

    async def find(self, token: str) -> Actor | None:
        """The same as `actor`; one that is not known is looked for again, with all others that are
        looked for at this moment. Raises TokensOutdated."""
        if (known := self.actor(token)) is None:
            next_ = self._begun + 1
            self._wanted.set()
            await self._waiters.until(lambda: self._done >= next_, _PATIENCE)
            known = self.actor(token)
        return known

    def actor(self, token: str) -> Actor | None:
        """None for what is no live token. Raises TokensOutdated."""
        if self.outdated:
            raise TokensOutdated
        return self._live.get(digest(token))

    @property
    def outdated(self) -> bool:
        """Whether nobody knows what has been revoked for longer than is borne."""
        return self._elapsed() - self._read_at > self._believed

    def refresh(self) -> None:
        """Read all live tokens again. Raises psycopg.Error."""
        asked = self._elapsed()
        with connect(self._dsn, patience=BRIEF) as connection:
            rows = connection.execute(_LIVE).fetchall()
        self._live = {
            bytes(hash_): Actor(
                name=name, user=name, role=role, home=project, consents=frozenset(consents)
            )
            for hash_, name, role, project, consents in rows
        }
        self._read_at = asked

    def _run(self) -> None:
        while not self._stopping.is_set():
            self._wanted.clear()
            self._begun += 1
            try:
                self.refresh()
            except psycopg.Error as e:
                _log.warning("tokens are as they were: %s", e)
            self._done = self._begun
            self._waiters.seen()
            self._stopping.wait(_GATHER)
            self._wanted.wait(_REFRESH - _GATHER)
