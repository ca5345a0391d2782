"""Who may do what: what is asked before every handler, and what handlers ask beside it."""

from __future__ import annotations

from adapters.http.gateway import rules
from adapters.tokens import NO_PROJECT, Actor
from domain.shared.errors import NotFound


class Unauthenticated(Exception):
    """No token, or none that is known."""

    def __str__(self) -> str:
        return "Send a live token: Authorization: Bearer <token>, or X-Auth-Token: <token>."


class NotPermitted(Exception):
    """The token's role does not allow this."""


_COMPUTE = frozenset({"/compute", "/compute/", "/compute/v2.1", "/compute/v2.1/"})
OPEN: frozenset[str] = frozenset({"/", "/healthz", "/readyz"}) | _COMPUTE
"""Paths that need no token: version discovery and health."""


UNGUARDED: frozenset[str] = frozenset(
    {
        *("discover_versions", "show_health", "show_readiness"),
        *("compute_list_versions", "compute_show_version"),
    }
)
"""The routes at those paths."""


def must_permit(actor: Actor, action: str) -> None:
    """Raises NotPermitted."""
    if not rules.allows(action, actor.role):
        allowed = ", ".join(rules.roles(action))
        raise NotPermitted(f"The role {actor.role} may not do this: {allowed}.")


def lets(actor: Actor, action: str) -> bool:
    """Whether the caller may do what has a row of its own, but shares its route with others."""
    return rules.allows(action, actor.role)


def must_be_let_consent(actor: Actor, consent: str) -> None:
    """Each consent beside live is a permission of its own, given with the token. Raises
    NotPermitted."""
    if consent != "live" and consent not in actor.consents:
        raise NotPermitted(f"This token may not consent to {consent}.")


def oversees(actor: Actor) -> bool:
    """Whether the caller sees what is not for everybody."""
    return rules.allows("see_hidden", actor.role)


def operates(actor: Actor) -> bool:
    """Whether the caller sees what is for operators."""
    return rules.allows("see_templates", actor.role)


def sees(actor: Actor, project: str) -> bool:
    """Whether the things of that project are there for the caller."""
    return rules.allows("see_project", actor.role, own=project == actor.home)


def shown_project(actor: Actor, asked: str | None) -> str | None:
    """Whose things a list shows: a scoped caller's own; where it asks for another project's,
    nothing, as of a project that is not there. None: everybody's."""
    if asked is None or not actor.project:
        return asked or actor.project
    return asked if sees(actor, asked) else NO_PROJECT


def must_see(actor: Actor, project: str, *, what: str, id: str) -> None:
    """Another project's things are as if they were not there. Raises NotFound."""
    if not sees(actor, project):
        raise NotFound(what=what, id=id)
