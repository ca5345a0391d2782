"""Which hypervisor hosts do not answer, as relays noted it."""

from __future__ import annotations

from collections.abc import Sequence

import msgspec

from adapters.http.gateway.parts.hypervisors import Hypervisors
from adapters.http.gateway.parts.reads import Reads
from projections.unreachable_hosts import UNREACHABLE, UnreachableHost


async def unreachable(reads: Reads, hypervisors: Hypervisors) -> dict[str, UnreachableHost]:
    """Those of the settings' hosts that do not answer, by name. Raises Unavailable."""
    away = [_host(row) for row in await reads.select(UNREACHABLE, {})]
    return {one.host: one for one in away if one.host in hypervisors.names}


def _host(row: Sequence[object]) -> UnreachableHost:
    named = zip(UnreachableHost.__struct_fields__, row, strict=True)
    return msgspec.convert(dict(named), UnreachableHost)
