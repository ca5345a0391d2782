"""Which of a token's roles counts, whatever others it has."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from adapters.keystone.actors import KeystoneId, KeystoneName, Token, actor
from adapters.keystone.errors import NoRole, NotScoped
from adapters.tokens import SCOPED

DEMO, WEI = KeystoneId(id="demo"), KeystoneId(id="wei")
LATER = datetime(2100, 1, 1, tzinfo=UTC)


@pytest.mark.parametrize(
    ("roles", "ours"),
    [
        ("admin manager member reader", "admin"),
        ("reader member", "member"),
        ("Member", "member"),
        ("gardener reader", "reader"),
        ("service member", "service"),
        ("service admin", "admin"),
    ],
)
def test_the_role_that_may_the_most_counts_and_relays_are_no_members(roles: str, ours: str) -> None:
    assert actor(token(roles, project=DEMO), relays={"wei"}).role == ours


def test_a_confined_role_has_a_project() -> None:
    for roles in ("reader", "member", "admin", "service"):
        for scope in ({"project": DEMO}, {"system": {"all": True}}):
            try:
                caller = actor(token(roles, **scope), relays={"wei"})
            except NoRole:
                continue
            assert caller.role not in SCOPED or caller.home == "demo"


def test_a_part_of_the_system_is_no_scope() -> None:
    with pytest.raises(NotScoped):
        actor(token("admin", system={"all": False}))
    with pytest.raises(NotScoped):
        actor(token("admin"))


def test_the_role_that_only_begins_like_one_is_another() -> None:
    for roles in ("administrator", "admin_", "readers", ""):
        with pytest.raises(NoRole):
            actor(token(roles, project=DEMO))


@pytest.mark.parametrize("scope", [{"project": DEMO}, {"system": {"all": True}}])
@pytest.mark.parametrize("roles", ["service", "service member", "service reader"])
def test_the_service_of_another_is_no_relay(roles: str, scope: dict[str, object]) -> None:
    for relays in ((), ("ada",)):
        with pytest.raises(NoRole, match="wei is no relay here"):
            actor(token(roles, **scope), relays=relays)


def token(roles: str, **scope: object) -> Token:
    has = tuple(KeystoneName(name=role) for role in roles.split())
    return Token(user=WEI, expires_at=LATER, roles=has, **scope)  # type: ignore[arg-type]
