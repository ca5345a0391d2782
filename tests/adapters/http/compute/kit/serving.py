"""Servers as Nova's clients ask for them."""

from __future__ import annotations

from typing import Any
from uuid import uuid4

from adapters.relay.pace import Pace
from tests.kit.building import rooms
from tests.kit.region import OWN, Answer, Region, until

BASE = "/compute/v2.1"
IMAGE = "11111111-1111-4111-8111-111111111111"
SMALL, LARGE = "42", "84"
PATIENT = Pace(idle=0.05, call_seconds=30.0)
"""Of a relay whose hosts hang until they are told to go on."""


def furnished(region: Region) -> Region:
    """With hosts that have room, an image and two flavors."""
    rooms(region)
    image = {"id": IMAGE, "name": "debian-12", "template": "<domain/>"}
    assert region.post("/v1/images", image).status_code == 201
    flavor(region, SMALL, "m1.nano", vcpus=1, ram=64)
    flavor(region, LARGE, "m1.micro", vcpus=2, ram=128)
    return region


def flavor(region: Region, id: str, name: str, **fields: Any) -> None:
    made = region.post(f"{BASE}/flavors", {"flavor": {"id": id, "name": name, "disk": 1, **fields}})
    assert made.status_code == 200, made.text


def ask(
    region: Region,
    method: str,
    path: str,
    body: Any = None,
    *,
    at: str = "2.104",
    as_: str = "member",
) -> Answer:
    headers = {"openstack-api-version": f"compute {at}"}
    return region.ask(method, BASE + path, body, as_=as_, headers=headers)


def boot(region: Region, *, at: str = "2.104", as_: str = "member", **fields: Any) -> Answer:
    server = {"name": f"s-{uuid4()}", "imageRef": IMAGE, "flavorRef": SMALL, "networks": "none"}
    if int(at[2:]) < 37:
        del server["networks"]
    return ask(region, "POST", "/servers", {"server": server | fields}, at=at, as_=as_)


def booted(region: Region, **fields: Any) -> str:
    """The id of one that runs; a relay must be at work."""
    answered = boot(region, **fields)
    assert answered.status_code == 202, answered.text
    server = str(answered.json()["server"]["id"])
    until(lambda: show(region, server)["status"] == "ACTIVE")
    return server


def show(region: Region, server: str, *, at: str = "2.104", as_: str = "admin") -> dict[str, Any]:
    answered = ask(region, "GET", f"/servers/{server}", at=at, as_=as_)
    assert answered.status_code == 200, answered.text
    shown: dict[str, Any] = answered.json()["server"]
    return shown


def act(region: Region, server: str, *, as_: str = "member", **action: Any) -> Answer:
    """``os_start`` stands for ``os-start``."""
    body = {name.replace("_", "-"): given for name, given in action.items()}
    return ask(region, "POST", f"/servers/{server}/action", body, as_=as_)


def becomes(region: Region, server: str, status: str) -> dict[str, Any]:
    until(lambda: show(region, server)["status"] == status)
    return show(region, server)


def gone(region: Region, server: str) -> None:
    until(lambda: ask(region, "GET", f"/servers/{server}").status_code == 404)


def message(answer: Answer) -> tuple[int, str]:
    (fault,) = answer.json().values()
    return answer.status_code, str(fault["message"])


__all__ = ["OWN"]
