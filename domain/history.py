"""Every event the log may hold, as one union."""

from __future__ import annotations

from domain.flavor import FlavorEvent
from domain.host import HostEvent
from domain.image import ImageEvent
from domain.pool import PoolEvent
from domain.quota import QuotaEvent
from domain.quota_class import QuotaClassEvent
from domain.region_policy import RegionPolicyEvent
from domain.schedule import ScheduleEvent
from domain.server import ServerEvent
from domain.server_group import ServerGroupEvent
from domain.window import WindowEvent

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
