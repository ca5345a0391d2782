"""A host has the driver of its address's scheme, and no other address is taken."""

from __future__ import annotations

from uuid import uuid4

import pytest

from adapters.hypervisors.failures import DriverRefused, Gone
from adapters.hypervisors.kvm import Kvm
from adapters.hypervisors.registry import DriverKind, DriverRegistry, HostUnknown
from adapters.settings import SettingsInvalid


@pytest.mark.parametrize(
    "uri", ["qemu:///system", "qemu+ssh://root@kvm-1/system", "QEMU+tls://kvm-1/system"]
)
def test_a_libvirt_address_has_the_kvm_driver(uri: str) -> None:
    assert isinstance(DriverRegistry({"kvm-1": uri}).driver("kvm-1"), Kvm)


def test_the_test_driver_of_libvirt_answers() -> None:
    hosts = DriverRegistry({"test-1": "test:///default"})
    with pytest.raises(Gone):
        hosts.driver("test-1").inspect(uuid4())
    hosts.close()


@pytest.mark.parametrize(
    ("uri", "has"),
    [
        ("vsphere://me:secret@vc/", "vsphere://"),
        ("https+x://me:secret@h/?k=secret", "https+x://"),
        ("kvm-1", "no scheme"),
        ("", "no scheme"),
    ],
)
def test_an_address_of_no_kind_is_refused_when_it_is_read(uri: str, has: str) -> None:
    with pytest.raises(SettingsInvalid) as refused:
        DriverRegistry({"good": "test:///default", "odd": uri})
    told = str(refused.value)
    assert f"'odd' has {has}" in told
    assert "qemu://, test://" in told
    assert "secret" not in told


def test_another_kind_is_one_line() -> None:
    made: list[str] = []

    def make(uri: str) -> Kvm:
        made.append(uri)
        return Kvm("test:///default")

    hosts = DriverRegistry({"x": "other://x"}, {"other": DriverKind(make, str)})
    assert hosts.driver("x") is hosts.driver("other://x")
    assert made == ["other://x"]
    with pytest.raises(HostUnknown):
        hosts.driver("y")


@pytest.mark.parametrize(
    ("template", "why"),
    [
        ("<domain", "not XML"),
        ("<network/>", "<network>, not a libvirt <domain>"),
        ("<!DOCTYPE domain []><domain/>", "document type"),
    ],
)
def test_a_template_is_checked_by_the_kinds_of_the_region(template: str, why: str) -> None:
    def takes_what_has_a_colon(text: str) -> None:
        if ":" not in text:
            raise DriverRefused("no colon")

    kvm = DriverRegistry({"kvm-1": "qemu:///system"})
    kvm.check_template("<domain/>")
    with pytest.raises(DriverRefused, match=why):
        kvm.check_template(template)
    other = {"other": DriverKind(Kvm, takes_what_has_a_colon)}
    hosts = DriverRegistry({"x": "other://x"}, other)
    hosts.check_template("a: b")
    with pytest.raises(DriverRefused, match="no colon"):
        hosts.check_template("<domain/>")
