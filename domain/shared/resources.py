"""The resources that quotas count, and how much of each a server of some size takes."""

from __future__ import annotations

from collections.abc import Callable
from functools import lru_cache

from domain.shared.size import Size

Amounts = dict[str, int]
"""How much of each resource; a resource that is not named is 0. Never changed in place."""

UNLIMITED = -1

SERVER_GROUPS = "server_groups"
SERVER_GROUP_MEMBERS = "server_group_members"
METADATA_ITEMS = "metadata_items"
SCHEDULES = "schedules"
INJECTED_FILES = "injected_files"
INJECTED_FILE_CONTENT_BYTES = "injected_file_content_bytes"
INJECTED_FILE_PATH_BYTES = "injected_file_path_bytes"

# What a server takes. A new one is one line here: its name in OpenStack's words, and how much.
_OF_SERVERS: dict[str, Callable[[Size], int]] = {
    "instances": lambda _: 1,
    "cores": lambda size: size.vcpus,
    "ram": lambda size: size.memory_mib,
}

COUNTED = (*_OF_SERVERS, SERVER_GROUPS, SCHEDULES)
"""Those that are added up: over a project, over each of its users, and over all below a project."""

RESOURCES = (
    *COUNTED,
    SERVER_GROUP_MEMBERS,  # of one user in one group
    "key_pairs",
    METADATA_ITEMS,  # of one server
    INJECTED_FILES,  # of one request, as the two below it
    INJECTED_FILE_CONTENT_BYTES,
    INJECTED_FILE_PATH_BYTES,
    # Other services count these; their limits are kept and told.
    "fixed_ips",
    "floating_ips",
    "security_groups",
    "security_group_rules",
)
"""Everything that has a limit, by Nova's names where Nova has one."""

OURS = frozenset({SCHEDULES})
"""Those that Nova does not know."""

NOTHING: Amounts = dict.fromkeys(_OF_SERVERS, 0)

ONE_GROUP: Amounts = {SERVER_GROUPS: 1}
ONE_SCHEDULE: Amounts = {SCHEDULES: 1}


@lru_cache(maxsize=10_000)
def held(size: Size) -> Amounts:
    """How much of each resource a server of ``size`` takes from its project's quota."""
    return {name: of(size) for name, of in _OF_SERVERS.items()}


def plus(one: Amounts, other: Amounts) -> Amounts:
    """The sum, resource by resource."""
    return {name: one.get(name, 0) + other.get(name, 0) for name in {**one, **other}}


def minus(one: Amounts, other: Amounts) -> Amounts:
    """The difference, resource by resource; it may be below 0."""
    return {name: one.get(name, 0) - other.get(name, 0) for name in {**one, **other}}


def gains(amounts: Amounts) -> Amounts:
    """Only the amounts above 0."""
    return {name: amount for name, amount in amounts.items() if amount > 0}


def increase(was: Amounts, now: Amounts) -> Amounts:
    """How much more there is of each, where there is more."""
    return {name: more for name, amount in now.items() if (more := amount - was.get(name, 0)) > 0}
