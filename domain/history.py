"""Every event the log may hold, as one union."""

from __future__ import annotations

from domain.quota import QuotaEvent
from domain.quota_class import QuotaClassEvent
from domain.server import ServerEvent

AnyEvent = ServerEvent | QuotaEvent | QuotaClassEvent
