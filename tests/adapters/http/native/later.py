"""Schedules, and the rules of autoscalers, made over HTTP."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

from tests.kit.hypervisor import LARGE, SMALL
from tests.kit.region import Region, size

TOMORROW = (datetime.now(UTC) + timedelta(days=1)).replace(microsecond=0)
SCHEDULE: dict[str, Any] = {**size(LARGE), "at": TOMORROW.isoformat(), "reason": "the sale"}
RULES: dict[str, Any] = {"least": size(SMALL), "most": size(LARGE)}


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
