"""Flavors, images and windows that tests need, made over HTTP."""

from __future__ import annotations

from typing import Any
from uuid import uuid4

from tests.kit.region import OWN, Answer, Region

FLAVOR: dict[str, Any] = {
    "name": "m1.big",
    "vcpus": 4,
    "memory_mib": 8192,
    "extra_specs": {"hw:max_vcpus": "8", "hw:max_memory_mb": "16384"},
}
TEMPLATE = "<domain type='kvm'>\n\t<name>été</name>\n</domain>"
IMAGE: dict[str, Any] = {
    "name": "debian-12",
    "properties": {"hw_max_vcpus": "4", "os_type": "linux"},
    "template": TEMPLATE,
}
WINDOW: dict[str, Any] = {
    "timezone": "Europe/Vienna",
    "weekdays": ["saturday", "sunday"],
    "starts": "22:30",
    "minutes": 120,
}


OF_PROJECT = {"scope": "project", "node": OWN}
"""Of a shortage: the limit is the project's own."""


def new_id() -> str:
    return str(uuid4())


def flavor(region: Region, **fields: Any) -> str:
    """The id of a new one."""
    return _id(region.post("/v1/flavors", FLAVOR | fields))


def image(region: Region, **fields: Any) -> str:
    return _id(region.post("/v1/images", IMAGE | fields))


def window(region: Region, **fields: Any) -> str:
    """The name of a new one."""
    name = new_id()
    answered = region.put(f"/v1/windows/{name}", WINDOW | fields)
    assert answered.status_code == 200, answered.text
    return name


def _id(answered: Answer) -> str:
    assert answered.status_code == 201, answered.text
    return str(answered.json()["id"])
