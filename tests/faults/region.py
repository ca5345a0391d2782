"""A region to break: tokens, and servers as libvirt's test driver shows them."""

from __future__ import annotations

import os
from collections.abc import Mapping
from pathlib import Path
from uuid import UUID

import httpx
import msgspec

import migrations
from adapters import tokens

_DOMAIN = """
<domain type='test'>
  <name>server-{number}</name>
  <uuid>{server}</uuid>
  <memory unit='MiB'>65536</memory>
  <currentMemory unit='MiB'>512</currentMemory>
  <vcpu current='1'>64</vcpu>
  <os><type>hvm</type></os>
</domain>
"""


class Tokens(msgspec.Struct, frozen=True, kw_only=True):
    admin: str
    member: str
    service: str


def prepare(dsn: str) -> Tokens:
    migrations.apply(dsn)
    return Tokens(
        admin=tokens.create(dsn, name="admin", role="admin", project=None),
        member=tokens.create(dsn, name="member", role="member", project="demo"),
        service=tokens.create(dsn, name="service", role="service", project=None),
    )


def host_of(servers: list[UUID], folder: Path) -> str:
    """The URI of a host of libvirt's test driver with these servers."""
    domains = "".join(_DOMAIN.format(number=n, server=s) for n, s in enumerate(servers))
    node = folder / "node.xml"
    node.write_text(f"<node>{domains}</node>")
    return f"test://{node}"


def environment(dsn: str, hosts: Mapping[str, str], **more: str) -> dict[str, str]:
    """Settings for every process of the region, and nothing of the caller's own."""
    foreign = {name: "" for name in os.environ if name.startswith("ULLAGE_")}
    return {
        **foreign,
        "ULLAGE_DSN": dsn,
        "ULLAGE_HOSTS": msgspec.json.encode(dict(hosts)).decode(),
        **more,
    }


def adopt(api: str, servers: list[UUID], admin: str) -> None:
    with httpx.Client(base_url=api, headers={"authorization": f"Bearer {admin}"}) as client:
        limits = {"limits": {"instances": -1, "cores": -1, "ram": -1}}
        assert client.put("/v1/projects/demo/quota", json=limits).status_code == httpx.codes.OK
        for server in servers:
            body = {
                "host": "host-1",
                "server": str(server),
                "project": "demo",
                "ceiling": {"vcpus": 64, "memory_mib": 65536},
            }
            answer = client.post("/v1/adoptions", json=body)
            assert answer.status_code == httpx.codes.CREATED, answer.text
