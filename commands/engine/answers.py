"""The recent answers to requests that carried an Idempotency-Key."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Mapping

from commands.engine.store import Answer, Key


class Answers:
    """The latest answers in memory, ``bound`` of them; older ones are found in the log."""

    def __init__(self, *, bound: int) -> None:
        self._bound = bound
        self._lately: OrderedDict[Key, Answer] = OrderedDict()

    def get(self, key: Key) -> Answer | None:
        """The answer given under ``key``, if it is still in memory."""
        return self._lately.get(key)

    def learn(self, answers: Mapping[Key, Answer]) -> None:
        """Keep these answers, and drop the oldest above the bound."""
        self._lately.update(answers)
        while len(self._lately) > self._bound:
            self._lately.popitem(last=False)
