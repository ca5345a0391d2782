"""Schedules, and the rules of autoscalers, made over HTTP."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

from tests.kit.hypervisor import LARGE, SMALL
from tests.kit.region import Region, size

TOMORROW = (datetime.now(UTC) + timedelta(days=1)).replace(microsecond=0)
SCHEDULE: dict[str, Any] = {**size(LARGE), "at": TOMORROW.isoformat(), "reason": "the sale"}
YEAR = TOMORROW.year + 2
"""It begins in more than a year, and can still be asked for."""
DAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
RULES: dict[str, Any] = {"least": size(SMALL), "most": size(LARGE)}


def opens_in(hours: int) -> dict[str, Any]:
    """A window of two hours that opens every day, whatever time it is now, so much later.

    With a window at a time of the clock a test would find it open at some hours.
    """
    starts = (datetime.now(UTC) + timedelta(hours=hours)).strftime("%H:%M")
    return {"timezone": "UTC", "weekdays": list(DAYS), "starts": starts, "minutes": 120}


def schedule(region: Region, server: UUID | str, **fields: Any) -> str:
    """The id of a new one."""
    given = {name: value for name, value in (SCHEDULE | fields).items() if value is not None}
    answered = region.post(f"/v1/servers/{server}/schedules", given)
    assert answered.status_code == 201, answered.text
    return str(answered.json()["schedule"])


def autoscaled(region: Region, server: UUID, **fields: Any) -> str:
    """The server's id, when recommendations for it are taken."""
    answered = region.put(f"/v1/servers/{server}/autoscaling", RULES | fields)
    assert answered.status_code == 200, answered.text
    return str(server)
