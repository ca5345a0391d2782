"""The catalogue's table and its facts in the history."""

from __future__ import annotations

from hashlib import sha256
from typing import Any
from uuid import uuid4

import psycopg

from adapters.readside import tables
from adapters.readside.rows import UnsavedRows
from commands.catalogue.change_image import ChangeImage
from commands.catalogue.create_flavor import CreateFlavor
from commands.catalogue.create_image import CreateImage
from commands.catalogue.delete_from_catalogue import DeleteFromCatalogue
from commands.command import Command
from commands.placement.set_region_policy import SetRegionPolicy
from domain.catalogue.flavor import Flavor
from domain.catalogue.image import ImageSettings
from projections.catalogue import CatalogueRow
from tests.adapters.readside.story import loaded, rows, saved
from tests.kit.region import NewRegion, Region

XML = "<domain>\n\t<name>été</name>\n</domain>"
LINUX = CreateImage(image="linux", settings=ImageSettings(name="linux"), template=XML)
BIG = CreateFlavor(flavor="big", name="big", vcpus=4, memory_mib=8192)
NO_BIG = DeleteFromCatalogue(kind=Flavor, id="big")


def told(region: Region, *commands: Command) -> None:
    for command in commands:
        region.process.sequencer.call(command, by="ada", because=uuid4())
    saved(region.process)


def _flavors(region: Region) -> list[tuple[Any, ...]]:
    return [row for row in rows(region.dsn)["catalogue"] if row[0] == "flavor"]


def test_a_deleted_catalogue_thing_stays_in_the_table_and_absent_after_a_restart(
    new_region: NewRegion,
) -> None:
    first = new_region().leading()
    told(first, BIG, NO_BIG)
    ((category, id_, version, _, state, _),) = _flavors(first)
    assert (category, id_, version, state["deleted"]) == ("flavor", "big", 2, True)
    first.stop()
    second = new_region(first.hosts).leading()
    assert second.process.readside.models.catalogue.get(Flavor, "big") is None
    told(second, BIG)
    again = loaded(second.dsn).catalogue.get(Flavor, "big")
    assert again == second.process.readside.models.catalogue.get(Flavor, "big")
    assert again
    assert again.version == 3


def test_a_newer_catalogue_row_in_the_table_stays(region: Region) -> None:
    told(region, BIG)
    before = _flavors(region)
    stale: CatalogueRow[Flavor] = CatalogueRow(
        category="flavor",
        id="big",
        version=1,
        position=before[0][3] - 1,
        state=Flavor(name="stale", vcpus=1, memory_mib=1),
    )
    behind = UnsavedRows()
    behind.catalogue[stale.key] = stale
    with psycopg.connect(region.dsn, autocommit=True) as connection:
        tables.write_rows(connection, behind)
    assert _flavors(region) == before


def test_history_shows_the_catalogue_as_nobodys_and_templates_as_hashes(region: Region) -> None:
    told(
        region,
        BIG,
        LINUX,
        ChangeImage(image="linux", scalable=False),
        ChangeImage(image="linux", template=XML * 2),
        NO_BIG,
        SetRegionPolicy(scaling=False),
    )
    entries = region.get("/v1/history?actor=ada").json()["items"][::-1]
    assert [(one["kind"], one["project"]) for one in entries] == [
        (kind, "")
        for kind in (
            *("flavor.created", "image.created", "image.changed", "image.changed"),
            *("flavor.deleted", "region.policy-changed"),
        )
    ]
    templates = [one["body"].get("template", "none") for one in entries]
    first, second = (sha256(text.encode()).hexdigest() for text in (XML, XML * 2))
    assert templates == ["none", first, None, second, "none", "none"]
    assert entries[-1]["was"] == {
        "scaling": True,
        "stopped_servers": "always",
        "scale_retries": 2,
    }
    assert entries[-1]["to"]["scaling"] is False


def test_members_do_not_see_the_catalogue_in_their_history(region: Region) -> None:
    told(region, BIG, LINUX, SetRegionPolicy(scaling=False))
    assert region.get("/v1/history", as_="member").json()["items"] == []
