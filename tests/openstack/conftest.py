"""A cloud: the genuine Keystone, a region that takes its tokens, clients that know only that."""

from __future__ import annotations

from collections.abc import Iterator

import msgspec
import pytest

from tests.adapters.http.native.things import flavor, image
from tests.kit.building import rooms
from tests.kit.keystone import PASSWORD, Keystone
from tests.kit.postgres import Server, database
from tests.kit.region import Region, regions
from tests.openstack import glance
from tests.openstack.clients import Clients, speaking

IMAGE = "11111111-1111-4111-8111-111111111111"


class Cloud(msgspec.Struct, frozen=True, kw_only=True):
    """``admin`` and ``member`` speak as those; ``project`` is the member's, by its id."""

    region: Region
    keystone: Keystone
    project: str
    user: str
    admin: Clients
    member: Clients


@pytest.fixture(scope="session")
def cloud(postgres: Server, keystone: Keystone) -> Iterator[Cloud]:
    with (
        database(postgres) as dsn,
        regions(dsn) as new,
        glance.serving({IMAGE: "debian"}) as images,
        speaking(keystone, "admin", "admin") as admin,
        speaking(keystone, "olga", "shop") as member,
    ):
        project, user = _people(keystone)
        region = new(
            keystone_url=keystone.url,
            keystone_user="ours",
            keystone_password=PASSWORD,
            keystone_project="services",
            keystone_cache_seconds=2,
            keystone_call_seconds=30,
        ).leading()
        keystone.compute(region.url)
        keystone.endpoint("image", images)
        _things(region)
        with region.carried():
            yield Cloud(
                region=region,
                keystone=keystone,
                project=project,
                user=user,
                admin=admin,
                member=member,
            )


def _people(keystone: Keystone) -> tuple[str, str]:
    services = keystone.project("services")
    ours = keystone.member("ours", "service", services)
    keystone.grant("admin", ours, f"projects/{services}")
    project = keystone.project("shop")
    return project, keystone.member("olga", "member", project)


def _things(region: Region) -> None:
    rooms(region)
    image(region, id=IMAGE, name="debian", properties={})
    for id_, vcpus, memory_mib in (("small", 1, 1024), ("large", 2, 2048)):
        specs = {"hw:max_vcpus": "8", "hw:max_memory_mb": "16384"}
        flavor(
            region,
            id=id_,
            name=id_,
            vcpus=vcpus,
            memory_mib=memory_mib,
            disk_gib=1,
            extra_specs=specs,
        )
