"""Flavors at the Compute door: who sees which, what is refused, what stands in the history."""

from __future__ import annotations

from typing import Any

import pytest

from tests.adapters.http.native.things import new_id
from tests.kit.region import FOREIGN, OWN, Answer, Region, together

BASE = "/compute/v2.1"
NEWEST = {"openstack-api-version": "compute 2.104"}
_INVALID = "Invalid input for query parameters"
NEW: dict[str, Any] = {"ram": 512, "vcpus": 1, "disk": 1}


def made(region: Region, **fields: Any) -> str:
    id_ = new_id()
    new = NEW | {"id": id_, "name": id_} | fields
    answer = region.post(f"{BASE}/flavors", {"flavor": new})
    assert answer.status_code == 200, answer.text
    return id_


def private(region: Region, **fields: Any) -> str:
    return made(region, **{"os-flavor-access:is_public": False}, **fields)


def told(answer: Answer) -> tuple[int, str]:
    ((_, said),) = answer.json().items()
    return answer.status_code, said["message"]


def ids(region: Region, query: str = "", as_: str = "admin") -> list[str]:
    answer = region.get(f"{BASE}/flavors{query}", as_=as_, headers=NEWEST)
    return [one["id"] for one in answer.json()["flavors"]]


def test_a_flavors_numbers_may_be_text(shared: Region) -> None:
    words = {"ram": "512", "vcpus": "2", "disk": "0", "swap": "64", "rxtx_factor": "2.5"}
    id_ = private(shared, **words, **{"OS-FLV-EXT-DATA:ephemeral": "3"})
    flavor = shared.get(f"/v1/flavors/{id_}").json()
    kept = {"memory_mib": 512, "vcpus": 2, "disk_gib": 0, "swap_mib": 64, "ephemeral_gib": 3}
    assert flavor | kept | {"rxtx_factor": 2.5, "public": False} == flavor


def test_a_flavor_without_an_id_gets_one(shared: Region) -> None:
    for id_ in ({}, {"id": None}):
        answer = shared.post(f"{BASE}/flavors", {"flavor": NEW | {"name": new_id()} | id_})
        assert len(answer.json()["flavor"]["id"]) == 36


def test_a_flavor_id_of_any_form_is_taken_everywhere(shared: Region) -> None:
    id_ = ".m1 large_"
    assert made(shared, id=id_) != id_
    path = "/v1/flavors/.m1%20large_"
    assert shared.get(path).json()["id"] == id_
    assert shared.ask("PATCH", path, {"description": "for few"}).status_code == 200
    assert shared.ask("DELETE", path).status_code == 204


def test_a_flavor_name_is_taken_once(shared: Region) -> None:
    name = made(shared)
    answer = shared.post(f"{BASE}/flavors", {"flavor": NEW | {"name": name}})
    assert told(answer) == (409, f"Flavor with name {name} already exists.")


def test_of_many_flavors_at_a_time_one_gets_the_name(shared: Region) -> None:
    new = {"flavor": NEW | {"name": new_id()}}
    answers = together([lambda: shared.post(f"{BASE}/flavors", new)] * 8)
    assert sorted(answer.status_code for answer in answers) == [200, *[409] * 7]


def test_the_request_is_what_the_history_tells_as_its_cause(shared: Region) -> None:
    answer = shared.post(f"{BASE}/flavors", {"flavor": NEW | {"name": new_id()}})
    because = answer.headers["x-openstack-request-id"].removeprefix("req-")
    entry = shared.get("/v1/history?kind=flavor.created&limit=1").json()["items"][0]
    assert entry["because"] == because


def test_a_flavor_asked_for_again_with_its_key_is_the_same(shared: Region) -> None:
    headers = {"idempotency-key": new_id()}
    new = {"flavor": NEW | {"name": new_id(), "id": new_id()}}
    first, again = (shared.post(f"{BASE}/flavors", new, headers=headers) for _ in range(2))
    assert (again.status_code, again.content) == (200, first.content)


def test_a_private_flavor_is_shown_to_projects_with_access(shared: Region) -> None:
    hidden = private(shared)
    path = f"{BASE}/flavors/{hidden}"
    assert told(shared.get(path, as_="member")) == (404, f"Flavor {hidden} could not be found.")
    assert hidden not in ids(shared, as_="member")
    body = {"addTenantAccess": {"tenant": OWN}}
    added = shared.post(f"{path}/action", body)
    assert added.json() == {"flavor_access": [{"flavor_id": hidden, "tenant_id": OWN}]}
    assert shared.get(path, as_="member").status_code == 200
    assert hidden in ids(shared, as_="member")
    assert shared.get(path, as_="foreign-member").status_code == 404
    shared.post(f"{path}/action", {"removeTenantAccess": {"tenant": OWN}})
    assert shared.get(path, as_="member").status_code == 404


def test_flavor_access_is_given_once_and_taken_once(shared: Region) -> None:
    hidden = private(shared)
    path = f"{BASE}/flavors/{hidden}/action"
    shared.post(path, {"addTenantAccess": {"tenant": FOREIGN}})
    assert told(shared.post(path, {"addTenantAccess": {"tenant": FOREIGN}})) == (
        409,
        f"Flavor access already exists for flavor {hidden} and project {FOREIGN} combination.",
    )
    assert told(shared.post(path, {"removeTenantAccess": {"tenant": OWN}})) == (
        404,
        f"Flavor access not found for {hidden} / {OWN} combination.",
    )


