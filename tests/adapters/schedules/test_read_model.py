"""What waits is in memory, what is over only in its table; a fold of all facts says the same."""

from __future__ import annotations

from datetime import timedelta

from adapters.readside.models import Models
from domain.schedules.schedule import Schedule
from domain.schedules.schedule_refusals import ScheduleState
from tests.adapters.http.native.later import TOMORROW, schedule
from tests.adapters.readside.story import folded, loaded, rows, saved
from tests.adapters.schedules.test_running import clock
from tests.kit.region import Region


def waiting(models: Models) -> dict[str, int]:
    return {row.id: row.version for row in models.catalogue.all(Schedule)}


def test_memory_tables_and_fold_agree(region: Region) -> None:
    ran, refused, cancelled, waits = (schedule(region, region.adopted()) for _ in range(4))
    region.ask("DELETE", f"/v1/schedules/{cancelled}")
    later = (TOMORROW + timedelta(hours=1)).isoformat()
    region.ask("PATCH", f"/v1/schedules/{waits}", {"at": later})
    region.limits(cores=10)
    clock(region, TOMORROW).run_due()
    saved(region.process)
    told: dict[str, ScheduleState] = {
        row[1]: row[4]["state"] for row in rows(region.dsn)["catalogue"] if row[0] == "schedule"
    }
    ended = sorted([told.pop(ran), told.pop(refused)])
    assert ended == ["ran", "refused"]
    assert told == {cancelled: "cancelled", waits: "waiting"}
    memory = region.process.readside.models
    assert waiting(memory) == waiting(folded(region.process)) == waiting(loaded(region.dsn))
    assert waiting(memory) == {waits: 2}
    row = memory.catalogue.get(Schedule, waits)
    assert row == loaded(region.dsn).catalogue.get(Schedule, waits)
