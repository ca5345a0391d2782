"""Windows are set whole, under their names."""

from __future__ import annotations

import pytest
from msgspec.structs import replace

from commands.catalogue.delete_from_catalogue import DeleteFromCatalogue
from commands.schedules.set_window import SetWindow, WindowRecorded
from domain.schedules.window import Window, WindowDeleted, WindowSet
from domain.schedules.window_times import TimezoneUnknown, WindowInvalid, WindowTimes
from domain.shared.errors import NotFound, StaleVersion
from tests.commands.kit.region import Region, told

STREAM = "window:night"
TIMES = WindowTimes(
    timezone="Europe/Vienna", weekdays=("saturday", "sunday"), starts="22:30", minutes=120
)
LONGER = replace(TIMES, minutes=240)
SET = WindowSet(was=None, to=TIMES)


def test_a_window_is_created_and_changed_as_a_whole(region: Region) -> None:
    first = region.ask(SetWindow(window="night", times=TIMES))
    assert told(first, WindowRecorded) == WindowRecorded(
        name="night",
        timezone="Europe/Vienna",
        weekdays=("saturday", "sunday"),
        starts="22:30",
        minutes=120,
        version=1,
    )
    region.ask(SetWindow(window="night", times=LONGER, reason="too short"))
    assert region.events == [
        (STREAM, SET),
        (STREAM, WindowSet(was=TIMES, to=LONGER, reason="too short")),
    ]


def test_setting_what_is_set_records_nothing(region: Region) -> None:
    region.given((STREAM, SET))
    asked = replace(TIMES, weekdays=("sunday", "saturday"))
    assert told(region.ask(SetWindow(window="night", times=asked)), WindowRecorded).version == 1
    assert region.events == []


def test_version_0_is_that_of_one_that_is_not_there(region: Region) -> None:
    region.ask(SetWindow(window="night", times=TIMES, expected=0))
    with pytest.raises(StaleVersion) as refused:
        region.ask(SetWindow(window="night", times=LONGER, expected=0))
    assert vars(refused.value) == {"expected": 0, "current": 1}
    region.ask(DeleteFromCatalogue(kind=Window, id="night", expected=1))
    with pytest.raises(StaleVersion):
        region.ask(SetWindow(window="night", times=LONGER, expected=2))
    again = region.ask(SetWindow(window="night", times=LONGER, expected=0))
    assert told(again, WindowRecorded).version == 3
    assert region.events == [
        (STREAM, SET),
        (STREAM, WindowDeleted()),
        (STREAM, WindowSet(was=None, to=LONGER)),
    ]


def test_a_window_that_never_opens_is_refused(region: Region) -> None:
    with pytest.raises(TimezoneUnknown):
        region.ask(SetWindow(window="night", times=replace(TIMES, timezone="Mars/Olympus")))
    with pytest.raises(WindowInvalid):
        region.ask(SetWindow(window="night", times=replace(TIMES, weekdays=())))
    with pytest.raises(NotFound):
        region.ask(DeleteFromCatalogue(kind=Window, id="night"))
    assert region.events == []
