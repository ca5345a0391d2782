"""An image is created, changed, deleted, and created again."""

from __future__ import annotations

import pytest
from msgspec.structs import replace

from domain.catalogue.image import (
    Image,
    ImageChanged,
    ImageCreated,
    ImageDeleted,
    ImageSettings,
    PropertyInvalid,
)
from tests.kit.scenario import given

LINUX = ImageSettings(
    name="debian-12", properties={"hw_max_vcpus": "8", "hw_memory_device": "virtio-mem"}
)
RENAMED = ImageSettings(name="debian-12.5", scalable=False, min_memory_mib=512)
CREATED = ImageCreated(to=LINUX, template="<domain/>", reason="new")
CHANGED = ImageChanged(was=LINUX, to=RENAMED)


def test_an_image_is_created_with_its_template() -> None:
    assert Image.create(LINUX, template="<domain/>", reason="new") == CREATED
    state = given(Image, CREATED).state
    assert (state.settings(), state.template, state.deleted) == (LINUX, "<domain/>", False)


def test_an_image_is_changed_with_or_without_its_template() -> None:
    given(Image, CREATED).when(lambda i: i.change(RENAMED)).then(CHANGED)
    state = given(Image, CREATED, CHANGED).state
    assert (state.settings(), state.template) == (RENAMED, "<domain/>")
    anew = state.change(RENAMED, template="<domain type='kvm'/>", reason="faster")
    assert anew == ImageChanged(
        was=RENAMED, to=RENAMED, template="<domain type='kvm'/>", reason="faster"
    )
    assert state.after(anew).template == "<domain type='kvm'/>"


def test_a_deleted_image_is_created_again_from_nothing() -> None:
    given(Image, CREATED).when(lambda i: i.delete("old")).then(ImageDeleted(reason="old"))
    gone = given(Image, CREATED, CHANGED, ImageDeleted()).state
    assert gone == replace(given(Image, CREATED, CHANGED).state, deleted=True)
    assert gone.after(CREATED) == Image.begin(CREATED)


@pytest.mark.parametrize(
    ("key", "value", "fault"),
    [
        ("hw_max_vcpus", "0", "it must be a whole number, 1 or more"),
        ("hw_max_memory_mb", "-1", "it must be a whole number, 1 or more"),
        ("hw_max_memory_mb", "1023", "it is below the image's own minimum of 1024 MiB"),
        ("hw_memory_device", "balloon", "it must be one of dimm, virtio-mem"),
        ("hw_memory_device", "DIMM", "it must be one of dimm, virtio-mem"),
        (
            "trait:a",
            "required",
            "a trait's name has capital letters, digits and underscores only",
        ),
        ("trait:HW_CPU_X86_AVX2", "preferred", "a trait can only be 'required'"),
    ],
)
def test_an_invalid_image_property_is_refused_by_its_key(key: str, value: str, fault: str) -> None:
    settings = ImageSettings(name="x", properties={key: value}, min_memory_mib=1024)
    with pytest.raises(PropertyInvalid) as at_first:
        Image.create(settings, template="<domain/>")
    assert vars(at_first.value) == {"key": key, "value": value, "fault": fault}
    assert key in str(at_first.value)
    (
        given(Image, CREATED)
        .when(lambda i: i.change(settings))
        .then_refused(PropertyInvalid, key=key, value=value, fault=fault)
    )


@pytest.mark.parametrize(
    "properties",
    [
        {"hw_max_vcpus": "1", "hw_max_memory_mb": "1024"},
        {"hw_memory_device": "dimm"},
        {"trait:HW_CPU_X86_AVX2": "required"},
        {"os_distro": "debian", "empty": ""},
    ],
)
def test_unknown_image_properties_are_kept_as_they_are(properties: dict[str, str]) -> None:
    settings = ImageSettings(name="x", properties=properties, min_memory_mib=1024)
    assert Image.begin(Image.create(settings, template="<domain/>")).properties == properties
