"""Every answer about servers is one that Nova's own schemas allow, in every microversion."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.adapters.http.compute.gateway.test_as_nova_says import Asked
from tests.adapters.http.compute.kit.serving import IMAGE, LARGE, SMALL, furnished
from tests.kit.region import Region, until

pytestmark = pytest.mark.xdist_group("nova-schemas")

VERSIONS = (
    *("2.1", "2.3", "2.9", "2.16", "2.19", "2.21", "2.26", "2.37", "2.46", "2.47", "2.51", "2.52"),
    *("2.57", "2.58", "2.62", "2.63", "2.66", "2.69", "2.71", "2.73", "2.75", "2.84", "2.90"),
    *("2.96", "2.98", "2.100", "2.102", "2.104"),
)


@pytest.fixture(name="region", scope="module")
def _region(shared: Region) -> Iterator[Region]:
    with furnished(shared).carried():
        yield shared


CELLS = [
    *((at, "admin-of-demo") for at in VERSIONS),
    *((at, "member") for at in ("2.1", "2.21", "2.51", "2.62", "2.90", "2.104")),
]


@pytest.mark.parametrize(("at", "as_"), CELLS)
def test_servers_follow_novas_schemas(region: Region, at: str, as_: str) -> None:
    asked, minor = Asked(region, at, as_), int(at[2:])
    body = {"name": "web", "imageRef": IMAGE, "flavorRef": SMALL, "metadata": {"a": "b"}}
    if minor >= 37:
        body["networks"] = "none"
    server = asked("POST", "/servers", {"server": body})["server"]["id"]
    many = {**body, "min_count": 2, "return_reservation_id": True}
    assert asked("POST", "/servers", {"server": many})["reservation_id"].startswith("r-")
    path = f"/servers/{server}"
    asked("GET", path)
    until(lambda: asked("GET", path)["server"]["status"] == "ACTIVE")
    assert asked("GET", "/servers?limit=1")["servers_links"]
    assert asked("GET", "/servers/detail?limit=1")["servers_links"]
    asked("GET", "/servers/detail?sort_key=display_name&sort_dir=asc")
    changed = asked("PUT", path, {"server": {"name": "web-2", "accessIPv4": "192.0.2.1"}})
    assert changed["server"]["accessIPv4"] == "192.0.2.1"
    _metadata(asked, path)
    _actions(asked, path)
    asked("DELETE", path)


def _metadata(asked: Asked, path: str) -> None:
    assert asked("GET", f"{path}/metadata") == {"metadata": {"a": "b"}}
    whole = asked("POST", f"{path}/metadata", {"metadata": {"c": "d"}})
    assert whole == {"metadata": {"a": "b", "c": "d"}}
    assert asked("PUT", f"{path}/metadata", {"metadata": {"e": "f"}}) == {"metadata": {"e": "f"}}
    assert asked("PUT", f"{path}/metadata/g", {"meta": {"g": "h"}}) == {"meta": {"g": "h"}}
    assert asked("GET", f"{path}/metadata/g") == {"meta": {"g": "h"}}
    asked("DELETE", f"{path}/metadata/g")


def _actions(asked: Asked, path: str) -> None:
    asked("POST", f"{path}/action", {"os-stop": None}, "os-stop")
    until(lambda: asked("GET", path)["server"]["status"] == "SHUTOFF")
    asked("POST", f"{path}/action", {"resize": {"flavorRef": LARGE}}, "resize")
    until(lambda: asked("GET", path)["server"]["status"] == "VERIFY_RESIZE")
    asked("POST", f"{path}/action", {"confirmResize": None}, "confirmResize")
    listed = asked("GET", f"{path}/os-instance-actions")["instanceActions"]
    assert [one["action"] for one in listed] == ["confirmResize", "resize", "stop", "create"]
    for one in listed:
        asked("GET", f"{path}/os-instance-actions/{one['request_id']}")
