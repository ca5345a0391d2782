"""What a quota counts, and how much of each a server of some size takes."""

from __future__ import annotations

from collections.abc import Callable
from functools import lru_cache

from domain.size import Size

Amounts = dict[str, int]
"""How much of each resource; a resource that is not named is 0. Never changed in place."""

UNLIMITED = -1

# A new resource is one line here: its name in OpenStack's words, and what a server takes of it.
RESOURCES: dict[str, Callable[[Size], int]] = {
    "instances": lambda _: 1,
    "cores": lambda size: size.vcpus,
    "ram": lambda size: size.memory_mib,
}

NOTHING: Amounts = dict.fromkeys(RESOURCES, 0)


@lru_cache(maxsize=10_000)
def held(size: Size) -> Amounts:
    """What a server of ``size`` takes from its project's quota."""
    return {name: of(size) for name, of in RESOURCES.items()}


def plus(one: Amounts, other: Amounts) -> Amounts:
    return {name: one.get(name, 0) + other.get(name, 0) for name in RESOURCES}


def minus(one: Amounts, other: Amounts) -> Amounts:
    return {name: one.get(name, 0) - other.get(name, 0) for name in RESOURCES}


def gains(amounts: Amounts) -> Amounts:
    """Only what is above 0."""
    return {name: amount for name, amount in amounts.items() if amount > 0}
