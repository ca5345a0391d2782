"""Whether a guest that was moved went on, was started again, or cannot be asked."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from uuid import UUID

from adapters.demo.machines.console import CannotReadGuest, Guest
from adapters.demo.story.telling import NotAsTold


def must_have_gone_on(inside: Guest, boot: UUID | None) -> None:
    """``boot``: which one it was before the move; its uptime alone may be misread. Raises
    NotAsTold where it is another one, CannotReadGuest."""
    now = inside.boot()
    if now == boot:
        return
    raise NotAsTold(
        f"The guest was started again while it was moved: its boot was {boot}, and is {now}, "
        f"{inside.up():.0f} seconds ago. The last lines on its console:\n{inside.last_words()}"
    )


@contextmanager
def read_over_its_console() -> Iterator[None]:
    """Turn a console that cannot be read into NotAsTold; it says nothing about the guest."""
    try:
        yield
    except CannotReadGuest as e:
        raise NotAsTold(
            f"The guest's console cannot be read, so it is not known what the guest sees. {e}"
        ) from e
