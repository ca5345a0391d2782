"""An image's template, as far as it can be judged before anything is built of it."""

from __future__ import annotations

from xml.etree import ElementTree as ET

from adapters.hypervisors.failures import DriverRefused


def parsed(template: str) -> ET.Element:
    """The XML of a libvirt domain. Raises DriverRefused."""
    if "<!DOCTYPE" in template:  # entities can grow without end
        raise DriverRefused("the template has a document type; a domain's XML has none")
    try:
        root = ET.fromstring(template)  # noqa: S314 (without a document type)
    except ET.ParseError as e:
        raise DriverRefused(f"the template is not XML: {e}") from e
    if root.tag != "domain":
        raise DriverRefused(f"the template is <{root.tag}>, not a libvirt <domain>")
    return root
