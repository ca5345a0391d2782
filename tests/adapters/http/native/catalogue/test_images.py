"""Images: everybody may see what they are, only administrators what they are made of."""

from __future__ import annotations

from hashlib import sha256

import pytest

from tests.adapters.http.native.things import IMAGE, TEMPLATE, image, new_id
from tests.kit.region import Region

OTHER = "<domain type='test'/>"
SHOWN = {name: value for name, value in IMAGE.items() if name != "template"}
WHOLE = SHOWN | {"scalable": True, "min_memory_mib": 0}


def test_a_created_image_is_answered_without_its_template(shared: Region) -> None:
    id_ = new_id()
    made = shared.post("/v1/images", IMAGE | {"id": id_})
    assert (made.status_code, made.headers["location"]) == (201, f"/v1/images/{id_}")
    assert made.json() == WHOLE | {"id": id_, "version": 1}
    assert made.headers["etag"] == '"1"'


@pytest.mark.parametrize("role", ["reader", "member", "auditor", "foreign-member"])
def test_nobody_but_administrators_sees_a_template(shared: Region, role: str) -> None:
    id_ = image(shared)
    shared.ask("PATCH", f"/v1/images/{id_}", {"template": OTHER})
    assert shared.get(f"/v1/images/{id_}").json()["template"] == OTHER
    shown = shared.get(f"/v1/images/{id_}", as_=role)
    assert shown.json() == WHOLE | {"id": id_, "version": 2}
    for path in ("/v1/images?limit=1000", "/v1/history?limit=1000"):
        seen = shared.get(f"{path}&after={shared.head}", as_=role)
        assert seen.status_code == 200
        assert "<domain" not in seen.text


def test_image_lists_show_no_templates(shared: Region) -> None:
    id_ = image(shared)
    listed = shared.get("/v1/images?limit=1000").json()["items"]
    assert WHOLE | {"id": id_, "version": 1} in listed
    assert all("template" not in one for one in listed)


def test_named_fields_of_an_image_change_and_the_others_stay(shared: Region) -> None:
    id_ = image(shared)
    changes = {"properties": {"hw_max_vcpus": None}, "min_memory_mib": 256, "scalable": False}
    changed = shared.ask("PATCH", f"/v1/images/{id_}", changes)
    assert changed.json() == WHOLE | {
        "id": id_,
        "version": 2,
        "properties": {"os_type": "linux"},
        "min_memory_mib": 256,
        "scalable": False,
    }
    assert shared.get(f"/v1/images/{id_}").json()["template"] == TEMPLATE


def test_history_tells_the_hash_of_a_template(shared: Region) -> None:
    id_ = image(shared)
    entry = shared.get(f"/v1/history?kind=image.created&after={shared.head}").json()["items"][0]
    assert entry["body"]["template"] == sha256(TEMPLATE.encode()).hexdigest()
    assert shared.get(f"/v1/images/{id_}").json()["template"] == TEMPLATE


def test_an_image_id_is_taken_once_until_it_is_deleted(shared: Region) -> None:
    id_ = image(shared)
    refused = shared.post("/v1/images", IMAGE | {"id": id_})
    assert (refused.status_code, refused.json()["type"]) == (
        409,
        "urn:ullage:problem:image-exists",
    )
    stale = shared.ask("DELETE", f"/v1/images/{id_}", headers={"if-match": '"7"'})
    assert stale.status_code == 412
    assert shared.ask("DELETE", f"/v1/images/{id_}").status_code == 204
    assert shared.get(f"/v1/images/{id_}").status_code == 404
    assert shared.post("/v1/images", IMAGE | {"id": id_}).json()["version"] == 3


@pytest.mark.parametrize(
    "template",
    [
        "",
        "no XML",
        "<domain>",
        "<network/>",
        "<domain>\x00</domain>",
        '<!DOCTYPE d [<!ENTITY a "aa">]><domain>&a;</domain>',
        "<domain>" + "x" * 60_000 + "</domain>",
    ],
)
def test_a_template_that_no_hypervisor_could_read_is_refused(shared: Region, template: str) -> None:
    id_, head = image(shared), shared.head
    for answer in (
        shared.post("/v1/images", IMAGE | {"template": template}),
        shared.ask("PATCH", f"/v1/images/{id_}", {"template": template}),
    ):
        assert answer.status_code == 400
        assert answer.json()["type"] == "urn:ullage:problem:body-invalid"
    assert shared.head == head


@pytest.mark.parametrize(
    ("key", "value"), [("hw_max_vcpus", "0"), ("hw_memory_device", "balloon"), ("trait:x", "no")]
)
def test_an_invalid_image_property_is_refused_by_its_key(
    shared: Region, key: str, value: str
) -> None:
    refused = shared.post("/v1/images", IMAGE | {"properties": {key: value}})
    assert refused.status_code == 400
    assert refused.json()["type"] == "urn:ullage:problem:property-invalid"
    assert refused.json()["key"] == key


@pytest.mark.parametrize(
    "body", [{"id": "x"}, {"name": None}, {"template": None}, {"properties": {"a": 1}}]
)
def test_an_invalid_change_of_an_image_is_refused(shared: Region, body: object) -> None:
    id_, head = image(shared), shared.head
    assert shared.ask("PATCH", f"/v1/images/{id_}", body).status_code == 400
    assert shared.head == head
