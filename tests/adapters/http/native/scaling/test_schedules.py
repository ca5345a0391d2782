"""A scale for later is made, listed, changed and cancelled over HTTP."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any
from uuid import UUID, uuid4

import pytest

from adapters import tokens
from domain.shared.size import Size
from tests.adapters.http.native.later import SCHEDULE, TOMORROW, opens_in, schedule
from tests.adapters.http.native.test_problems import told
from tests.adapters.http.native.things import window
from tests.kit.hypervisor import LARGE, SMALL
from tests.kit.region import FOREIGN, OWN, Region, size

KEY = {"idempotency-key": "once"}


def post(region: Region, server: UUID, body: dict[str, Any], **how: Any) -> Any:
    return region.post(f"/v1/servers/{server}/schedules", body, **how)


def show(region: Region, id_: str) -> dict[str, Any]:
    shown: dict[str, Any] = region.get(f"/v1/schedules/{id_}").json()
    return shown


def moment(text: str) -> datetime:
    return datetime.fromisoformat(text)


def test_a_schedule_is_shown_as_it_was_made(region: Region) -> None:
    server = region.adopted()
    made = post(region, server, SCHEDULE | {"consent": "migrate"}, as_="member")
    assert made.status_code == 201
    id_ = made.json()["schedule"]
    assert made.headers["location"] == f"/v1/schedules/{id_}"
    shown = region.get(made.headers["location"])
    assert shown.headers["etag"] == '"1"'
    document = shown.json()
    assert moment(document.pop("due")) == TOMORROW
    assert moment(document.pop("until")) == TOMORROW + timedelta(minutes=15)
    assert document == {
        "id": id_,
        "server": str(server),
        "server_name": f"vm-{server}",
        "project": OWN,
        "to": size(LARGE),
        "consent": "migrate",
        "window": None,
        "state": "waiting",
        "operation": None,
        "problem": None,
        "asked_by": "member",
        "reason": "the sale",
        "version": 1,
    }


def test_a_schedule_in_a_window_waits_for_its_next_opening(region: Region) -> None:
    name = window(region, **opens_in(12))
    id_ = schedule(region, region.adopted(), at=None, window=name)
    shown = show(region, id_)
    assert shown["window"] == name
    assert moment(shown["due"]) < moment(shown["until"])


def test_growth_is_scaled_at_once_on_request(region: Region) -> None:
    server = region.adopted()
    mixed = SCHEDULE | {"memory_mib": 1024, "grow": "any-time"}
    made = post(region, server, mixed).json()
    assert region.get(f"/v1/operations/{made['operation']}").json()["to"] == size(Size(4, 4096))
    assert show(region, made["schedule"])["to"] == size(Size(4, 1024))


def test_a_schedule_with_nothing_left_for_later_is_only_an_operation(region: Region) -> None:
    made = post(region, region.adopted(), SCHEDULE | {"grow": "any-time"})
    document = made.json()
    assert (made.status_code, document["schedule"]) == (201, None)
    assert made.headers["location"] == f"/v1/operations/{document['operation']}"


@pytest.mark.parametrize(
    "wrong",
    [
        {"at": None},
        {"window": "night"},
        {"at": "2030-01-01T00:00:00"},
        {"at": 1893456000},
        {"at": "tomorrow"},
        {"at": "0001-01-01T00:00:00+23:59"},
        {"at": "9999-12-31T23:59:59-23:59"},
        {"at": "2001-01-01T00:00:00Z"},
        {"grow": "never"},
        {"consent": "everything"},
        {"vcpus": 0},
    ],
)
def test_an_invalid_schedule_is_refused(region: Region, wrong: dict[str, Any]) -> None:
    server, head = region.adopted(), region.head
    assert post(region, server, SCHEDULE | wrong).status_code == 400
    assert region.head == head


def test_a_past_time_is_refused_with_what_is_possible(region: Region) -> None:
    answer = post(region, region.adopted(), SCHEDULE | {"at": "2001-01-01T00:00:00Z"})
    document = told(answer, 400, "time-invalid")
    assert document["at"] == "2001-01-01T00:00:00Z"
    assert moment(document["after"]) < moment(document["until"])


def test_a_schedule_for_an_unknown_window_is_refused(region: Region) -> None:
    wish = SCHEDULE | {"window": "nowhere"}
    del wish["at"]
    document = told(post(region, region.adopted(), wish), 404, "not-found")
    assert (document["what"], document["id"]) == ("window", "nowhere")


def test_a_schedule_asked_for_again_with_its_key_is_the_same(region: Region) -> None:
    server = region.adopted()
    first, again = (post(region, server, SCHEDULE, headers=KEY) for _ in range(2))
    assert first.json() == again.json()
    assert first.headers["ullage-position"] == again.headers["ullage-position"]
    assert len(region.get("/v1/schedules").json()["items"]) == 1


def test_a_schedule_is_changed_in_part_at_its_present_version(region: Region) -> None:
    id_ = schedule(region, region.adopted())
    path, seen = f"/v1/schedules/{id_}", {"if-match": '"1"'}
    changed = region.ask("PATCH", path, {"vcpus": 3}, headers=seen, as_="member")
    assert (changed.status_code, changed.headers["etag"]) == (200, '"2"')
    assert changed.json()["to"] == size(Size(3, LARGE.memory_mib))
    shown = show(region, id_)
    assert (shown["to"], shown["asked_by"]) == (size(Size(3, LARGE.memory_mib)), "member")
    told(region.ask("PATCH", path, {"vcpus": 2}, headers=seen), 412, "stale-version")
    assert region.ask("PATCH", path, {"at": None}).status_code == 400
    assert (
        region.ask("PATCH", path, {"at": "2030-01-01T00:00:00Z", "window": "w"}).status_code == 400
    )


def test_a_cancelled_schedule_stays_recorded(region: Region) -> None:
    id_ = schedule(region, region.adopted())
    path = f"/v1/schedules/{id_}"
    cancelled = region.ask("DELETE", f"{path}?reason=no+sale")
    assert (cancelled.status_code, cancelled.content) == (204, b"")
    assert show(region, id_)["state"] == "cancelled"
    assert told(region.ask("DELETE", path), 409, "schedule-over")["state"] == "cancelled"
    told(region.ask("PATCH", path, {"vcpus": 3}), 409, "schedule-over")


def test_schedules_are_filtered_and_paged(region: Region) -> None:
    one, other, foreign = region.adopted(), region.adopted(), region.adopted(project=FOREIGN)
    of_one = {schedule(region, one) for _ in range(3)}
    of_other, of_foreign = schedule(region, other), schedule(region, foreign)
    region.ask("DELETE", f"/v1/schedules/{of_other}")

    def listed(query: str = "", as_: str = "admin") -> list[str]:
        page = region.get(f"/v1/schedules{query}", as_=as_).json()
        return [item["id"] for item in page["items"]]

    assert listed() == sorted({*of_one, of_other, of_foreign})
    assert set(listed(f"?server={one}")) == of_one
    assert listed(f"?project={FOREIGN}") == [of_foreign]
    assert listed("?state=cancelled") == [of_other]
    assert set(listed(as_="reader")) == {*of_one, of_other}
    assert listed(f"?project={FOREIGN}", as_="reader") == []
    first = region.get("/v1/schedules?limit=3")
    rest = region.get(f"/v1/schedules?limit=3&cursor={first.json()['next']}").json()
    assert [i["id"] for i in first.json()["items"] + rest["items"]] == listed()
    assert rest["next"] is None


def test_a_schedules_history_tells_who_asked(region: Region) -> None:
    server = region.adopted(SMALL)
    id_ = post(region, server, SCHEDULE, as_="member").json()["schedule"]
    found = region.get(f"/v1/history?server={server}&kind=schedule.made", as_="reader").json()
    (entry,) = found["items"]
    assert (entry["by"], entry["project"], entry["why"]) == ("member", OWN, "the sale")
    assert entry["body"]["to"]["to"] == size(LARGE)
    assert show(region, id_)["asked_by"] == "member"


def test_an_unknown_schedule_is_not_found(region: Region) -> None:
    told(region.get(f"/v1/schedules/{uuid4()}"), 404, "not-found")


def test_a_schedule_is_not_changed_by_a_token_without_its_consent(region: Region) -> None:
    region.tokens["careful"] = tokens.create(
        region.dsn, name="careful", role="member", project=OWN, consents=frozenset()
    )
    server = region.adopted()
    restarts = SCHEDULE | {"consent": "restart"}
    told(post(region, server, restarts, as_="careful"), 403, "not-permitted")
    path = f"/v1/schedules/{schedule(region, server, consent='restart')}"
    less = region.ask("PATCH", path, {"vcpus": 3}, as_="careful")
    told(less, 403, "not-permitted")
    lives = region.ask("PATCH", path, {"vcpus": 3, "consent": "live"}, as_="careful")
    assert (lives.status_code, lives.json()["consent"]) == (200, "live")
