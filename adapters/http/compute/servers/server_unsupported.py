"""What a request for servers may ask of Nova and not of us: refused, where it would be promised and
not kept.

| field | |
|---|---|
| name, flavorRef, imageRef, metadata, description, accessIPv4, accessIPv6, hostname | taken |
| min_count, max_count, return_reservation_id, availability_zone | taken |
| scheduler hint ``group``, and those that Nova has no filter for | taken; kept |
| networks ``none``, ``auto``; an empty list of anything; the group ``default`` | nothing to do |
| config_drive false; OS-DCF:diskConfig, for disks stay as they are | nothing to do |
| personality | held against its quotas, then refused |
| block_device_mapping_v2 that says what imageRef says, as of ``openstack`` | nothing to do |
| key_name | refused in Nova's words for one that is not known: there are no keys |
| all else | refused |
"""

from __future__ import annotations

from base64 import b64decode
from typing import Any

from adapters.http.compute.gateway.calls import Call
from adapters.http.compute.gateway.faults import Fault
from adapters.http.compute.gateway.truth import truth
from domain.shared.resources import (
    INJECTED_FILE_CONTENT_BYTES,
    INJECTED_FILE_PATH_BYTES,
    INJECTED_FILES,
)

RequestedServer = dict[str, Any]
"""The body's ``server``, or its scheduler hints, as the schema has let it pass."""

_NOT_HERE = "{} is not supported here."
_DEVICES = "block_device_mapping_v2"
_NEVER = (
    *("block_device_mapping", _DEVICES, "user_data", "adminPass", "tags"),
    *("trusted_image_certificates", "host", "hypervisor_hostname"),
)
_HINTS = (
    *("different_host", "same_host", "query", "target_cell", "different_cell"),
    *("build_near_host_ip", "cidr"),
)


def check(call: Call, asked: RequestedServer, hints: RequestedServer) -> None:
    """Refuse what a request asks for and cannot be kept. Raises Fault, QuotaExceeded."""
    if asked.get("key_name"):
        raise Fault(400, "Invalid key_name provided.")
    _check_files(call, asked.get("personality") or [])
    for name in _NEVER:
        if asked.get(name) and not (name == _DEVICES and _is_the_image(asked)):
            raise Fault(400, _NOT_HERE.format(name))
    for name in _HINTS:
        if name in hints:
            raise Fault(400, _NOT_HERE.format(f"The scheduler hint {name}"))
    if asked.get("networks") and not isinstance(asked["networks"], str):
        raise Fault(400, _NOT_HERE.format("Attaching a network or a port"))
    if truth(asked.get("config_drive", False)):
        raise Fault(400, _NOT_HERE.format("config_drive"))
    for group in asked.get("security_groups", []):
        if group.get("name", "default") != "default":
            raise Fault(400, f"Security group {group['name']} not found.")


def _is_the_image(asked: RequestedServer) -> bool:
    """It is to boot from the image that is named anyhow, on a disk of its host."""
    match asked[_DEVICES]:
        case [
            {
                "uuid": image,
                "source_type": "image",
                "destination_type": "local",
                "boot_index": 0 | "0",
                **more,
            }
        ]:
            return bool(image == asked.get("imageRef")) and more.keys() <= {"delete_on_termination"}
        case _:
            return False


def _check_files(call: Call, files: list[dict[str, str]]) -> None:
    """Raises Fault, QuotaExceeded."""
    if not files:
        return
    paths = max(len(one.get("path", "").encode()) for one in files)
    contents = max(len(b64decode(one.get("contents", ""))) for one in files)
    quota = call.reads.models.limits.path(call.actor.home or "", call.actor.user)
    quota.must_hold(INJECTED_FILES, len(files))
    quota.must_hold(INJECTED_FILE_PATH_BYTES, paths)
    quota.must_hold(INJECTED_FILE_CONTENT_BYTES, contents)
    raise Fault(400, _NOT_HERE.format("personality"))
