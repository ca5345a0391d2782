"""The interface's own description is complete and true, and whatever is made of it gets no 5xx."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
import schemathesis

from adapters.http.native.served import ROUTES
from tests.adapters.http.kit.served import OPEN
from tests.kit.described import finds_nothing
from tests.kit.hypervisor import LARGE
from tests.kit.region import Region

Document = dict[str, Any]
_HERE = Path(__file__).parent
BODIES = {str(one.name): one.opt["native"].body for one in ROUTES if one.opt["native"].body}


@pytest.fixture(scope="module")
def document(shared: Region) -> Document:
    described: Document = shared.get("/v1/openapi.json").json()
    return described


def _operations(document: Document) -> dict[str, Document]:
    return {
        operation["operationId"]: operation | {"method": method, "path": path}
        for path, methods in document["paths"].items()
        for method, operation in methods.items()
    }


def test_the_description_is_valid_openapi_3_1(document: Document) -> None:
    assert document["openapi"].startswith("3.1.")
    schemathesis.openapi.from_dict(document).validate()


def test_the_description_is_json_without_outside_references(shared: Region) -> None:
    answer = shared.get("/v1/openapi.json")
    assert answer.headers["content-type"].startswith("application/json")
    assert answer.content == shared.get("/v1").content
    assert "http://" not in answer.text.replace("http://127.0.0.1", "")


def test_every_route_is_described_once_by_its_name(document: Document) -> None:
    """But those of Compute, which has a description of its own."""
    assert sorted(_operations(document)) == sorted(str(route.name) for route in ROUTES)


def test_every_operation_says_how_it_answers_when_it_refuses(document: Document) -> None:
    for name, operation in _operations(document).items():
        problem = operation["responses"]["default"]["content"]["application/problem+json"]
        assert problem["schema"] == {"$ref": "#/components/schemas/Problem"}, name
        assert [code for code in operation["responses"] if code.startswith("2")], name


def test_every_write_says_what_it_takes_and_takes_nothing_else(document: Document) -> None:
    operations = _operations(document)
    for name, kind in BODIES.items():
        schema = operations[name]["requestBody"]["content"]["application/json"]["schema"]
        assert schema == {"$ref": f"#/components/schemas/{kind.__name__}"}
    for name, operation in operations.items():
        assert ("requestBody" in operation) == (name in BODIES)


def _objects(document: Document, reference: str) -> list[tuple[str, Document]]:
    """A schema, and all those that it refers to."""
    name = reference.rpartition("/")[2]
    schema = document["components"]["schemas"][name]
    found, text = [(name, schema)], str(schema)
    for other in document["components"]["schemas"]:
        if other != name and f"schemas/{other}'" in text:
            found += _objects(document, other)
    return found


@pytest.mark.parametrize(
    # What a relay reports may grow within, for relays and leaders are not renewed together.
    "kind",
    [
        kind
        for name, kind in BODIES.items()
        if name not in {"report_outcomes", "report_observations"}
    ],
)
def test_bodies_have_no_other_fields_than_those_named(document: Document, kind: type) -> None:
    for name, schema in _objects(document, kind.__name__):
        if schema.get("type") == "object":
            assert schema.get("additionalProperties") is False, name


# Doing these again does no harm by itself.
_REPEATABLE = frozenset({"report_outcomes", "report_observations", "rebuild_projection"})


def test_every_post_and_delete_by_a_caller_takes_an_idempotency_key(document: Document) -> None:
    for name, operation in _operations(document).items():
        named = {parameter["name"] for parameter in operation.get("parameters", [])}
        takes = operation["method"] in {"post", "delete"} and name not in _REPEATABLE
        assert ("Idempotency-Key" in named) == takes, name


def test_the_description_says_that_a_token_is_needed(document: Document) -> None:
    assert document["security"] == [{"token": []}]
    for operation in _operations(document).values():
        if operation["path"] in OPEN:
            assert operation["security"] == []


@pytest.mark.takes(20)
@pytest.mark.xdist_group("schemathesis")
def test_schemathesis_finds_nothing_wrong_with_the_native_api(region: Region) -> None:
    region.process.readside.patience = 0.01
    region.limits(instances=-1, cores=-1, ram=-1)
    for _ in range(3):
        region.scaling(region.adopted(), LARGE)
    finds_nothing(
        _HERE / "schemathesis.toml",
        region.url,
        "/v1/openapi.json",
        # An administrator may not report; the bodies have tests of their own.
        *("--exclude-operation-id", "report_outcomes"),
        *("--exclude-operation-id", "report_observations"),
        ULLAGE_TOKEN=region.tokens["admin"],
    )
