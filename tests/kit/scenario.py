"""Given what happened, when this is asked, then that follows."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Generic, TypeVar

import pytest

from commands.command import Aggregate
from domain.shared.errors import Refused
from domain.shared.events import Event

A = TypeVar("A", bound=Aggregate)


class given(Generic[A]):
    """``given(Server, *past).when(lambda s: s.scale(...)).then(...)``; no past: a blank state."""

    def __init__(self, kind: type[A], *past: Event) -> None:
        self.state = kind.begin(past[0]) if past else kind()
        for event in past[1:]:
            self.state = self.state.after(event)

    def when(self, decide: Callable[[A], Event | list[Any]]) -> _Asked:
        return _Asked(lambda: decide(self.state))


class _Asked:
    def __init__(self, decide: Callable[[], Event | list[Any]]) -> None:
        self._decide = decide

    def then(self, *expected: Event) -> None:
        decided = self._decide()
        assert (decided if isinstance(decided, list) else [decided]) == list(expected)

    def then_refused(self, error: type[Refused], **facts: Any) -> None:
        with pytest.raises(error) as caught:
            self._decide()
        assert vars(caught.value) == facts
