"""Flavors: made, shown, changed in part, hidden, deleted, listed in pages."""

from __future__ import annotations

import pytest

from tests.adapters.http.native.things import FLAVOR, flavor, new_id
from tests.kit.region import Region

WHOLE = FLAVOR | {
    "disk_gib": 0,
    "swap_mib": 0,
    "ephemeral_gib": 0,
    "rxtx_factor": 1.0,
    "scalable": True,
    "public": True,
    "access": [],
    "description": "",
}


def test_a_flavor_is_created_under_its_id_and_shown_to_everybody(shared: Region) -> None:
    id_ = new_id()
    made = shared.post("/v1/flavors", FLAVOR | {"id": id_})
    assert (made.status_code, made.headers["location"]) == (201, f"/v1/flavors/{id_}")
    assert made.json() == WHOLE | {"id": id_, "version": 1}
    after = f"?after={made.headers['ullage-position']}"
    for role in ("reader", "member", "auditor", "foreign-reader"):
        shown = shared.get(f"/v1/flavors/{id_}{after}", as_=role)
        assert (shown.json(), shown.headers["etag"]) == (made.json(), '"1"')


def test_a_flavor_without_an_id_gets_one(shared: Region) -> None:
    assert flavor(shared) != flavor(shared)


def test_a_flavor_id_is_taken_once(shared: Region) -> None:
    id_ = flavor(shared)
    refused = shared.post("/v1/flavors", FLAVOR | {"id": id_})
    assert (refused.status_code, refused.json()["type"]) == (
        409,
        "urn:ullage:problem:flavor-exists",
    )


def test_a_flavor_asked_for_again_with_its_key_is_the_same(shared: Region) -> None:
    headers = {"idempotency-key": new_id()}
    first, again = (shared.post("/v1/flavors", FLAVOR, headers=headers) for _ in range(2))
    assert again.content == first.content
    assert again.headers["location"] == first.headers["location"]


def test_named_fields_of_a_flavor_change_and_the_others_stay(shared: Region) -> None:
    id_ = flavor(shared)
    changes = {"extra_specs": {"hw:max_vcpus": None, "a": "b"}, "scalable": False}
    changed = shared.ask("PATCH", f"/v1/flavors/{id_}", changes | {"reason": "licence"})
    assert (changed.status_code, changed.headers["etag"]) == (200, '"2"')
    assert changed.json() == WHOLE | {
        "id": id_,
        "version": 2,
        "extra_specs": {"a": "b", "hw:max_memory_mb": "16384"},
        "scalable": False,
    }
    head = shared.head
    assert shared.ask("PATCH", f"/v1/flavors/{id_}", {}).json() == changed.json()
    assert shared.head == head
    entries = shared.get("/v1/history?kind=flavor.changed").json()["items"]
    assert (entries[0]["why"], entries[0]["to"]["scalable"]) == ("licence", False)


@pytest.mark.parametrize("method", ["PATCH", "DELETE"])
def test_a_flavor_of_another_version_is_not_changed(shared: Region, method: str) -> None:
    id_ = flavor(shared)
    body = {"scalable": False} if method == "PATCH" else None
    stale = shared.ask(method, f"/v1/flavors/{id_}", body, headers={"if-match": '"2"'})
    assert stale.status_code == 412
    assert (stale.json()["expected"], stale.json()["current"]) == (2, 1)
    done = shared.ask(method, f"/v1/flavors/{id_}", body, headers={"if-match": '"1"'})
    assert done.is_success


@pytest.mark.parametrize(
    ("key", "value"), [("hw:max_vcpus", "3"), ("trait:avx", "required"), ("hw:max_vcpus", "many")]
)
def test_an_invalid_extra_spec_is_refused_by_its_key(shared: Region, key: str, value: str) -> None:
    id_, head = flavor(shared), shared.head
    for answer in (
        shared.post("/v1/flavors", FLAVOR | {"extra_specs": {key: value}}),
        shared.ask("PATCH", f"/v1/flavors/{id_}", {"extra_specs": {key: value}}),
    ):
        assert answer.status_code == 400
        assert answer.json()["type"] == "urn:ullage:problem:extra-spec-invalid"
        assert (answer.json()["key"], answer.json()["value"]) == (key, value)
    assert shared.head == head


