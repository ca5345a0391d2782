"""What the sequencer is given: its bounds, its clocks, and whom it tells."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import datetime
from typing import Any

import msgspec

from commands.engine.request import Request
from domain.shared.events import Fact

Facts = Sequence[Fact[Any]]


class Bounds(msgspec.Struct, frozen=True, kw_only=True):
    """How much is kept in memory, and how long (seconds) things are waited for. ``share``: how much
    of a batch one tenant may have."""

    queue: int = 25_000
    batch: int = 512
    share: int = 128
    live: int = 100_000
    answers: int = 100_000
    idle: float = 1.0
    retry: float = 0.2
    recovery: float = 15.0
    handover: float = 2.0


class Clocks(msgspec.Struct, frozen=True, kw_only=True):
    """``now`` gives facts their time (UTC); ``elapsed`` counts seconds for time-outs."""

    now: Callable[[], datetime]
    elapsed: Callable[[], float]


class Hooks(msgspec.Struct, frozen=True, kw_only=True):
    """Called in the sequencer's thread.

    ``lead``: each time the log was taken, with the position of its last fact. ``opening``: the
    commands decided first then. ``publish``: after each commit, before anybody is answered; facts
    may come twice when a commit's acknowledgement was lost.
    """

    lead: Callable[[int], None] = lambda _: None
    opening: Callable[[], list[Request]] = list
    publish: Callable[[Facts], None] = lambda _: None
