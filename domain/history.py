"""The union of every event that the log may hold."""

from __future__ import annotations

from domain.catalogue.flavor import FlavorEvent
from domain.catalogue.image import ImageEvent
from domain.catalogue.region_policy import RegionPolicyEvent
from domain.hosts.host import HostEvent
from domain.hosts.pool import PoolEvent
from domain.hosts.server_group import ServerGroupEvent
from domain.quota import QuotaEvent
from domain.quota.quota_class import QuotaClassEvent
from domain.schedules.schedule_events import ScheduleEvent
from domain.schedules.window import WindowEvent
from domain.server import ServerEvent

AnyEvent = (
    ServerEvent
    | QuotaEvent
    | QuotaClassEvent
    | ServerGroupEvent
    | FlavorEvent
    | ImageEvent
    | HostEvent
    | PoolEvent
    | RegionPolicyEvent
    | WindowEvent
    | ScheduleEvent
)
