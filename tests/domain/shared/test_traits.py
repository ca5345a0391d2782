"""The traits that a host must have are those that any of several sources require."""

from __future__ import annotations

from domain.shared.traits import required


def test_traits_of_all_sources_are_named_once_and_in_order() -> None:
    flavor = {"trait:HW_CPU_X86_VMX": "required", "trait:CUSTOM_GOLD": "required"}
    image = {"trait:CUSTOM_GOLD": "required", "hw_max_vcpus": "8", "policy": "required"}
    assert required(flavor, image) == ("CUSTOM_GOLD", "HW_CPU_X86_VMX")


def test_no_trait_is_required_without_an_entry() -> None:
    assert required({}, {"trait:CUSTOM_GOLD": "preferred"}) == ()
