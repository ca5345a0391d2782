"""One refusal of every kind or more, with values as they occur, for every branch of its text."""

from __future__ import annotations

from datetime import UTC, datetime
from uuid import UUID

from msgspec.structs import replace

from commands.scaling.scale_servers import OneRefused
from domain.catalogue.flavor import (
    ExtraSpecInvalid,
    FlavorAccessExists,
    FlavorAccessMissing,
    FlavorExists,
)
from domain.catalogue.image import ImageExists, MemoryTooSmall, PropertyInvalid
from domain.catalogue.region_policy import RetriesInvalid
from domain.hosts.server_group import InAnotherGroup, PolicyViolated, RulesUnsupported
from domain.quota.limiting import AboveProject, NotShared
from domain.quota.tree import BelowItself
from domain.scaling.recommendation import AutoscalingInvalid, NotAutoscaled
from domain.schedules.appointment import TimeInvalid
from domain.schedules.schedule_refusals import ScheduleMissed, ScheduleOver
from domain.schedules.window_times import TimezoneUnknown, WindowInvalid
from domain.server.pinning import NotInZone, PinnedElsewhere
from domain.server.unconfirmed import NotResized, ResizeUnconfirmed
from domain.shared.errors import (
    AboveCeiling,
    AlreadyAdopted,
    DriftOpen,
    LimitInvalid,
    Misaligned,
    NeedsMigration,
    NeedsRestart,
    NoMemorySlot,
    NotFound,
    NothingDrifted,
    NothingToCancel,
    NothingToChange,
    NothingToResolve,
    NotScalable,
    NoValidHost,
    OutcomeUndecided,
    PowerForbids,
    QuotaBelowUsage,
    QuotaExceeded,
    Refused,
    ResourceUnknown,
    ScaleInProgress,
    Shortage,
    StalePlan,
    StaleVersion,
)
from domain.shared.refusal import refusal
from domain.shared.ruled_out import RuledOut
from tests.kit.examples import HUGE, LARGE, OPERATION, PROJECT, SERVER, SMALL, TINY

GROUP = UUID(int=7)
MORNING = datetime(2026, 3, 1, 6, 0, tzinfo=UTC)
NOON = datetime(2026, 3, 1, 12, 0, tzinfo=UTC)
LATER = datetime(2031, 3, 1, 12, 0, tzinfo=UTC)

ROOM = RuledOut(reason="room", hosts=1)
EVERY_REASON = (
    RuledOut(reason="pool", hosts=2, asked="gpu"),
    RuledOut(reason="zone", hosts=2, asked="az-9"),
    RuledOut(reason="trait", hosts=1, asked="FAST"),
    RuledOut(reason="policy", hosts=2, asked="affinity"),
    RuledOut(reason="maintenance", hosts=1),
    RuledOut(reason="unread", hosts=1),
    RuledOut(reason="room", hosts=2),
)
CORES = Shortage(resource="cores", asked=3, used=2, limit=4, left=2)
OF_ANN = replace(CORES, scope="user", node="ann")
OF_ALL = replace(CORES, used=9, limit=10, left=1, scope="shared", node="acme")
OF_GROUP = Shortage(
    resource="server_group_members", asked=1, used=10, limit=10, left=0, scope="group", node="web"
)
RAM = Shortage(resource="ram", asked=0, used=4096, limit=1024, left=0)

OF_SERVERS: tuple[Refused, ...] = (
    NotFound(what="server", id=str(SERVER)),
    AlreadyAdopted(server=SERVER),
    ScaleInProgress(operation=OPERATION, to=LARGE),
    OutcomeUndecided(operation=OPERATION, to=LARGE),
    NothingToResolve(operation=OPERATION),
    NothingToCancel(operation=OPERATION),
    NothingToChange(size=SMALL),
    NothingDrifted(),
    DriftOpen(),
    PowerForbids(power="paused"),
    PowerForbids(power="gone"),
    PowerForbids(power="building", needs=("running", "paused", "stopped")),
    ResizeUnconfirmed(was=SMALL, size=LARGE),
    NotResized(),
    PinnedElsewhere(pinned="north"),
    NotInZone(current="north", asked="south"),
    StaleVersion(expected=3, current=5),
)
OF_SCALING: tuple[Refused, ...] = (
    NotScalable(server_size=SMALL),
    NotScalable(server_size=SMALL, closed=("region", "image")),
    NotScalable(server_size=SMALL, closed=("vcpus",)),
    AboveCeiling(asked=HUGE, ceiling=LARGE),
    NeedsRestart(asked=HUGE, floor=TINY, ceiling=LARGE),
    Misaligned(asked_memory_mib=5000, step_mib=128, nearest_memory_mib=4992),
    NoMemorySlot(asked_memory_mib=8192),
    NeedsMigration(asked=LARGE),
    NoValidHost(asked=LARGE, pool="gpu"),
    NoValidHost(asked=LARGE, ruled_out=(ROOM,)),
    NoValidHost(asked=LARGE, ruled_out=(ROOM,), in_place=True),
    NoValidHost(asked=LARGE, ruled_out=(replace(ROOM, hosts=3),), would_fit=SMALL),
    NoValidHost(asked=LARGE, ruled_out=EVERY_REASON),
    StalePlan(planned="1-a", current="2-b"),
    OneRefused(item=0, server=SERVER, refused=refusal(AboveCeiling(asked=HUGE, ceiling=LARGE))),
    NotAutoscaled(),
    AutoscalingInvalid(field="least", fault=f"{LARGE} is above the most, {SMALL}"),
)
OF_QUOTAS: tuple[Refused, ...] = (
    QuotaExceeded(project=PROJECT, shortages=[CORES]),
    QuotaExceeded(project=PROJECT, shortages=[CORES, RAM], would_fit=SMALL),
    QuotaExceeded(project=PROJECT, shortages=[OF_ANN, OF_ALL, OF_GROUP]),
    QuotaBelowUsage(shortages=[RAM]),
    LimitInvalid(resource="ram", limit=-2),
    ResourceUnknown(resource="gpus"),
    AboveProject(resource="cores", limit=7, most=6),
    NotShared(resource="key_pairs"),
    BelowItself(project="dev", parent="dev"),
    BelowItself(project="dev", parent="sub"),
)
OF_THE_CATALOGUE: tuple[Refused, ...] = (
    FlavorExists(flavor="m1.small"),
    FlavorAccessExists(flavor="m1.small", project=PROJECT),
    FlavorAccessMissing(flavor="m1.small", project=PROJECT),
    ExtraSpecInvalid(key="hw:max_vcpus", value="2", fault="it is below the flavor's own 4"),
    ImageExists(image="debian"),
    MemoryTooSmall(memory_mib=512, least=1024),
    PropertyInvalid(key="hw_max_vcpus", value="two", fault="it must be a whole number, 1 or more"),
    RetriesInvalid(asked=11),
    RulesUnsupported(policy="affinity"),
    PolicyViolated(policy="anti-affinity"),
    InAnotherGroup(group=GROUP),
)
OF_SCHEDULES: tuple[Refused, ...] = (
    TimeInvalid(at=MORNING, after=NOON, until=LATER),
    ScheduleOver(state="cancelled"),
    ScheduleMissed(due=MORNING, until=NOON),
    TimezoneUnknown(timezone="Vienna"),
    WindowInvalid(field="minutes", fault="it must be 1 to 10080"),
)
REFUSALS: tuple[Refused, ...] = (
    *OF_SERVERS,
    *OF_SCALING,
    *OF_QUOTAS,
    *OF_THE_CATALOGUE,
    *OF_SCHEDULES,
)