def test_a_public_flavor_has_no_access_list(shared: Region) -> None:
    path = f"{BASE}/flavors/{made(shared)}"
    listed = shared.get(f"{path}/os-flavor-access")
    assert told(listed) == (404, "Access list not available for public flavors.")
    body = {"addTenantAccess": {"tenant": OWN}}
    assert shared.post(f"{path}/action", body).status_code == 200
    refused = shared.post(f"{path}/action", body, headers=NEWEST)
    assert told(refused) == (409, "Can not add access to a public flavor.")


def test_flavor_lists_are_filtered_sorted_and_paged(shared: Region) -> None:
    small, large = made(shared, ram=40_001, disk=70), made(shared, ram=40_002, disk=71)
    assert set(ids(shared, "?minRam=40001")) == {small, large}
    assert ids(shared, "?minRam=40001&minDisk=71") == [large]
    assert ids(shared, f"?name={small}") == [small]
    assert ids(shared, f"?name=^{small[:9]}.*{small[-9:]}$") == [small]
    assert ids(shared, f"?minRam=40001&sort_key=memory_mb&name={large}&marker={small}") == [large]
    assert ids(shared, f"?minRam=40002&sort_key=memory_mb&marker={small}") == [large]
    assert ids(shared, "?minRam=40001&sort_key=memory_mb&sort_dir=desc") == [large, small]
    page = shared.get(f"{BASE}/flavors?minRam=40001&sort_key=memory_mb&limit=1").json()
    assert [one["id"] for one in page["flavors"]] == [small]
    (following,) = page["flavors_links"]
    assert following["rel"] == "next"
    again = shared.get(following["href"].removeprefix(shared.url)).json()
    assert [one["id"] for one in again["flavors"]] == [large]
    last = shared.get(again["flavors_links"][0]["href"].removeprefix(shared.url)).json()
    assert last == {"flavors": []}


def test_overseers_may_ask_for_private_flavors(shared: Region) -> None:
    hidden = private(shared)
    assert hidden not in ids(shared)
    assert hidden in ids(shared, "?is_public=false")
    assert hidden in ids(shared, "?is_public=None")
    assert hidden not in ids(shared, "?is_public=None", as_="member")


def test_overseers_see_their_own_projects_private_flavors_too(shared: Region) -> None:
    own = private(shared)
    grant = {"addTenantAccess": {"tenant": OWN}}
    assert shared.post(f"{BASE}/flavors/{own}/action", grant, headers=NEWEST).status_code == 200
    for who, there in (("member", True), ("admin-of-demo", True), ("admin", False)):
        assert (own in ids(shared, as_=who)) == there


def test_only_an_existing_project_gets_flavor_access(shared: Region) -> None:
    grant = {"addTenantAccess": {"tenant": "no project"}}
    refused = shared.post(f"{BASE}/flavors/{private(shared)}/action", grant, headers=NEWEST)
    assert told(refused) == (400, "Project ID no project is not a valid project.")


@pytest.mark.parametrize(
    ("query", "message"),
    [
        ("?minRam=x", "Invalid minRam filter [x]"),
        ("?minDisk=", "Invalid minDisk filter []"),
        ("?is_public=maybe", "Invalid is_public filter [maybe]"),
        ("?marker=nope", "marker [nope] not found"),
        ("?sort_dir=up", f"{_INVALID} sort_dir. Value: up. 'up' is not one of ['asc', 'desc']"),
        ("?name=%ff", "Query string is not UTF-8 encoded"),
    ],
)
def test_invalid_queries_for_flavors_are_refused(shared: Region, query: str, message: str) -> None:
    answer = shared.get(f"{BASE}/flavors{query}", headers=NEWEST)
    assert told(answer) == (400, message)


def test_the_rxtx_factor_must_be_above_0(shared: Region) -> None:
    new = NEW | {"name": new_id(), "rxtx_factor": "0"}
    status, message = told(shared.post(f"{BASE}/flavors", {"flavor": new}))
    assert (status, "must be a float between 0 and" in message) == (400, True)


@pytest.mark.parametrize(
    ("key", "value", "message"),
    [
        ("hw:cpu_policy", "any", "'any' is not one of: dedicated, shared, mixed."),
        ("hw:max_vcpus", "many", "'many' is not a valid integer value."),
        ("hw:numa_nodes", "0", "'0' is less than the min value of '1'."),
        ("hw:redirected_usb_ports", "16", "'16' is greater than the max value of '15'."),
        ("hw:boot_menu", "perhaps", "'perhaps' is not a valid boolean-like value."),
        ("hw:nope", "1", "extra spec 'hw:nope' does not appear to be a valid extra spec."),
        ("trait:CUSTOM_X", "wanted", "'wanted' is not one of: required, forbidden."),
    ],
)
def test_extra_specs_are_validated_from_2_86(
    shared: Region, key: str, value: str, message: str
) -> None:
    path = f"{BASE}/flavors/{made(shared)}/os-extra_specs"
    answer = shared.post(path, {"extra_specs": {key: value}}, headers=NEWEST)
    assert told(answer) == (400, f"Validation failed; {message}")


@pytest.mark.parametrize(
    ("key", "value"),
    [
        ("hw:numa_cpus.0", "0-2,^1"),
        ("scale:max", "x"),
        ("plain", "y"),
        ("trait:CUSTOM_X", "required"),
    ],
)
def test_valid_and_unknown_extra_specs_are_accepted(shared: Region, key: str, value: str) -> None:
    path = f"{BASE}/flavors/{made(shared)}/os-extra_specs"
    assert shared.post(path, {"extra_specs": {key: value}}, headers=NEWEST).status_code == 200
    assert shared.get(f"{path}/{key}").json() == {key: value}
