"""A window is set, changed and deleted; it opens at its local time, whatever the clocks do."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given as given_any
from hypothesis import strategies as st
from msgspec.structs import replace

from domain.schedules.window import Window, WindowDeleted, WindowSet
from domain.schedules.window_times import (
    WEEKDAYS,
    Opening,
    TimezoneUnknown,
    WindowInvalid,
    WindowTimes,
    next_opening,
)
from tests.kit.scenario import given

NIGHT = WindowTimes(timezone="Europe/Vienna", weekdays=("sunday",), starts="02:30", minutes=90)
DAILY = replace(NIGHT, weekdays=WEEKDAYS)
SET = WindowSet(was=None, to=NIGHT, reason="agreed")


def utc(written: str) -> datetime:
    return datetime.fromisoformat(written).replace(tzinfo=UTC)


def opening(times: WindowTimes, after: str) -> tuple[str, str]:
    found = next_opening(times, utc(after))
    opens, closes = (moment.strftime("%Y-%m-%dT%H:%M") for moment in found)
    return opens, closes


def test_a_window_is_set_changed_and_deleted() -> None:
    assert Window.create(NIGHT, "agreed") == SET
    given(Window, SET).when(lambda w: w.change(DAILY)).then(WindowSet(was=NIGHT, to=DAILY))
    given(Window, SET).when(lambda w: w.delete("over")).then(WindowDeleted(reason="over"))
    state = given(Window, SET, WindowSet(was=NIGHT, to=DAILY)).state
    assert state.times() == DAILY
    gone = given(Window, SET, WindowDeleted()).state
    assert gone == replace(given(Window, SET).state, deleted=True)
    assert gone.after(SET) == Window.begin(SET)


def test_weekdays_come_in_order_and_once() -> None:
    asked = replace(NIGHT, weekdays=("sunday", "monday", "sunday"))
    assert Window.create(asked).to.weekdays == ("monday", "sunday")


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("weekdays", ()),
        ("starts", "24:00"),
        ("starts", "2:30"),
        ("starts", "02:30:00"),
        ("starts", "02:60"),
        ("minutes", 0),
        ("minutes", 7 * 24 * 60 + 1),
    ],
)
def test_a_window_that_never_opens_or_never_closes_is_refused(field: str, value: object) -> None:
    asked = replace(NIGHT, **{field: value})
    with pytest.raises(WindowInvalid) as refused:
        Window.create(asked)
    assert refused.value.field == field
    with pytest.raises(WindowInvalid):
        given(Window, SET).state.change(asked)


@pytest.mark.parametrize(
    "name",
    [
        "",
        "Mars/Olympus",
        "Europe",
        "europe/vienna",
        "../../etc/passwd",
        "/etc/localtime",
        "right/Europe/Vienna",
        "localtime",
        "Europe/Vienna\0",
        "Europe/Vienna/",
        "A" * 300,
    ],
)
def test_an_unknown_time_zone_is_refused(name: str) -> None:
    asked = replace(NIGHT, timezone=name)
    with pytest.raises(TimezoneUnknown) as refused:
        Window.create(asked)
    assert vars(refused.value) == {"timezone": name}


@pytest.mark.parametrize("name", ["UTC", "America/Argentina/Ushuaia", "Etc/GMT-14", "EST5EDT"])
def test_every_iana_time_zone_is_known(name: str) -> None:
    assert Window.create(replace(NIGHT, timezone=name)).to.timezone == name


def test_a_decided_fact_is_folded_even_if_its_timezone_is_known_no_longer() -> None:
    past = WindowSet(was=None, to=replace(NIGHT, timezone="Mars/Olympus"))
    assert given(Window, past).state.timezone == "Mars/Olympus"


@pytest.mark.parametrize(
    ("after", "opens", "closes"),
    [
        # In winter Vienna is an hour ahead of UTC, in summer two.
        ("2026-01-05T00:00", "2026-01-11T01:30", "2026-01-11T03:00"),
        ("2026-07-06T00:00", "2026-07-12T00:30", "2026-07-12T02:00"),
        # One that is open now is the one that is told, until it has closed.
        ("2026-01-11T01:30", "2026-01-11T01:30", "2026-01-11T03:00"),
        ("2026-01-11T02:59", "2026-01-11T01:30", "2026-01-11T03:00"),
        ("2026-01-11T03:00", "2026-01-18T01:30", "2026-01-18T03:00"),
    ],
)
def test_a_window_opens_next_at_its_local_time(after: str, opens: str, closes: str) -> None:
    assert opening(NIGHT, after) == (opens, closes)


def test_a_window_at_a_skipped_local_time_opens_by_the_offset_before() -> None:
    """On 2026-03-29 Vienna goes from 02:00 to 03:00: 02:30 is read as 03:30, which is 01:30 UTC."""
    assert opening(NIGHT, "2026-03-28T00:00") == ("2026-03-29T01:30", "2026-03-29T03:00")
    local = next_opening(NIGHT, utc("2026-03-28T00:00")).opens.astimezone(ZoneInfo("Europe/Vienna"))
    assert (local.hour, local.minute) == (3, 30)


def test_a_window_at_a_local_time_that_comes_twice_opens_once_at_the_first() -> None:
    """On 2026-10-25 Vienna goes from 03:00 back to 02:00."""
    assert opening(NIGHT, "2026-10-24T00:00") == ("2026-10-25T00:30", "2026-10-25T02:00")
    assert opening(NIGHT, "2026-10-25T02:00")[0] == "2026-11-01T01:30"


def test_a_window_is_open_for_as_many_real_minutes_while_clocks_change() -> None:
    long = replace(NIGHT, starts="00:00", minutes=24 * 60)
    assert opening(long, "2026-03-28T12:00") == ("2026-03-28T23:00", "2026-03-29T23:00")
    assert opening(long, "2026-10-24T12:00") == ("2026-10-24T22:00", "2026-10-25T22:00")


def test_a_window_past_midnight_belongs_to_the_day_it_opened() -> None:
    late = replace(NIGHT, weekdays=("saturday",), starts="23:00", minutes=180, timezone="UTC")
    assert opening(late, "2026-01-04T01:00") == ("2026-01-03T23:00", "2026-01-04T02:00")
    assert opening(late, "2026-01-04T02:00")[0] == "2026-01-10T23:00"


def test_a_window_of_a_whole_week_is_always_open() -> None:
    week = replace(NIGHT, weekdays=("monday",), starts="00:00", minutes=7 * 24 * 60, timezone="UTC")
    assert opening(week, "2026-01-11T23:59") == ("2026-01-05T00:00", "2026-01-12T00:00")
    assert opening(week, "2026-01-12T00:00")[0] == "2026-01-12T00:00"


_TIMES = st.builds(
    WindowTimes,
    timezone=st.sampled_from(
        ["Europe/Vienna", "America/New_York", "Australia/Lord_Howe", "Pacific/Apia", "UTC"]
    ),
    weekdays=st.sets(st.sampled_from(WEEKDAYS), min_size=1).map(tuple),
    starts=st.times().map(lambda time: time.strftime("%H:%M")),
    minutes=st.integers(1, 7 * 24 * 60),
)


@given_any(_TIMES, st.datetimes(datetime(2000, 1, 1), datetime(2037, 1, 1)))  # noqa: DTZ001
def test_an_opening_is_the_first_that_has_not_closed(times: WindowTimes, at: datetime) -> None:
    after = at.replace(tzinfo=UTC)
    found = next_opening(times, after)
    assert found.closes > after
    assert found.closes - found.opens == timedelta(minutes=times.minutes)
    # It is among the openings of the window, and none before it is open still.
    earlier = next_opening(times, after - timedelta(days=15))
    openings: list[Opening] = []
    while earlier.opens < found.opens:
        openings.append(earlier)
        earlier = next_opening(times, earlier.closes)
    assert all(one.closes <= after for one in openings)
