"""KVM, through libvirt: one host a :class:`Kvm`."""

from adapters.hypervisors.kvm.definition.template_xml import parsed as check_template
from adapters.hypervisors.kvm.driver import Kvm

__all__ = ["Kvm", "check_template"]
