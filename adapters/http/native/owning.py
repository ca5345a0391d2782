"""Whose the thing is that a caller makes: its own project's, or the one that it names."""

from __future__ import annotations

from adapters.http.gateway.body import BodyInvalid
from adapters.http.gateway.dispatch import Asking, actor_of
from adapters.http.gateway.policy import must_see


def owner_of(request: Asking, asked: str | None) -> str:
    """Who is of no project must name one. Raises BodyInvalid, and NotFound for another's."""
    actor = actor_of(request)
    project = asked or actor.home
    if project is None:
        raise BodyInvalid("The field 'project' is needed: this token has no project.")
    must_see(actor, project, what="project", id=project)
    return project
