"""A refusal as data: what is left of it where nobody can be told at once."""

from __future__ import annotations

import re

import msgspec

from domain.shared.errors import Refused

_WORDS = re.compile(r"(?<=[a-z])(?=[A-Z])")


class Refusal(msgspec.Struct, frozen=True, kw_only=True, gc=False):
    """``kind`` is the stable name of the rule, ``detail`` its words, ``numbers`` what it was
    about: asked, limit, used, what would fit."""

    kind: str
    detail: str
    numbers: dict[str, object] = {}


def refusal(refused: Refused) -> Refusal:
    known = {name: value for name, value in vars(refused).items() if value is not None}
    return Refusal(
        kind=kind_of(type(refused)), detail=str(refused), numbers=msgspec.to_builtins(known)
    )


def kind_of(refused: type[Exception]) -> str:
    """As in ``quota-exceeded``."""
    return _WORDS.sub("-", refused.__name__).lower()
