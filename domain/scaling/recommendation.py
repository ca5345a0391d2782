"""What an autoscaler's word about a server's size comes to, before the rules of scaling are asked.

The answers are those of Kubernetes' in-place scaling of pods (deferred, infeasible), so that a
recommender knows what to do next: nothing, come again, or recommend something else.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Literal

import msgspec

from domain.server import Autoscaling, Server, scaling
from domain.shared.errors import Refused
from domain.shared.refusal import Refusal, refusal
from domain.shared.size import Size

RecommendationAnswer = Literal["accepted", "deferred", "infeasible", "unchanged"]

LONGEST_COOL_DOWN = 7 * 24 * 3600
"""Seconds."""


class Recommendation(msgspec.Struct, frozen=True, kw_only=True):
    """``to`` is the size recommended, brought within the server's bounds if ``bounded``.

    ``until`` (UTC): when it may be recommended again; None: nobody knows. ``nearest`` would be
    accepted instead. ``cached``: the hypervisor said so before, and nothing has changed since.
    """

    answer: RecommendationAnswer
    to: Size
    bounded: bool = False
    until: datetime | None = None
    reason: str = ""
    refused: Refusal | None = None
    nearest: Size | None = None
    cached: bool = False


@dataclass(eq=False)
class NotAutoscaled(Refused):
    def __str__(self) -> str:
        return "No recommendations are taken for this server: set its autoscaling first."


@dataclass(eq=False)
class AutoscalingInvalid(Refused):
    field: str
    fault: str

    def __str__(self) -> str:
        return f"The autoscaling's {self.field} cannot be: {self.fault}."


def checked(rules: Autoscaling) -> Autoscaling:
    """Raises AutoscalingInvalid."""
    if not rules.least.fits(rules.most):
        raise AutoscalingInvalid(
            field="least", fault=f"{rules.least} is more than the most, {rules.most}"
        )
    if not 0 <= rules.dead_band_percent < 100:  # noqa: PLR2004 (percent)
        raise AutoscalingInvalid(field="dead_band_percent", fault="0 to 99 can")
    if not 0 <= rules.cool_down_seconds <= LONGEST_COOL_DOWN:
        raise AutoscalingInvalid(field="cool_down_seconds", fault=f"0 to {LONGEST_COOL_DOWN} can")
    return rules


def recommend(server: Server, size: Size, now: datetime) -> Recommendation:
    """``accepted``: it may be asked for, and the rules of scaling have the last word.

    Raises NotAutoscaled.
    """
    if (rules := server.autoscaling) is None:
        raise NotAutoscaled
    to = size.max_with(rules.least).min_with(rules.most)
    told = Recommendation(answer="accepted", to=to, bounded=to != size)
    return (
        _busy(server, told)
        or _within_dead_band(server, rules, told)
        or _refused_before(server, told)
        or _cooling_down(server, told, now)
        or told
    )


def infeasible(
    server: Server, told: Recommendation, refused: Refused, nearest: Size | None
) -> Recommendation:
    """The rules of scaling refused it. ``nearest``: what they would let pass."""
    helps = nearest is not None and _would_be_asked(server, nearest)
    return msgspec.structs.replace(
        told,
        answer="infeasible",
        reason=str(refused),
        refused=refusal(refused),
        nearest=nearest if helps else None,
    )


def _would_be_asked(server: Server, size: Size) -> bool:
    """Within the server's bounds, outside of its dead band, and not refused before."""
    if (rules := server.autoscaling) is None:
        return False
    bounded = size.max_with(rules.least).min_with(rules.most) == size
    told = Recommendation(answer="accepted", to=size)
    refused = _within_dead_band(server, rules, told) or _refused_before(server, told)
    return bounded and refused is None


def _busy(server: Server, told: Recommendation) -> Recommendation | None:
    for obstacle in scaling.busy(server):
        operation = server.operation
        return msgspec.structs.replace(
            told,
            answer="deferred",
            until=operation.deadline if operation and not operation.undecided else None,
            reason=str(obstacle),
            refused=refusal(obstacle),
        )
    return None


def _within_dead_band(
    server: Server, rules: Autoscaling, told: Recommendation
) -> Recommendation | None:
    has, to = server.size, told.to
    moves = (
        abs(new - old) * 100 >= rules.dead_band_percent * old and new != old
        for old, new in ((has.vcpus, to.vcpus), (has.memory_mib, to.memory_mib))
    )
    if any(moves):
        return None
    why = f"less than {rules.dead_band_percent} % away from {has}" if to != has else f"it has {has}"
    return msgspec.structs.replace(told, answer="unchanged", reason=why)


def _refused_before(server: Server, told: Recommendation) -> Recommendation | None:
    if server.failed is None or server.failed.to != told.to:
        return None
    return msgspec.structs.replace(
        told, answer="infeasible", reason=server.failed.reason, cached=True
    )


def _cooling_down(server: Server, told: Recommendation, now: datetime) -> Recommendation | None:
    if server.cool_until is None or server.cool_until <= now:
        return None
    return msgspec.structs.replace(
        told, answer="deferred", until=server.cool_until, reason="it is still cooling down"
    )
