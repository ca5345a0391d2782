"""The answers given lately to requests that carried an Idempotency-Key."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Mapping

from commands.engine.store import Answer, Key


class Answers:
    """A window on what the log remembers; what has left it is found in the log again."""

    def __init__(self, *, bound: int) -> None:
        self._bound = bound
        self._lately: OrderedDict[Key, Answer] = OrderedDict()

    def get(self, key: Key) -> Answer | None:
        return self._lately.get(key)

    def learn(self, answers: Mapping[Key, Answer]) -> None:
        self._lately.update(answers)
        while len(self._lately) > self._bound:
            self._lately.popitem(last=False)
