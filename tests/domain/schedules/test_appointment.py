"""An appointment is a time with a grace, or a window's next opening with its end."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta, timezone

import pytest

from domain.schedules.appointment import FURTHEST, GRACE, Appointment, TimeInvalid, at, in_window
from domain.schedules.window_times import WindowTimes
from tests.kit.examples import LATER, NOON

# NOON is on a Thursday.
THURSDAYS = WindowTimes(timezone="UTC", weekdays=("thursday",), starts="22:00", minutes=120)
NOW_OPEN = WindowTimes(timezone="UTC", weekdays=("thursday",), starts="11:00", minutes=120)


def test_an_appointment_at_a_time_has_a_grace() -> None:
    assert at(LATER, NOON) == Appointment(due=LATER, until=LATER + GRACE)


def test_an_appointment_is_kept_in_utc() -> None:
    east = timezone(timedelta(hours=5))
    assert at(LATER.astimezone(east), NOON).due.tzinfo is UTC


@pytest.mark.parametrize(
    "time",
    [
        NOON,
        NOON - timedelta(microseconds=1),
        NOON + FURTHEST + timedelta(microseconds=1),
        datetime.max.replace(tzinfo=timezone(timedelta(hours=-23))),
        datetime.min.replace(tzinfo=timezone(timedelta(hours=23))),
    ],
)
def test_an_appointment_in_the_past_or_too_far_ahead_is_refused(time: datetime) -> None:
    with pytest.raises(TimeInvalid) as refused:
        at(time, NOON)
    assert vars(refused.value) == {"at": time, "after": NOON, "until": NOON + FURTHEST}


def test_an_appointment_in_a_window_is_at_its_next_opening() -> None:
    opens = datetime(2026, 1, 1, 22, tzinfo=UTC)
    assert in_window("night", 3, THURSDAYS, NOON) == Appointment(
        due=opens, until=opens + timedelta(hours=2), window="night", window_version=3
    )


def test_an_appointment_in_an_open_window_is_now() -> None:
    assert in_window("noon", 1, NOW_OPEN, NOON) == Appointment(
        due=NOON, until=datetime(2026, 1, 1, 13, tzinfo=UTC), window="noon", window_version=1
    )
