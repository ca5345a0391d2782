"""Things are found by a name and by how their id begins, also servers that are deleted."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta
from urllib.parse import quote
from uuid import UUID

import pytest

from tests.adapters.http.native.test_problems import told
from tests.kit.hypervisor import LARGE
from tests.kit.region import FOREIGN, Region


@pytest.fixture
def gone(region: Region) -> UUID:
    """A server of the project that is deleted."""
    server = region.adopted()
    with region.carried():
        accepted = region.ask("DELETE", f"/v1/servers/{server}")
        region.ended(accepted.json()["operation"])
    return server


def test_lists_name_the_server_also_when_it_is_deleted(region: Region, gone: UUID) -> None:
    name = f"vm-{gone}"
    entries = region.get(f"/v1/history?server={gone}").json()["items"]
    assert {entry["server_name"] for entry in entries} == {name}
    (operation,) = region.get(f"/v1/operations?server={gone}").json()["items"]
    assert operation["server_name"] == name
    shown = region.get(f"/v1/operations/{operation['id']}").json()
    assert shown["server_name"] == name


def test_a_schedule_names_its_server(region: Region) -> None:
    server = region.adopted(ceiling=8)
    tomorrow = (datetime.now(UTC) + timedelta(days=1)).isoformat()
    when = {"at": tomorrow, "vcpus": 4, "memory_mib": 4096}
    made = region.post(f"/v1/servers/{server}/schedules", when).json()["schedule"]
    assert region.get(f"/v1/schedules/{made}").json()["server_name"] == f"vm-{server}"
    (listed,) = region.get(f"/v1/schedules?prefix={made[:8]}").json()["items"]
    assert listed["server_name"] == f"vm-{server}"
    assert region.get(f"/v1/schedules?prefix={_other(made)}").json()["items"] == []


def test_a_deleted_server_is_found_by_name_where_it_is_asked_for(
    region: Region, gone: UUID
) -> None:
    asked = f"/v1/servers?name=vm-{gone}"
    assert region.get(asked).json()["items"] == []
    (found,) = region.get(f"{asked}&deleted=true").json()["items"]
    assert (found["id"], found["power"]) == (str(gone), "gone")
    assert region.get(f"{asked}&deleted=true", as_="foreign-reader").json()["items"] == []


def test_a_name_is_found_as_it_was_then(region: Region) -> None:
    server = region.adopted()
    then = region.head
    region.ask("PATCH", f"/v1/servers/{server}", {"name": "renamed"})
    old, new = f"/v1/servers?name=vm-{server}", "/v1/servers?name=renamed"
    assert region.get(old).json()["items"] == []
    assert [one["id"] for one in region.get(new).json()["items"]] == [str(server)]
    assert [one["id"] for one in region.get(f"{old}&as_of={then}").json()["items"]] == [str(server)]
    assert region.get(f"{new}&as_of={then}").json()["items"] == []


def test_the_beginning_of_an_id_is_enough(region: Region) -> None:
    server = region.adopted(ceiling=8)
    region.adopted(project=FOREIGN)
    operation = region.scaling(server, LARGE)
    for path, id_ in (("/v1/servers", str(server)), ("/v1/operations", operation)):
        for length in (4, 8, 13, 36):
            found = region.get(f"{path}?prefix={id_[:length].upper()}").json()["items"]
            assert id_ in [one["id"] for one in found]
        assert region.get(f"{path}?prefix={_other(id_)}").json()["items"] == []


@pytest.mark.parametrize("prefix", ["abc", "xyz1", "-abc", "1234%"])
def test_an_invalid_prefix_of_an_id_is_refused(shared: Region, prefix: str) -> None:
    answer = shared.get(f"/v1/operations?prefix={quote(prefix)}")
    says = told(answer, 400, "request-invalid")["detail"]
    right = "the beginning of an id: 4 or more hexadecimal digits"
    assert says == f"prefix is {json.dumps(prefix)}, but must be {right}."


def test_deleted_servers_are_not_searched_in_the_past(shared: Region) -> None:
    answer = shared.get("/v1/servers?as_of=1&deleted=true")
    assert "as_of" in told(answer, 400, "body-invalid")["detail"]


def _other(id_: str) -> str:
    """The beginning of an id that is not this one."""
    return ("0" if id_[0] != "0" else "1") + id_[1:12]
