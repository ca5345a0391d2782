"""How many hosts were ruled out for a server, by reason; never which ones."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Literal

import msgspec

RuleOutReason = Literal["pool", "zone", "trait", "policy", "maintenance", "unread", "room"]
"""Each host counts for the first of these that holds, so ``room`` means that nothing else does."""

# Of one host, and of more.
_WORDS: dict[RuleOutReason, tuple[str, str]] = {
    "pool": ("is in another pool than '{}'", "are in another pool than '{}'"),
    "zone": ("is in another zone than '{}'", "are in another zone than '{}'"),
    "trait": ("lacks trait {}", "lack trait {}"),
    "policy": (
        "is excluded by the server group's {} policy",
        "are excluded by the server group's {} policy",
    ),
    "maintenance": ("is disabled for maintenance", "are disabled for maintenance"),
    "unread": ("has not reported its capacity", "have not reported their capacity"),
    "room": ("has too little room", "have too little room"),
}


class RuledOut(msgspec.Struct, frozen=True, kw_only=True, gc=False):
    """``hosts``: how many were ruled out for ``reason``. ``asked``: the pool, zone, trait or policy
    that was asked for; "" where there is none to name."""

    reason: RuleOutReason
    hosts: int
    asked: str = ""

    def __str__(self) -> str:
        one, many = _WORDS[self.reason]
        return (one if self.hosts == 1 else many).format(self.asked)


def in_words(ruled_out: Sequence[RuledOut], *, in_place: bool = False) -> str:
    """As in "of 3 hosts, 2 are in another zone than 'az-9' and 1 lacks trait FAST"; "" of none.

    ``in_place``: only the server's own host was asked, since this cannot be done on another one.
    """
    total = sum(one.hosts for one in ruled_out)
    if not total:
        return ""
    if in_place:
        return f"the server stays on its host, which {ruled_out[0]}"
    if len(ruled_out) == 1:
        return (
            f"the only host {ruled_out[0]}" if total == 1 else f"all {total} hosts {ruled_out[0]}"
        )
    *others, last = (f"{one.hosts} {one}" for one in ruled_out)
    return f"of {total} hosts, {', '.join(others)} and {last}"
