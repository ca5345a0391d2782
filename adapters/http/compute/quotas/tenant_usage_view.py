"""Usage as Nova shows it: over which time, of a project, of each of its servers."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import UTC, datetime, timedelta
from typing import Any, NamedTuple

from adapters.http.compute.gateway.calls import Call
from adapters.http.compute.gateway.faults import Fault
from adapters.http.gateway import pieces
from projections.usage import ServerUsage

_FORMATS = ("%Y-%m-%dT%H:%M:%S", "%Y-%m-%dT%H:%M:%S.%f", "%Y-%m-%d %H:%M:%S.%f")
_TOLD = "%Y-%m-%dT%H:%M:%S.%f"
# Who says nothing of the time asks for this moment, which lasts a little, as in Nova.
_MOMENT = timedelta(microseconds=10)

_STATES = {"building": "building", "running": "active", "paused": "paused", "stopped": "stopped"}


class Span(NamedTuple):
    """From when until when; ``now``: of the future nothing is known."""

    begins: datetime
    ends: datetime
    now: datetime


def span(call: Call) -> Span:
    """The start and the end of the time asked for (UTC). Raises Fault."""
    now = call.context.now()
    begins, ends = _moment(call, "start") or now - _MOMENT, _moment(call, "end") or now
    if begins >= ends:
        raise Fault(400, "Invalid start time. The start time cannot occur after the end time.")
    return Span(begins, min(ends, now), now)


async def project_usage(
    project: str, of: Iterable[ServerUsage], over: Span, *, detailed: bool
) -> dict[str, Any]:
    servers = list(of)
    told: dict[str, Any] = {
        "tenant_id": project,
        "start": _text(over.begins),
        "stop": _text(over.ends),
        "total_hours": sum(one.hours for one in servers),
        "total_vcpus_usage": sum(one.vcpu_hours for one in servers),
        "total_memory_mb_usage": sum(one.memory_mib_hours for one in servers),
        "total_local_gb_usage": sum(one.disk_gib_hours for one in servers),
    }
    if detailed:
        told["server_usages"] = await pieces.each(lambda one: _server(one, over.now), servers)
    return told


def _server(one: ServerUsage, now: datetime) -> dict[str, Any]:
    """Its size is its last in that time; its hours are of all sizes it had."""
    started = one.launched or one.created
    return {
        "instance_id": str(one.id),
        "name": one.name,
        "tenant_id": one.project,
        "flavor": one.flavor.name if one.flavor else "",
        "vcpus": one.vcpus,
        "memory_mb": one.memory_mib,
        "local_gb": one.disk_gib,
        "hours": one.hours,
        "started_at": _text(started),
        "ended_at": _text(one.ended) if one.ended else None,
        "state": "terminated" if one.ended else _STATES.get(one.power, "error"),
        "uptime": int(((one.ended or now) - started).total_seconds()),
    }


def _moment(call: Call, name: str) -> datetime | None:
    """Of several the first, as Nova; one that is empty says nothing. Raises Fault."""
    text = next(filter(None, call.query.get(name, ())), None)
    if text is None:
        return None
    for form in _FORMATS:
        try:
            return datetime.strptime(text, form).replace(tzinfo=UTC)
        except ValueError:
            continue
    raise Fault(400, "Invalid datetime string: Datetime is in invalid format")


def _text(moment: datetime) -> str:
    return moment.astimezone(UTC).strftime(_TOLD)
