"""A flavor is created, changed in what may change, deleted, and created again."""

from __future__ import annotations

import pytest
from msgspec.structs import replace

from domain.catalogue.flavor import (
    ExtraSpecInvalid,
    Flavor,
    FlavorChanged,
    FlavorCreated,
    FlavorDeleted,
    FlavorSettings,
)
from tests.kit.scenario import given

SCALABLE = FlavorSettings(extra_specs={"hw:max_vcpus": "8", "hw:max_memory_mb": "16384"})
FIXED = FlavorSettings(scalable=False, public=False, description="for the database")
CREATED = FlavorCreated(name="m1.big", vcpus=4, memory_mib=8192, disk_gib=20, to=SCALABLE)
CHANGED = FlavorChanged(was=SCALABLE, to=FIXED, reason="licence")


def create(**extra_specs: str) -> FlavorCreated:
    settings = FlavorSettings(extra_specs=extra_specs)
    return Flavor.create(name="m1.big", vcpus=4, memory_mib=8192, settings=settings)


def test_a_flavor_is_created_as_asked_for() -> None:
    made = Flavor.create(
        name="m1.big", vcpus=4, memory_mib=8192, disk_gib=20, settings=SCALABLE, reason=""
    )
    assert made == CREATED
    assert given(Flavor, CREATED).state == Flavor(
        name="m1.big", vcpus=4, memory_mib=8192, disk_gib=20, extra_specs=SCALABLE.extra_specs
    )


def test_a_flavor_is_changed_in_all_but_its_name_and_size() -> None:
    given(Flavor, CREATED).when(lambda f: f.change(FIXED, "licence")).then(CHANGED)
    changed = given(Flavor, CREATED, CHANGED).state
    assert changed.settings() == FIXED
    assert (changed.name, changed.vcpus, changed.memory_mib) == ("m1.big", 4, 8192)


def test_a_deleted_flavor_is_created_again_from_nothing() -> None:
    given(Flavor, CREATED, CHANGED).when(lambda f: f.delete("old")).then(
        FlavorDeleted(reason="old")
    )
    gone = given(Flavor, CREATED, CHANGED, FlavorDeleted()).state
    assert gone == replace(given(Flavor, CREATED, CHANGED).state, deleted=True)
    again = FlavorCreated(name="m2", vcpus=1, memory_mib=512, to=FlavorSettings())
    assert gone.after(again) == Flavor.begin(again)


@pytest.mark.parametrize(
    ("key", "value", "fault"),
    [
        ("hw:max_vcpus", "3", "it is below the flavor's own 4"),
        ("hw:max_memory_mb", "8191", "it is below the flavor's own 8192"),
        ("hw:max_vcpus", "0", "it must be a whole number, 1 or more"),
        ("hw:max_vcpus", "8.5", "it must be a whole number, 1 or more"),
        ("hw:max_memory_mb", "16GiB", "it must be a whole number, 1 or more"),
        (
            "trait:avx512",
            "required",
            "a trait's name has capital letters, digits and underscores only",
        ),
        ("trait:", "required", "a trait's name has capital letters, digits and underscores only"),
        ("trait:HW_CPU_X86_AVX2", "forbidden", "a trait can only be 'required'"),
        ("trait:HW_CPU_X86_AVX2", "", "a trait can only be 'required'"),
    ],
)
def test_an_invalid_extra_spec_is_refused_by_its_key(key: str, value: str, fault: str) -> None:
    with pytest.raises(ExtraSpecInvalid) as at_first:
        create(**{key: value})
    assert vars(at_first.value) == {"key": key, "value": value, "fault": fault}
    assert key in str(at_first.value)
    settings = FlavorSettings(extra_specs={"hw:cpu_policy": "shared", key: value})
    (
        given(Flavor, CREATED)
        .when(lambda f: f.change(settings))
        .then_refused(ExtraSpecInvalid, key=key, value=value, fault=fault)
    )


@pytest.mark.parametrize(
    "extra_specs",
    [
        {},
        {"hw:max_vcpus": "4", "hw:max_memory_mb": "8192"},
        {"trait:HW_CPU_X86_AVX2": "required"},
        {"hw:cpu_policy": "shared", "quota:cpu_shares": "", "hw:max_vcpus": "64"},
    ],
)
def test_unknown_extra_specs_are_kept_as_they_are(extra_specs: dict[str, str]) -> None:
    assert Flavor.begin(create(**extra_specs)).extra_specs == extra_specs


def test_a_private_flavor_is_seen_by_the_projects_in_its_access_list() -> None:
    of = FlavorCreated(
        name="m", vcpus=1, memory_mib=512, to=FlavorSettings(public=False, access=("a",))
    )
    private = Flavor.begin(of)
    assert [private.seen_by(project) for project in ("a", "b", None)] == [True, False, False]
    assert Flavor.begin(replace(of, to=FlavorSettings())).seen_by("b")


def test_a_flavor_keeps_its_swap_and_its_ephemeral_disk() -> None:
    created = Flavor.create(
        name="m",
        vcpus=1,
        memory_mib=512,
        swap_mib=64,
        ephemeral_gib=3,
        rxtx_factor=2.5,
        settings=FlavorSettings(),
    )
    now = Flavor.begin(created)
    assert (now.swap_mib, now.ephemeral_gib, now.rxtx_factor) == (64, 3, 2.5)
