"""A scale is asked for now and done at a time, or in a window, as it is typed."""

from __future__ import annotations

from uuid import UUID

import pytest

from tests.adapters.cli.conftest import Ullage
from tests.adapters.http.native.later import YEAR, opens_in
from tests.adapters.http.native.things import window
from tests.kit.region import Region

THEN = f"{YEAR}-01-01T00:00Z"


@pytest.fixture
def server(shared_region: Region) -> UUID:
    shared_region.limits(instances=-1, cores=-1, ram=-1)
    return shared_region.adopted()


def waiting(asking: Ullage, server: UUID) -> list[dict[str, object]]:
    found: list[dict[str, object]] = asking(
        "schedule", "list", "--server", str(server), "--json"
    ).document["items"]
    return found


def test_a_scale_is_scheduled_at_a_time(asking: Ullage, server: UUID) -> None:
    words = ("scale", str(server), "--vcpus", "4", "--at", THEN, "--reason", "the sale")
    ended = asking(*words, "--consent", "restart", as_="member")
    assert ended.code == 0
    assert f"due {YEAR}-01-01 00:00:00 UTC" in ended.out
    (made,) = waiting(asking, server)
    assert made["to"] == {"vcpus": 4, "memory_mib": 4096}
    assert (made["consent"], made["reason"]) == ("restart", "the sale")
    assert asking("server", "show", str(server), "--json").document["operation"] is None


def test_a_scale_is_scheduled_in_a_window_and_growth_at_once(
    asking: Ullage, shared_region: Region, server: UUID
) -> None:
    name = window(shared_region, **opens_in(12))
    words = ("scale", str(server), "--vcpus", "4", "--memory", "2GiB", "--window", name)
    made = asking(*words, "--grow-any-time", "--json").document
    assert UUID(made["operation"])
    assert UUID(made["schedule"])
    shown = asking("server", "show", str(server), "--json").document
    assert shown["requested"] == {"vcpus": 4, "memory_mib": 4096}
    (later,) = waiting(asking, server)
    assert (later["window"], later["to"]) == (name, {"vcpus": 4, "memory_mib": 2048})


def test_the_same_key_makes_one_schedule(asking: Ullage, server: UUID) -> None:
    words = ("scale", str(server), "--vcpus", "4", "--memory", "4096", "--at", THEN)
    first, second = (asking(*words, "--idempotency-key", "late", "--json") for _ in range(2))
    assert first.document == second.document
    assert len(waiting(asking, server)) == 1


@pytest.mark.parametrize(
    ("words", "says"),
    [
        (("--at", THEN, "--window", "nights"), "either"),
        (("--at", "2020-01-01T00:00Z"), "a time after"),
        (("--at", "tonight"), "tonight"),
        (("--window", "nowhere"), "window"),
        (("--at", THEN, "--wait"), "neither --plan nor --wait"),
        (("--at", THEN, "--plan", "1-00000000"), "neither --plan nor --wait"),
        (("--grow-any-time",), "window"),
    ],
)
def test_an_invalid_schedule_is_refused_2(
    asking: Ullage, server: UUID, words: tuple[str, ...], says: str
) -> None:
    ended = asking("scale", str(server), "--vcpus", "4", *words)
    assert (ended.code, ended.out) == (2, "")
    assert says in " ".join(ended.err.split())
    assert waiting(asking, server) == []
