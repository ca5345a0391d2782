"""What is said of a server: name, description, metadata, as a merge patch."""

from __future__ import annotations

from typing import Any
from uuid import UUID

import pytest

from tests.kit.building import build, rooms
from tests.kit.region import OWN, Answer, Region


@pytest.fixture(scope="module")
def server(shared: Region) -> UUID:
    return shared.adopted()


def change(region: Region, server: UUID, how: Any, **other: Any) -> Answer:
    return region.ask("PATCH", f"/v1/servers/{server}", how, **other)


def said(region: Region, server: UUID) -> dict[str, Any]:
    shown = region.get(f"/v1/servers/{server}").json()
    return {name: shown[name] for name in ("name", "description", "metadata")}


def test_named_fields_of_a_description_change_and_the_others_stay(region: Region) -> None:
    server = region.adopted()
    change(region, server, {"name": "db-1", "metadata": {"a": "1", "b": "2"}}, as_="member")
    changed = change(region, server, {"description": "été", "metadata": {"a": None, "c": "3"}})
    whole = {"name": "db-1", "description": "été", "metadata": {"b": "2", "c": "3"}}
    assert said(region, server) == whole
    assert changed.json()["described"]["metadata"] == whole["metadata"]
    version = region.get(f"/v1/servers/{server}").json()["version"]
    assert changed.headers["etag"] == f'"{version}"'
    assert [one["name"] for one in region.get("/v1/servers").json()["items"]] == ["db-1"]


def test_null_removes_a_field_of_a_description(region: Region) -> None:
    server = region.adopted()
    change(region, server, {"description": "x", "metadata": {"a": "1"}})
    change(region, server, {"description": None})
    assert (said(region, server)["description"], said(region, server)["metadata"]) == (
        None,
        {"a": "1"},
    )
    change(region, server, {"metadata": None})
    assert said(region, server)["metadata"] == {}


def test_an_unchanged_description_records_nothing(region: Region) -> None:
    server = region.adopted()
    change(region, server, {"metadata": {"a": "1"}})
    head = region.head
    for how in ({}, {"metadata": {"a": "1"}}, {"metadata": {"x": None}}):
        assert change(region, server, how).status_code == 200
    assert region.head == head


def test_metadata_has_a_quota(region: Region) -> None:
    server = region.adopted()
    region.limits(metadata_items=1)
    assert change(region, server, {"metadata": {"a": "1"}}).status_code == 200
    (short,) = change(region, server, {"metadata": {"b": "1"}}).json()["shortages"]
    assert (short["resource"], short["asked"]) == ("metadata_items", 2)
    rooms(region)
    refused = build(region, metadata={"a": "1", "b": "2"})
    assert refused.json()["type"] == "urn:ullage:problem:quota-exceeded"


def test_a_description_of_another_version_is_not_changed(shared: Region, server: UUID) -> None:
    stale = change(shared, server, {"name": "x"}, headers={"if-match": '"99"'})
    assert stale.status_code == 412


@pytest.mark.parametrize(
    "how",
    [
        {"name": None},
        {"name": ""},
        {"name": "a\nb"},
        {"description": 5},
        {"description": "\x00"},
        {"metadata": {"": "x"}},
        {"metadata": {"a/b": "x"}},
        {"metadata": {"a": 1}},
        {"metadata": []},
        {"project": "other"},
        [],
    ],
)
def test_an_invalid_description_is_refused(shared: Region, server: UUID, how: Any) -> None:
    head = shared.head
    assert change(shared, server, how).status_code == 400
    assert shared.head == head


def test_a_server_is_built_with_its_description(region: Region) -> None:
    rooms(region)
    built = build(region, as_="member", description="the web", metadata={"tier": "1"})
    shown = region.get(f"/v1/servers/{built.json()['server']}").json()
    assert (shown["name"], shown["description"]) == ("web-1", "the web")
    assert (shown["metadata"], shown["user"]) == ({"tier": "1"}, "member")
    assert shown["created"] <= shown["updated"]


def test_an_adopted_server_is_whose_the_operator_says(region: Region) -> None:
    vm = region.host.make()
    body = {"host": "host-1", "server": str(vm), "project": OWN, "user": "ada"}
    assert region.post("/v1/adoptions", body).json()["user"] == "ada"
    used = region.get(f"/v1/projects/{OWN}/users/ada/limits").json()["resources"]
    assert used["instances"]["used"] == 1
