"""Flavors are made, changed in part, deleted, and made again under the same id."""

from __future__ import annotations

import pytest

from commands.catalogue.change_flavor import ChangeFlavor
from commands.catalogue.create_flavor import CreateFlavor, FlavorRecorded
from commands.catalogue.delete_from_catalogue import DeleteFromCatalogue
from domain.catalogue.flavor import (
    ExtraSpecInvalid,
    Flavor,
    FlavorChanged,
    FlavorCreated,
    FlavorDeleted,
    FlavorExists,
    FlavorSettings,
)
from domain.shared.errors import NotFound, StaleVersion
from tests.commands.kit.region import Ask, Region, told

STREAM = "flavor:big"
SPECS = {"hw:max_vcpus": "8", "hw:max_memory_mb": "16384"}
CREATED = FlavorCreated(
    name="m1.big", vcpus=4, memory_mib=8192, to=FlavorSettings(extra_specs=SPECS)
)
CREATE = CreateFlavor(
    flavor="big",
    name="m1.big",
    vcpus=4,
    memory_mib=8192,
    settings=FlavorSettings(extra_specs=SPECS),
)
DELETE = DeleteFromCatalogue(kind=Flavor, id="big", reason="old")
RECORDED = FlavorRecorded(
    id="big",
    name="m1.big",
    vcpus=4,
    memory_mib=8192,
    disk_gib=0,
    extra_specs=SPECS,
    scalable=True,
    public=True,
    description="",
    version=1,
)


def test_a_created_flavor_is_answered_with_all_its_fields(region: Region) -> None:
    answer = region.ask(CREATE)
    assert region.events == [(STREAM, CREATED)]
    assert told(answer, FlavorRecorded) == RECORDED


def test_a_flavor_id_is_taken_once(region: Region) -> None:
    answers = region.ask_together(Ask(CREATE), Ask(CREATE))
    assert told(answers[0], FlavorRecorded) == RECORDED
    assert isinstance(answers[1], FlavorExists)
    assert vars(answers[1]) == {"flavor": "big"}
    assert region.events == [(STREAM, CREATED)]


def test_a_flavor_with_an_invalid_extra_spec_is_not_created(region: Region) -> None:
    small = FlavorSettings(extra_specs={"hw:max_vcpus": "2"})
    with pytest.raises(ExtraSpecInvalid):
        region.ask(CreateFlavor(flavor="x", name="x", vcpus=4, memory_mib=512, settings=small))
    assert region.events == []


def test_unnamed_fields_of_a_flavor_stay_and_none_removes_an_extra_spec(region: Region) -> None:
    region.given((STREAM, CREATED))
    specs = {"hw:max_vcpus": "16", "hw:max_memory_mb": None, "absent": None}
    answer = region.ask(ChangeFlavor(flavor="big", extra_specs=specs, scalable=False, reason="y"))
    to = FlavorSettings(extra_specs={"hw:max_vcpus": "16"}, scalable=False)
    assert region.events == [(STREAM, FlavorChanged(was=CREATED.to, to=to, reason="y"))]
    shown = told(answer, FlavorRecorded)
    assert (shown.extra_specs, shown.scalable, shown.version) == (to.extra_specs, False, 2)
    region.ask(ChangeFlavor(flavor="big", public=False, description="for few"))
    assert region.events[-1][1].to == FlavorSettings(  # type: ignore[attr-defined]
        extra_specs={"hw:max_vcpus": "16"}, scalable=False, public=False, description="for few"
    )


def test_a_flavor_change_that_changes_nothing_is_not_recorded(region: Region) -> None:
    region.given((STREAM, CREATED))
    answer = region.ask(ChangeFlavor(flavor="big", extra_specs={"hw:max_vcpus": "8"}))
    assert (told(answer, FlavorRecorded), region.events) == (RECORDED, [])


def test_a_flavor_of_another_version_is_not_changed_or_deleted(region: Region) -> None:
    region.given((STREAM, CREATED))
    for command in (
        ChangeFlavor(flavor="big", scalable=False, expected=2),
        DeleteFromCatalogue(kind=Flavor, id="big", expected=2),
    ):
        with pytest.raises(StaleVersion) as refused:
            region.ask(command)
        assert vars(refused.value) == {"expected": 2, "current": 1}
    region.ask(ChangeFlavor(flavor="big", scalable=False, expected=1))
    region.ask(DeleteFromCatalogue(kind=Flavor, id="big", expected=2))
    assert len(region.events) == 2


def test_a_deleted_flavor_is_not_found(region: Region) -> None:
    region.given((STREAM, CREATED))
    region.ask(DELETE)
    assert region.events == [(STREAM, FlavorDeleted(reason="old"))]
    for command in (DELETE, ChangeFlavor(flavor="big", scalable=False)):
        with pytest.raises(NotFound) as refused:
            region.ask(command)
        assert vars(refused.value) == {"what": "flavor", "id": "big"}


def test_a_deleted_flavor_is_created_again_in_its_old_stream(region: Region) -> None:
    region.given((STREAM, CREATED), (STREAM, FlavorDeleted()))
    answer = region.ask(CREATE)
    assert region.events == [(STREAM, CREATED)]
    assert told(answer, FlavorRecorded).version == 3
    assert region.facts[0].version == 3


@pytest.mark.parametrize("command", [DELETE, ChangeFlavor(flavor="big")])
def test_an_unknown_flavor_is_not_found(
    region: Region, command: DeleteFromCatalogue | ChangeFlavor
) -> None:
    with pytest.raises(NotFound):
        region.ask(command)
