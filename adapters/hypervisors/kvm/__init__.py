"""KVM, through libvirt: one host a :class:`Kvm`."""

from adapters.hypervisors.kvm.driver import Kvm

__all__ = ["Kvm"]
