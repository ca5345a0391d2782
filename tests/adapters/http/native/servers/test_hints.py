"""Hints are kept with a request for a server, so they have nothing that cannot be kept."""

from __future__ import annotations

import msgspec
import pytest

from tests.adapters.http.native.test_problems import told
from tests.kit.building import build, rooms, wanted
from tests.kit.region import NewRegion, Region, until

UNFIT = {
    "NUL": "a\0b",
    "a line end": "a\nb",
    "a line end behind it": "a\n",
    "ESC": "\x1b[2J",
    "DEL": "\x7f",
    "too long": "x" * 256,
}
FIT = {"rack": '"7" é', r"\u0000": r"\u0000 \\", "a b": ""}


@pytest.mark.parametrize("text", [*UNFIT.values(), ""], ids=[*UNFIT, "nothing"])
def test_a_hint_with_an_invalid_name_is_refused(shared: Region, text: str) -> None:
    head = shared.head
    body = wanted(shared, flavor="m", image="i", hints={text: "x"})
    told(shared.post("/v1/servers", body, as_="member"), 400, "body-invalid")
    assert shared.head == head


@pytest.mark.parametrize("text", UNFIT.values(), ids=UNFIT)
def test_a_hint_with_an_invalid_value_is_refused(shared: Region, text: str) -> None:
    head = shared.head
    body = wanted(shared, flavor="m", image="i", hints={"rack": text})
    told(shared.post("/v1/servers", body, as_="member"), 400, "body-invalid")
    assert shared.head == head


def test_a_hint_with_half_a_surrogate_pair_is_refused(shared: Region) -> None:
    body = msgspec.json.encode(wanted(shared, flavor="m", image="i", hints={"k": "v"}))
    told(
        shared.post("/v1/servers", content=body.replace(b'"k"', b'"\\ud800"')), 400, "body-invalid"
    )


def test_valid_hints_are_kept_in_every_table(new_region: NewRegion) -> None:
    region = new_region().leading()
    rooms(region)
    server = build(region, hints=FIT, reason=r"as \u0000").json()["server"]
    spec = region.get(f"/v1/servers/{server}/request-spec", as_="reader").json()["spec"]
    assert spec["hints"] == FIT
    until(lambda: region.process.readside.saved >= region.head)
    history = region.get(f"/v1/history?server={server}").json()["items"]
    assert history[-1]["body"]["reason"] == r"as \u0000"
    assert len(region.get("/v1/servers").json()["items"]) == 1
