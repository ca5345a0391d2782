"""What may be asked of a server that is to be, and what is refused."""

from __future__ import annotations

from base64 import b64encode
from typing import Any
from uuid import uuid4

import pytest

from tests.adapters.http.compute.kit.serving import (
    BASE,
    IMAGE,
    SMALL,
    ask,
    boot,
    booted,
    flavor,
    furnished,
    gone,
    message,
    show,
)
from tests.kit.region import NewRegion, Region

BOOM = "11111111-1111-4111-8111-111111111112"
NOBODY = str(uuid4())


@pytest.fixture(name="region", scope="module")
def _region(shared: Region) -> Region:
    """Nobody carries: what is asked for stays as it was asked for."""
    furnished(shared)
    hidden = {"os-flavor-access:is_public": False}
    flavor(shared, "hidden", "m1.hidden", vcpus=1, ram=64, **hidden)
    image = {"id": BOOM, "name": "big", "template": "<domain/>", "min_memory_mib": 4096}
    assert shared.post("/v1/images", image).status_code == 201
    return shared


def refused(region: Region, *, at: str = "2.104", **fields: Any) -> tuple[int, str]:
    return message(boot(region, at=at, **fields))


def asked_with_hints(region: Region, hints: dict[str, Any]) -> Any:
    server = {"name": "h", "imageRef": IMAGE, "flavorRef": SMALL, "networks": "auto"}
    return ask(region, "POST", "/servers", {"server": server, "os:scheduler_hints": hints})


@pytest.mark.parametrize(
    ("fields", "expected"),
    [
        ({"flavorRef": "nope"}, "Flavor nope could not be found."),
        ({"flavorRef": "hidden"}, "Flavor hidden could not be found."),
        ({"imageRef": NOBODY}, "Can not find requested image"),
        ({"imageRef": ""}, "Missing imageRef attribute"),
        ({"imageRef": BOOM}, "Flavor's memory is too small for requested image."),
        ({"key_name": "mine"}, "Invalid key_name provided."),
        ({"user_data": "aGk="}, "user_data is not supported here."),
        ({"adminPass": "secret"}, "adminPass is not supported here."),
        ({"tags": ["a"]}, "tags is not supported here."),
        ({"config_drive": True}, "config_drive is not supported here."),
        ({"host": "host-1"}, "host is not supported here."),
        (
            {"block_device_mapping_v2": [{"boot_index": 0}]},
            "block_device_mapping_v2 is not supported here.",
        ),
        (
            {"networks": [{"uuid": NOBODY}]},
            "Attaching a network or a port is not supported here.",
        ),
        ({"security_groups": [{"name": "web"}]}, "Security group web not found."),
        ({"availability_zone": "mars"}, "The requested availability zone is not available"),
        (
            {"availability_zone": "nova:host-1"},
            "Choosing a host by the availability zone is not supported here.",
        ),
        ({"min_count": 3, "max_count": 2}, "min_count must be <= max_count"),
        ({"min_count": "9" * 5000}, "No more than 200 servers can be asked for at once."),
    ],
)
def test_an_invalid_server_request_is_refused(
    region: Region, fields: dict[str, Any], expected: str
) -> None:
    assert refused(region, **fields) == (400, expected)


def test_networks_have_to_be_named_from_2_37_on(region: Region) -> None:
    server = {"name": "n", "imageRef": IMAGE, "flavorRef": SMALL}
    told = message(ask(region, "POST", "/servers", {"server": server}, at="2.37"))
    assert told[0] == 400
    assert told[1].endswith("'networks' is a required property")
    assert ask(region, "POST", "/servers", {"server": server}, at="2.36").status_code == 202


@pytest.mark.parametrize("networks", ["none", "auto", []])
def test_networks_may_be_none_or_left_to_us(region: Region, networks: Any) -> None:
    assert boot(region, networks=networks).status_code == 202


@pytest.mark.parametrize(
    ("files", "expected"),
    [
        ([{}] * 6, (403, "Personality file limit exceeded")),
        ([{"path": "x" * 256}], (403, "Personality file path exceeds maximum 255")),
        (
            [{"path": "/x", "contents": b64encode(b"x" * 10241).decode()}],
            (403, "Personality file content exceeds maximum 10240"),
        ),
        ([{"path": "/x", "contents": "aGk="}], (400, "personality is not supported here.")),
    ],
)
def test_injected_files_obey_their_quotas(
    region: Region, files: list[dict[str, str]], expected: tuple[int, str]
) -> None:
    assert refused(region, at="2.56", personality=files) == expected


def test_more_metadata_than_the_quota_allows_is_refused(region: Region) -> None:
    items = {f"key-{number}": "value" for number in range(129)}
    expected = (403, "Maximum number of metadata items exceeds 128")
    assert refused(region, metadata=items) == expected
    with region.carried():
        path = f"/servers/{booted(region)}/metadata"
    assert message(ask(region, "POST", path, {"metadata": items})) == expected


