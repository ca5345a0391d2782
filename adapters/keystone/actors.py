"""From a Keystone token to a caller: who, with which role, in which project."""

from __future__ import annotations

from collections.abc import Collection
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
    """Something that Keystone names by its id."""

    id: str


class KeystoneName(msgspec.Struct, frozen=True, kw_only=True):
    """Something that Keystone names by its name."""

    name: str


class Token(msgspec.Struct, frozen=True, kw_only=True):
    """What is read of ``GET /v3/auth/tokens``. Times in UTC.

    The scope is a project, a domain, the system, or none.
    """

    user: KeystoneId
    expires_at: datetime
    roles: tuple[KeystoneName, ...] = ()
    project: KeystoneId | None = None
    domain: KeystoneId | None = None
    system: dict[str, Any] | None = None


def actor(token: Token, relays: Collection[str] = ()) -> Actor:
    """The caller that a token stands for. ``relays``: the ids of those users that are some; of any
    service of the cloud others may have that role. Raises NotScoped, NoRole."""
    caller = _in_scope(token)
    if caller.role == "service" and caller.user not in relays:
        raise NoRole(
            f"The token has the role service, but its user {caller.user} is no relay here: "
            "ULLAGE_RELAYS does not name it."
        )
    return caller


def _in_scope(token: Token) -> Actor:
    if token.domain:
        raise NoRole("A token scoped to a domain allows nothing here; get one scoped to a project.")
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
        raise NoRole(f"The token has no role that is known here; it needs one of {known}.")
    home = token.project.id if token.project else None
    return Actor(name=token.user.id, user=token.user.id, role=role, home=home)
