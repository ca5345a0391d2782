"""The policy as it is asked before every handler, and what handlers ask beside it."""

from __future__ import annotations

from adapters.http.gateway import rules
from adapters.tokens import NO_PROJECT, Actor
from domain.catalogue.flavor import Flavor
from domain.shared.errors import NotFound


class NotPermitted(Exception):
    """The token's role does not allow this."""


def must_permit(actor: Actor, action: str, group: str) -> None:
    """Check that the caller's role may do this. Raises NotPermitted."""
    if not rules.allows(action, group, actor.role):
        what, able = action.replace("_", " "), " or ".join(rules.roles(action, group))
        raise NotPermitted(f"Role {actor.role!r} may not {what}; needs {able or 'a rule'}.")


def lets(actor: Actor, action: str, group: str) -> bool:
    """Whether the caller may do what is ruled by itself, but shares its route with others."""
    return rules.allows(action, group, actor.role)


def must_be_let_consent(actor: Actor, consent: str) -> None:
    """Each consent beside live is a permission of its own, given with the token. Raises
    NotPermitted."""
    if consent != "live" and consent not in actor.consents:
        raise NotPermitted(f"This token may not consent to {consent!r}; make one that may.")


def oversees(actor: Actor) -> bool:
    """Whether the caller sees what is not for everybody."""
    return rules.allows_aside("see_hidden", actor.role)


def operates(actor: Actor) -> bool:
    """Whether the caller sees what is for operators."""
    return rules.allows_aside("see_templates", actor.role)


def sees(actor: Actor, project: str) -> bool:
    """Whether the things of that project are there for the caller."""
    return rules.allows_aside("see_project", actor.role, own=project == actor.home)


def only_project(actor: Actor) -> str | None:
    """The only project that is there for the caller; None: all of them are."""
    if rules.allows_aside("see_project", actor.role, own=False):
        return None
    return actor.home or NO_PROJECT


def sees_flavor(actor: Actor, flavor: Flavor) -> bool:
    """Public ones are there for everybody, the others for their projects and for overseers."""
    return oversees(actor) or flavor.seen_by(only_project(actor))


def shown_project(actor: Actor, asked: str | None) -> str | None:
    """Whose things a list shows: a confined caller's own; where it asks for another project's,
    nothing, as of a project that is not there. None: everybody's."""
    if asked is None:
        return only_project(actor)
    return asked if sees(actor, asked) else NO_PROJECT


def must_see(actor: Actor, project: str, *, what: str, id: str) -> None:
    """Another project's things are as if they were not there. Raises NotFound."""
    if not sees(actor, project):
        raise NotFound(what=what, id=id)
