"""Scales for later, as people and programs look at them."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID, uuid4

import pytest

from adapters.cli.kit.client import Api
from adapters.cli.kit.ending import DONE, Stopped
from adapters.cli.scaling import later
from tests.adapters.cli.conftest import Ullage
from tests.adapters.http.native.later import TOMORROW, YEAR, opens_in, schedule
from tests.adapters.http.native.things import window
from tests.kit.hypervisor import LARGE
from tests.kit.region import Region, size


def test_schedules_are_listed_with_the_next_due_first(
    asking: Ullage, shared_region: Region
) -> None:
    server = shared_region.adopted()
    late = schedule(shared_region, server, at=f"{YEAR}-01-01T00:00:00Z")
    soon = schedule(shared_region, server)
    listed = asking("schedule", "list", "--server", str(server), as_="reader")
    assert listed.code == 0
    assert listed.out.index(soon[:8]) < listed.out.index(late[:8])
    assert f"{YEAR}-01-01" in listed.out
    document = asking("schedule", "list", "--server", str(server), "--json").document
    assert {one["id"] for one in document["items"]} == {soon, late}
    assert asking("schedule", "list", "--state", "ran", "--json").document["items"] == []


def test_a_schedule_is_shown_with_what_it_will_ask_for(
    asking: Ullage, shared_region: Region
) -> None:
    id_ = schedule(shared_region, shared_region.adopted())
    shown = asking("schedule", "show", id_)
    for words in ("4 vCPUs / 8192 MiB", "waiting", "the sale", "admin"):
        assert words in shown.out
    document = asking("schedule", "show", id_, "--json").document
    assert document == shared_region.get(f"/v1/schedules/{id_}").json()


def test_a_schedule_is_changed_in_what_is_given(asking: Ullage, shared_region: Region) -> None:
    id_, name = (
        schedule(shared_region, shared_region.adopted()),
        window(shared_region, **opens_in(12)),
    )
    changed = asking("schedule", "change", id_, "--vcpus", "3", "--json").document
    assert changed["to"] == {"vcpus": 3, "memory_mib": LARGE.memory_mib}
    assert datetime.fromisoformat(changed["due"]) == TOMORROW
    moved = asking("schedule", "change", id_, "--window", name)
    assert name in moved.out
    back = asking("schedule", "change", id_, "--at", f"{YEAR}-01-01 01:00+01:00", "--json").document
    assert (back["due"], back["window"]) == (f"{YEAR}-01-01T00:00:00Z", None)
    assert asking("schedule", "change", id_, "--vcpus", "2", "--if-match", "1").code == 3
    assert asking("schedule", "change", id_).code == 2
    both = asking("schedule", "change", id_, "--at", f"{YEAR}-01-01", "--window", name)
    assert (both.code, "either" in both.err) == (2, True)


def test_a_schedule_is_cancelled_once(asking: Ullage, shared_region: Region) -> None:
    id_ = schedule(shared_region, shared_region.adopted())
    done = asking("schedule", "cancel", id_, "--reason", "no sale")
    assert (done.code, done.out) == (0, f"Schedule {id_} is cancelled.\n")
    again = asking("schedule", "cancel", id_)
    assert (again.code, "cancelled" in again.err) == (2, True)
    assert "cancelled" in asking("schedule", "show", id_).out
    assert asking("schedule", "show", str(uuid4())).code == 2


@pytest.fixture(name="api")
def _api(shared_region: Region) -> Api:
    return Api(shared_region.url, shared_region.tokens["member"])


def test_a_scale_for_later_is_made_and_told(
    api: Api, shared_region: Region, capsys: pytest.CaptureFixture[str]
) -> None:
    server = shared_region.adopted()
    wish = size(LARGE) | {"reason": "the sale"}
    assert later.make(api, server, wish, at=TOMORROW, window=None) == DONE
    assert "due" in capsys.readouterr().out
    (made,) = shared_region.get(f"/v1/schedules?server={server}").json()["items"]
    assert (made["reason"], made["asked_by"]) == ("the sale", "member")
    assert datetime.fromisoformat(made["due"]) == TOMORROW


def test_growth_may_be_asked_for_at_once(
    api: Api, shared_region: Region, capsys: pytest.CaptureFixture[str]
) -> None:
    server, name = shared_region.adopted(), window(shared_region, **opens_in(12))
    mixed = {"vcpus": 4, "memory_mib": 1024}
    later.make(api, server, mixed, at=None, window=name, grow_any_time=True)
    told = capsys.readouterr().out
    shown = shared_region.get(f"/v1/servers/{server}").json()
    assert UUID(shown["operation"]["id"])
    assert shown["operation"]["id"] in told
    assert "Schedule" in told


@pytest.mark.parametrize(("at", "window"), [(TOMORROW, "night"), (None, None)])
def test_a_schedule_waits_for_a_time_or_a_window_not_both(
    api: Api, shared_region: Region, at: datetime | None, window: str | None
) -> None:
    with pytest.raises(Stopped):
        later.make(api, shared_region.adopted(), size(LARGE), at=at, window=window)
