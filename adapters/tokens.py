"""Bearer tokens: random, given out once, kept only as their SHA-256."""

from __future__ import annotations

import secrets
from hashlib import sha256
from typing import Literal, LiteralString, get_args

import msgspec
import psycopg

from adapters.connections import connect

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

_CREATE: LiteralString = """
INSERT INTO tokens (hash, name, role, project, consents)
VALUES (%(hash)s, %(name)s, %(role)s, %(project)s, %(consents)s)
"""
_REVOKE: LiteralString = """
UPDATE tokens SET revoked_at = now() WHERE name = %(name)s AND revoked_at IS NULL
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
