"""From what Keystone says of a token to who calls, with which role, in which project."""

from __future__ import annotations

from datetime import datetime
from typing import Any

import msgspec

from adapters.keystone.errors import NoRole, NotScoped
from adapters.tokens import Actor, Role

# The first that the token has. Keystone adds those that a role implies. A person may be a member
# of the project that relays are of; a user with the role of a relay is none.
_ROLES: tuple[tuple[str, Role], ...] = (
    ("admin", "admin"),
    ("service", "service"),
    ("member", "member"),
    ("reader", "reader"),
)
# Of the whole cloud there is no member, and its readers see all projects.
_SYSTEM_ROLES: tuple[tuple[str, Role], ...] = (
    ("admin", "admin"),
    ("service", "service"),
    ("reader", "auditor"),
)


class KeystoneId(msgspec.Struct, frozen=True, kw_only=True):
    id: str


class KeystoneName(msgspec.Struct, frozen=True, kw_only=True):
    name: str


class Token(msgspec.Struct, frozen=True, kw_only=True):
    """What we read of ``GET /v3/auth/tokens``: the scope is a project, a domain, the system, or
    none. Times are UTC."""

    user: KeystoneId
    expires_at: datetime
    roles: tuple[KeystoneName, ...] = ()
    project: KeystoneId | None = None
    domain: KeystoneId | None = None
    system: dict[str, Any] | None = None


def actor(token: Token) -> Actor:
    """Raises NotScoped, NoRole."""
    if token.domain:
        raise NoRole("A token of a domain gives nothing here: ask for one of a project.")
    if token.project:
        return _actor(token, _ROLES)
    if token.system and token.system.get("all") is True:
        return _actor(token, _SYSTEM_ROLES)
    raise NotScoped


def _actor(token: Token, roles: tuple[tuple[str, Role], ...]) -> Actor:
    has = {role.name.lower() for role in token.roles}
    role = next((ours for theirs, ours in roles if theirs in has), None)
    if role is None:
        known = ", ".join(theirs for theirs, _ in roles)
        raise NoRole(f"None of the token's roles gives anything here. Those that do: {known}.")
    home = token.project.id if token.project else None
    return Actor(name=token.user.id, user=token.user.id, role=role, home=home)
