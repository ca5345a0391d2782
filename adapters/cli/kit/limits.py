"""Limits as people write them: cores=20, cores=unlimited, cores=default."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Annotated, NamedTuple

from cyclopts import Parameter, Token

from adapters.cli.kit.ending import Stopped
from domain.shared.resources import RESOURCES, UNLIMITED

_WORDS = {"default": None, "unlimited": UNLIMITED}


class Limit(NamedTuple):
    """``most`` -1 is unlimited; None: as the region's defaults say, or the project's for a user;
    nothing, where projects share."""

    resource: str
    most: int | None


def _limit(_: object, tokens: Sequence[Token]) -> Limit:
    return _parsed(tokens[0].value)


def _parsed(written: str) -> Limit:
    """Raises ValueError."""
    resource, _, most = written.partition("=")
    try:
        return Limit(resource, _WORDS[most] if most in _WORDS else int(most))
    except ValueError as e:
        known = ", ".join(RESOURCES)
        raise ValueError(
            f"{written!r} is no limit: write cores=20, cores=unlimited or cores=default "
            f"(there are {known})."
        ) from e


LimitsArgument = Annotated[
    Limit,
    Parameter(
        converter=_limit,
        n_tokens=1,
        accepts_keys=False,
        help=f"As in cores=20, cores=unlimited, cores=default; also: {', '.join(RESOURCES)}.",
    ),
]


def given(limits: Sequence[Limit]) -> dict[str, int | None]:
    """The limits by resource. Raises Stopped where there are none, or one is given twice."""
    if not limits:
        raise Stopped(f"Say which limits, as in cores=20; there are {', '.join(RESOURCES)}.")
    names = [limit.resource for limit in limits]
    if twice := {name for name in names if names.count(name) > 1}:
        raise Stopped(f"Given twice: {', '.join(sorted(twice))}.")
    return dict(limits)
