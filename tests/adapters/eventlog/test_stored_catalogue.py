"""Facts of the catalogue that were stored once still lead to the same states."""

from __future__ import annotations

from typing import Any

from adapters.eventlog.mapper import FactMapper
from domain.catalogue.flavor import Flavor
from domain.catalogue.image import Image
from domain.catalogue.region_policy import RegionPolicy
from domain.schedules.window import Window
from projections.catalogue import KINDS, Catalogue
from tests.adapters.eventlog.stored_facts import read

# The lines that tell of flavor m1.big, image debian, the policy and window night.
LINES = slice(22, 33)


def folded(upto: int) -> Catalogue:
    catalogue = Catalogue()
    for stored, _ in read()[LINES][:upto]:
        catalogue.apply(FactMapper().fact(stored))
    return catalogue


def state(upto: int, kind: Any, id_: str) -> Any:
    row = folded(upto).get(kind, id_)
    return row and row.state


def test_stored_flavors_lead_to_the_same_state() -> None:
    changed = Flavor(
        name="m1.big", vcpus=4, memory_mib=8192, disk_gib=20, scalable=False, public=False
    )
    specs = {"hw:max_vcpus": "8", "trait:HW_CPU_X86_AVX2": "required"}
    assert state(1, Flavor, "m1.big").extra_specs == specs
    assert state(1, Flavor, "m1.big").description == "été"
    assert state(2, Flavor, "m1.big") == changed
    assert state(3, Flavor, "m1.big") is None


def test_stored_images_lead_to_the_same_state() -> None:
    made = Image(
        name="debian-12",
        properties={"hw_memory_device": "virtio-mem"},
        min_memory_mib=256,
        template="<domain type='kvm'>\n</domain>",
    )
    assert state(4, Image, "debian") == made
    changed = Image(name="debian-12", scalable=False, template=made.template)
    assert state(5, Image, "debian") == changed
    assert state(6, Image, "debian").template == "<domain/>"
    assert state(7, Image, "debian") is None


def test_the_stored_policy_leads_to_the_same_state() -> None:
    assert state(8, RegionPolicy, "policy") == RegionPolicy(
        scaling=False, stopped_servers="when-running", scale_retries=0
    )


def test_stored_windows_lead_to_the_same_state() -> None:
    assert state(9, Window, "night") == Window(
        timezone="Europe/Vienna", weekdays=("saturday", "sunday"), starts="22:30", minutes=120
    )
    assert state(10, Window, "night") == Window(
        timezone="UTC", weekdays=("monday",), starts="00:00", minutes=60
    )
    assert state(11, Window, "night") is None


def test_every_stored_fact_is_of_a_kind_that_the_catalogue_shows() -> None:
    assert {str(stored.originator_id).split(":")[0] for stored, _ in read()[LINES]} <= KINDS.keys()
