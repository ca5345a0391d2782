"""A refusal as data, for answers that are stored or sent."""

from __future__ import annotations

import re

import msgspec

from domain.shared.errors import Refused

_WORDS = re.compile(r"(?<=[a-z])(?=[A-Z])")


class Refusal(msgspec.Struct, frozen=True, kw_only=True, gc=False):
    """``kind`` is the stable name of the rule, ``detail`` its text, ``numbers`` what it was about.

    The numbers are, for example, what was asked, the limit, what is used, and what would fit.
    """

    kind: str
    detail: str
    numbers: dict[str, object] = {}


def refusal(refused: Refused) -> Refusal:
    """The refusal as data; fields that are None are left out."""
    known = {name: value for name, value in vars(refused).items() if value is not None}
    return Refusal(
        kind=kind_of(type(refused)), detail=str(refused), numbers=msgspec.to_builtins(known)
    )


def kind_of(refused: type[Exception]) -> str:
    """The stable name of a refusal, as in ``quota-exceeded`` for QuotaExceeded."""
    return _WORDS.sub("-", refused.__name__).lower()
