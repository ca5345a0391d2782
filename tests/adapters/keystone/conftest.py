"""A Keystone with a few users, and regions that take its tokens."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import msgspec
import pytest

from tests.kit.keystone import PASSWORD, Keystone
from tests.kit.postgres import Server, database
from tests.kit.region import Answer, Region, regions

OURS = "ullage"
"""The name of our own user there."""


class World(msgspec.Struct, frozen=True, kw_only=True):
    """Ids of what is in the Keystone of these tests."""

    keystone: Keystone
    demo: str
    other: str
    member: str
    relay: str


NewKeystoneRegion = Callable[..., Region]


@pytest.fixture(scope="session")
def world(keystone: Keystone) -> World:
    service = keystone.project("service")
    ours = keystone.member(OURS, "service", service)
    keystone.grant("admin", ours, f"projects/{service}")
    demo, other = keystone.project("demo"), keystone.project("other")
    member = keystone.member("mia", "member", demo)
    relay = keystone.member("of-service", "service", demo)
    return World(keystone=keystone, demo=demo, other=other, member=member, relay=relay)


def settings(keystone: Keystone, **more: Any) -> dict[str, Any]:
    return {
        "keystone_url": keystone.url,
        "keystone_user": OURS,
        "keystone_password": PASSWORD,
        "keystone_project": "service",
        # On a busy machine it takes its time.
        "keystone_call_seconds": 10,
        **more,
    }


@pytest.fixture
def new(database: str, world: World) -> Iterator[NewKeystoneRegion]:
    """Makes regions that lead, with other settings than usual."""
    with regions(database) as make:
        yield lambda **more: make(**settings(world.keystone, **more)).leading()


@pytest.fixture(scope="module")
def shared(postgres: Server, world: World) -> Iterator[Region]:
    """One for a whole file; what Keystone says is believed for a second."""
    with database(postgres) as dsn, regions(dsn) as make:
        named = {world.relay: ["host-1"], "service": ["host-1"]}
        more = {"keystone_cache_seconds": 1, "relays": named}
        yield make(**settings(world.keystone, **more)).leading()


def asked(region: Region, token: str, path: str = "/v1/servers") -> Answer:
    return region.get(path, as_=None, headers={"x-auth-token": token})


@contextmanager
def killed(keystone: Keystone) -> Iterator[None]:
    keystone.kill()
    try:
        yield
    finally:
        keystone.start()
