"""What all things of the catalogue share: created under an id, deleted, created again."""

from __future__ import annotations

from typing import Protocol, TypeVar

from commands.command import Aggregate, Change, Log, Stream, first
from domain.shared.errors import NotFound, StaleVersion
from domain.shared.events import Event


class Deletable(Aggregate, Protocol):
    """An aggregate that may be deleted and created again."""

    @property
    def deleted(self) -> bool:
        """Whether it is deleted now."""


D = TypeVar("D", bound=Deletable)


def find(log: Log, kind: type[D], id: str) -> Stream[D] | None:
    """The stream of a thing that is not deleted; None: there is none."""
    stream = log.find(kind, id)
    return None if stream is None or stream.state.deleted else stream


def present(log: Log, kind: type[D], id: str) -> Stream[D]:
    """The stream of a thing that is not deleted. Raises NotFound."""
    if (stream := find(log, kind, id)) is None:
        raise NotFound(what=kind.category, id=id)
    return stream


def begun(log: Log, kind: type[D], id: str, event: Event) -> list[Change]:
    """The changes that create a thing, for the first time or again."""
    stream = log.find(kind, id)
    return stream.record(event) if stream else first(kind, id, event)


def as_expected(version: int, expected: int | None) -> None:
    """Check the version that the caller decided on, if it named one; 0: it knew of none.

    Raises StaleVersion.
    """
    if expected is not None and expected != version:
        raise StaleVersion(expected=expected, current=version)
