"""Images are made, changed in part, and deleted; nobody is told their templates."""

from __future__ import annotations

import pytest

from commands.catalogue.change_image import ChangeImage
from commands.catalogue.create_image import CreateImage, ImageRecorded
from commands.catalogue.delete_from_catalogue import DeleteFromCatalogue
from domain.catalogue.image import (
    Image,
    ImageChanged,
    ImageCreated,
    ImageDeleted,
    ImageExists,
    ImageSettings,
    PropertyInvalid,
)
from domain.shared.errors import NotFound, StaleVersion
from tests.commands.kit.region import Region, told

STREAM = "image:debian"
XML, FASTER = "<domain type='qemu'/>", "<domain type='kvm'/>"
LINUX = ImageSettings(name="debian-12", properties={"hw_max_vcpus": "8", "os_type": "linux"})
CREATED = ImageCreated(to=LINUX, template=XML)
CREATE = CreateImage(image="debian", settings=LINUX, template=XML)


def test_a_created_image_is_answered_without_its_template(region: Region) -> None:
    answer = region.ask(CREATE)
    assert region.events == [(STREAM, CREATED)]
    assert XML.encode() not in answer.reply
    assert told(answer, ImageRecorded) == ImageRecorded(
        id="debian",
        name="debian-12",
        properties=LINUX.properties,
        scalable=True,
        min_memory_mib=0,
        version=1,
    )


def test_an_image_id_is_taken_once_until_it_is_deleted(region: Region) -> None:
    region.given((STREAM, CREATED))
    with pytest.raises(ImageExists) as refused:
        region.ask(CREATE)
    assert vars(refused.value) == {"image": "debian"}
    region.ask(DeleteFromCatalogue(kind=Image, id="debian"))
    with pytest.raises(NotFound):
        region.ask(ChangeImage(image="debian", scalable=False))
    assert told(region.ask(CREATE), ImageRecorded).version == 3
    assert region.events == [(STREAM, ImageDeleted()), (STREAM, CREATED)]


def test_unnamed_fields_of_an_image_stay(region: Region) -> None:
    region.given((STREAM, CREATED))
    properties = {"hw_max_vcpus": None, "hw_memory_device": "dimm"}
    region.ask(ChangeImage(image="debian", properties=properties, min_memory_mib=256))
    to = ImageSettings(
        name="debian-12",
        properties={"os_type": "linux", "hw_memory_device": "dimm"},
        min_memory_mib=256,
    )
    region.ask(ChangeImage(image="debian", name="debian", scalable=False))
    then = ImageSettings(
        name="debian", properties=to.properties, scalable=False, min_memory_mib=256
    )
    assert region.events == [
        (STREAM, ImageChanged(was=LINUX, to=to)),
        (STREAM, ImageChanged(was=to, to=then)),
    ]


def test_an_image_template_is_recorded_only_when_it_differs(region: Region) -> None:
    region.given((STREAM, CREATED))
    region.ask(ChangeImage(image="debian", template=XML))
    assert region.events == []
    answer = region.ask(ChangeImage(image="debian", template=FASTER, reason="faster"))
    assert region.events == [
        (STREAM, ImageChanged(was=LINUX, to=LINUX, template=FASTER, reason="faster"))
    ]
    assert told(answer, ImageRecorded).version == 2
    assert FASTER.encode() not in answer.reply


def test_a_refused_change_leaves_the_image_as_it_is(region: Region) -> None:
    region.given((STREAM, CREATED))
    with pytest.raises(StaleVersion):
        region.ask(ChangeImage(image="debian", scalable=False, expected=4))
    with pytest.raises(PropertyInvalid):
        region.ask(ChangeImage(image="debian", properties={"hw_max_vcpus": "none"}))
    with pytest.raises(PropertyInvalid):
        region.ask(
            CreateImage(
                image="x",
                settings=ImageSettings(name="x", properties={"hw_memory_device": "balloon"}),
                template=XML,
            )
        )
    assert region.events == []
