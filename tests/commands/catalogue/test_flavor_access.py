"""Which projects see a flavor that is not public: one is let in or out at a time."""

from __future__ import annotations

import pytest

from commands.catalogue.change_flavor import ChangeFlavor
from commands.catalogue.change_flavor_access import AddFlavorAccess, RemoveFlavorAccess
from commands.catalogue.create_flavor import FlavorRecorded
from domain.catalogue.flavor import (
    FlavorAccessExists,
    FlavorAccessMissing,
    FlavorChanged,
    FlavorCreated,
    FlavorSettings,
)
from domain.shared.errors import NotFound
from tests.commands.kit.region import Region, told

STREAM = "flavor:big"
FOR_A = FlavorSettings(public=False, access=("a",))
CREATED = FlavorCreated(name="big", vcpus=4, memory_mib=8192, to=FOR_A)


def test_a_project_is_added_to_a_flavors_access_list(region: Region) -> None:
    region.given((STREAM, CREATED))
    answer = region.ask(AddFlavorAccess(flavor="big", project="0"))
    to = FlavorSettings(public=False, access=("0", "a"))
    assert region.events == [(STREAM, FlavorChanged(was=FOR_A, to=to))]
    assert told(answer, FlavorRecorded).access == ("0", "a")


def test_a_project_is_removed_from_a_flavors_access_list(region: Region) -> None:
    region.given((STREAM, CREATED))
    region.ask(RemoveFlavorAccess(flavor="big", project="a"))
    to = FlavorSettings(public=False)
    assert region.events == [(STREAM, FlavorChanged(was=FOR_A, to=to))]


def test_access_cannot_be_added_twice_or_removed_twice(region: Region) -> None:
    region.given((STREAM, CREATED))
    with pytest.raises(FlavorAccessExists) as exists:
        region.ask(AddFlavorAccess(flavor="big", project="a"))
    with pytest.raises(FlavorAccessMissing) as missing:
        region.ask(RemoveFlavorAccess(flavor="big", project="b"))
    assert vars(exists.value) == {"flavor": "big", "project": "a"}
    assert vars(missing.value) == {"flavor": "big", "project": "b"}
    assert region.events == []


def test_the_access_list_is_replaced_if_given_and_kept_if_not(region: Region) -> None:
    region.given((STREAM, CREATED))
    region.ask(ChangeFlavor(flavor="big", access=("c", "b", "c")))
    assert region.events[-1][1].to.access == ("b", "c")  # type: ignore[attr-defined]
    region.ask(ChangeFlavor(flavor="big", description="for few"))
    assert region.events[-1][1].to.access == ("b", "c")  # type: ignore[attr-defined]


@pytest.mark.parametrize("kind", [AddFlavorAccess, RemoveFlavorAccess])
def test_access_to_an_unknown_flavor_cannot_be_changed(
    region: Region, kind: type[AddFlavorAccess | RemoveFlavorAccess]
) -> None:
    with pytest.raises(NotFound):
        region.ask(kind(flavor="big", project="a"))