def test_a_private_flavor_is_absent_for_projects(shared: Region) -> None:
    hidden, public = flavor(shared, public=False), flavor(shared)
    shown = {
        role: {one["id"] for one in shared.get("/v1/flavors?limit=1000", as_=role).json()["items"]}
        for role in ("reader", "member", "admin", "auditor")
    }
    for role in ("reader", "member"):
        assert shared.get(f"/v1/flavors/{hidden}", as_=role).status_code == 404
        assert {hidden, public} & shown[role] == {public}
    for role in ("admin", "auditor"):
        assert shared.get(f"/v1/flavors/{hidden}", as_=role).status_code == 200
        assert {hidden, public} <= shown[role]


def test_a_deleted_flavor_is_absent_and_may_be_created_again(shared: Region) -> None:
    id_ = flavor(shared)
    gone = shared.ask("DELETE", f"/v1/flavors/{id_}?reason=old")
    assert (gone.status_code, gone.content) == (204, b"")
    after = f"?after={gone.headers['ullage-position']}"
    assert shared.get(f"/v1/flavors/{id_}{after}").status_code == 404
    assert id_ not in shared.get("/v1/flavors?limit=1000").text
    for method, body in (("PATCH", {}), ("DELETE", None)):
        assert shared.ask(method, f"/v1/flavors/{id_}", body).status_code == 404
    assert shared.post("/v1/flavors", FLAVOR | {"id": id_}).json()["version"] == 3
    entry = shared.get("/v1/history?kind=flavor.deleted").json()["items"][0]
    assert entry["why"] == "old"


@pytest.mark.parametrize("limit", [1, 2, 1000])
def test_pages_of_flavors_show_each_once_in_order(shared: Region, limit: int) -> None:
    for n in range(3):
        flavor(shared, id=f"{limit:04}{'x' * 250}{n}", public=n != 1)
    for role in ("admin", "reader"):
        whole = shared.get("/v1/flavors?limit=1000", as_=role).json()["items"]
        seen, path = [], f"/v1/flavors?limit={limit}"
        while path:
            answer = shared.get(path, as_=role)
            assert len(answer.json()["items"]) <= limit
            seen += answer.json()["items"]
            path = answer.headers.get("link", "").partition(">")[0].lstrip("<")
        assert seen == whole
        assert [one["id"] for one in whole] == sorted({one["id"] for one in whole})


@pytest.mark.parametrize("cursor", ["x", "%00", "a%20b", "A" * 341, "_w"])
def test_a_cursor_that_was_not_given_out_is_refused(shared: Region, cursor: str) -> None:
    for path in ("/v1/flavors", "/v1/images", "/v1/windows"):
        assert shared.get(f"{path}?cursor={cursor}").status_code == 400


@pytest.mark.parametrize(
    "fields",
    [
        {"id": ""},
        {"id": "a/b"},
        {"id": "a\nb"},
        {"id": "x" * 256},
        {"name": ""},
        {"vcpus": 0},
        {"memory_mib": "8192"},
        {"disk_gib": -1},
        {"extra_specs": {"a b": "c"}},
        {"extra_specs": {"": "c"}},
        {"extra_specs": {"a": 1}},
        {"extra_specs": {"a": None}},
        {"extra_specs": {"a": "\x00"}},
        {"extra_specs": {f"k{n}": "" for n in range(129)}},
        {"scalable": None},
        {"public": 1},
        {"template": "<domain/>"},
    ],
)
def test_an_invalid_field_of_a_flavor_is_refused(shared: Region, fields: dict[str, object]) -> None:
    head = shared.head
    assert shared.post("/v1/flavors", FLAVOR | fields).status_code == 400
    assert shared.head == head


@pytest.mark.parametrize(
    "body", [{"name": "x"}, {"vcpus": 2}, {"scalable": None}, {"description": 5}, []]
)
def test_a_flavors_size_cannot_be_changed(shared: Region, body: object) -> None:
    id_, head = flavor(shared), shared.head
    assert shared.ask("PATCH", f"/v1/flavors/{id_}", body).status_code == 400
    assert shared.head == head
