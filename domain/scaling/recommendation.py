"""The answer to an autoscaler's recommendation, before the rules of scaling are asked.

The answers are those of Kubernetes' in-place scaling of pods (deferred, infeasible), so that a
recommender knows what to do next: nothing, try later, or recommend something else.
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
    """The answer to a recommendation.

    ``to``: the size recommended, brought within the server's bounds if ``bounded``. ``until``
    (UTC): when to recommend again; None: not known. ``nearest``: would be accepted instead.
    ``cached``: the hypervisor refused it before, and nothing has changed since.
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
    """The server has no rules for recommendations, so none are taken."""

    def __str__(self) -> str:
        return "This server takes no recommendations; set its autoscaling rules first."


@dataclass(eq=False)
class AutoscalingInvalid(Refused):
    """A field of the rules has a value that it cannot have."""

    field: str
    fault: str

    def __str__(self) -> str:
        return f"The autoscaling's {self.field} is not valid: {self.fault}."


def checked(rules: Autoscaling) -> Autoscaling:
    """The same rules, if they are valid. Raises AutoscalingInvalid."""
    if not rules.least.fits(rules.most):
        raise AutoscalingInvalid(
            field="least", fault=f"{rules.least} is above the most, {rules.most}"
        )
    if not 0 <= rules.dead_band_percent < 100:  # noqa: PLR2004 (percent)
        raise AutoscalingInvalid(field="dead_band_percent", fault="it must be 0 to 99")
    if not 0 <= rules.cool_down_seconds <= LONGEST_COOL_DOWN:
        raise AutoscalingInvalid(
            field="cool_down_seconds", fault=f"it must be 0 to {LONGEST_COOL_DOWN}"
        )
    return rules


def recommend(server: Server, size: Size, now: datetime) -> Recommendation:
    """The answer by the server's own rules; ``accepted`` leaves the last word to the rules of
    scaling.

    Raises NotAutoscaled.
    """
    if (rules := server.autoscaling) is None:
        raise NotAutoscaled
    to = size.max_with(rules.least).min_with(rules.most)
    answer = Recommendation(answer="accepted", to=to, bounded=to != size)
    return (
        _busy(server, answer)
        or _within_dead_band(server, rules, answer)
        or _refused_before(server, answer)
        or _cooling_down(server, answer, now)
        or answer
    )


def infeasible(
    server: Server, answer: Recommendation, refused: Refused, nearest: Size | None
) -> Recommendation:
    """The answer where the rules of scaling refuse. ``nearest``: the size that they would
    accept."""
    helps = nearest is not None and _would_be_asked(server, nearest)
    return msgspec.structs.replace(
        answer,
        answer="infeasible",
        reason=str(refused),
        refused=refusal(refused),
        nearest=nearest if helps else None,
    )


def _would_be_asked(server: Server, size: Size) -> bool:
    """Whether a size is within the server's bounds, outside its dead band, and not refused
    before."""
    if (rules := server.autoscaling) is None:
        return False
    bounded = size.max_with(rules.least).min_with(rules.most) == size
    answer = Recommendation(answer="accepted", to=size)
    refused = _within_dead_band(server, rules, answer) or _refused_before(server, answer)
    return bounded and refused is None


def _busy(server: Server, answer: Recommendation) -> Recommendation | None:
    for obstacle in scaling.busy(server):
        operation = server.operation
        return msgspec.structs.replace(
            answer,
            answer="deferred",
            until=operation.deadline if operation and not operation.undecided else None,
            reason=str(obstacle),
            refused=refusal(obstacle),
        )
    return None


def _within_dead_band(
    server: Server, rules: Autoscaling, answer: Recommendation
) -> Recommendation | None:
    has, to = server.size, answer.to
    moves = (
        abs(new - old) * 100 >= rules.dead_band_percent * old and new != old
        for old, new in ((has.vcpus, to.vcpus), (has.memory_mib, to.memory_mib))
    )
    if any(moves):
        return None
    why = (
        f"less than {rules.dead_band_percent} % from {has}"
        if to != has
        else f"the server has {has}"
    )
    return msgspec.structs.replace(answer, answer="unchanged", reason=why)


def _refused_before(server: Server, answer: Recommendation) -> Recommendation | None:
    if server.failed is None or server.failed.to != answer.to:
        return None
    return msgspec.structs.replace(
        answer, answer="infeasible", reason=server.failed.reason, cached=True
    )


def _cooling_down(server: Server, answer: Recommendation, now: datetime) -> Recommendation | None:
    if server.cool_until is None or server.cool_until <= now:
        return None
    return msgspec.structs.replace(
        answer,
        answer="deferred",
        until=server.cool_until,
        reason="the server is still cooling down",
    )