def test_image_and_flavor_references_may_be_links(region: Region) -> None:
    links = {
        "flavorRef": f"{region.url}{BASE}/flavors/{SMALL}",
        "imageRef": f"{region.url}/compute/images/{IMAGE}",
    }
    server = boot(region, **links).json()["server"]["id"]
    assert show(region, server)["image"]["id"] == IMAGE


def test_a_built_server_shows_its_description(region: Region) -> None:
    said = {"description": "of the shop", "accessIPv6": "2001:db8::1", "hostname": "shop-1"}
    server = boot(region, name="The Shop", metadata={"a": "b"}, **said).json()["server"]["id"]
    shown = show(region, server)
    assert (shown["description"], shown["accessIPv6"], shown["metadata"]) == (
        "of the shop",
        "2001:db8::1",
        {"a": "b"},
    )
    assert shown["OS-EXT-SRV-ATTR:hostname"] == "shop-1"
    assert (shown["status"], shown["OS-EXT-STS:task_state"]) == ("BUILD", "spawning")
    changed = ask(region, "PUT", f"/servers/{server}", {"server": {"description": None}})
    assert changed.json()["server"]["description"] is None


def test_servers_built_together_share_a_reservation_id(region: Region) -> None:
    fields: dict[str, Any] = {
        "name": "many",
        "min_count": 2,
        "max_count": "3",
        "return_reservation_id": True,
    }
    reservation = boot(region, **fields).json()["reservation_id"]
    path = f"/servers/detail?reservation_id={reservation}&sort_key=display_name&sort_dir=asc"
    listed = ask(region, "GET", path, as_="admin").json()["servers"]
    assert [one["name"] for one in listed] == ["many-1", "many-2", "many-3"]
    assert [one["OS-EXT-SRV-ATTR:launch_index"] for one in listed] == [0, 1, 2]
    assert {one["OS-EXT-SRV-ATTR:reservation_id"] for one in listed} == {reservation}
    assert [one["user_id"] for one in listed] == ["member"] * 3


def test_of_several_servers_as_many_are_built_as_the_quota_allows(new_region: NewRegion) -> None:
    region = furnished(new_region().leading())
    region.limits(instances=3, cores=-1, ram=-1)
    over = "Quota exceeded for instances: Requested 4, but already used 0 of 3 instances"
    assert refused(region, min_count=4, max_count=5) == (403, over)
    assert region.used()["instances"] == 0
    assert boot(region, min_count=2, max_count=5).status_code == 202
    assert region.used()["instances"] == 3


def test_hints_are_kept_and_a_group_is_joined(region: Region) -> None:
    server = asked_with_hints(region, {"rack": ["a", "b"], "x": 1}).json()["server"]["id"]
    assert show(region, server)["scheduler_hints"] == {"rack": ["a", "b"], "x": ["1"]}
    assert message(asked_with_hints(region, {"group": NOBODY})) == (
        400,
        f"Instance group {NOBODY} could not be found.",
    )
    assert message(asked_with_hints(region, {"different_host": [server]})) == (
        400,
        "The scheduler hint different_host is not supported here.",
    )


def test_a_server_without_room_is_refused_at_once(new_region: NewRegion) -> None:
    region = furnished(new_region().leading())
    flavor(region, "huge", "m1.huge", vcpus=1, ram=2**27)
    region.limits(instances=-1, cores=-1, ram=-1)
    assert refused(region, flavorRef="huge") == (
        400,
        "No valid host was found. There are not enough hosts available.",
    )
    assert ask(region, "GET", "/servers").json()["servers"] == []


def test_a_token_without_a_project_builds_no_server(region: Region) -> None:
    assert message(boot(region, as_="admin"))[0] == 400


def test_a_reader_builds_no_server(region: Region) -> None:
    assert message(boot(region, as_="reader")) == (
        403,
        "Policy doesn't allow os_compute_api:servers:create to be performed.",
    )


def test_a_server_asked_for_again_with_its_key_is_the_same(region: Region) -> None:
    body = {"server": {"name": "once", "imageRef": IMAGE, "flavorRef": SMALL}}
    headers = {"idempotency-key": str(uuid4())}
    answers = [
        region.post(f"{BASE}/servers", body, as_="member", headers=headers) for _ in range(2)
    ]
    first, again = (one.json()["server"]["id"] for one in answers)
    assert first == again


def test_a_server_whose_build_was_not_sent_is_deleted_at_once(region: Region) -> None:
    server = boot(region).json()["server"]["id"]
    used = region.used()["instances"]
    assert ask(region, "DELETE", f"/servers/{server}").status_code == 204
    gone(region, server)
    assert region.used()["instances"] == used - 1
