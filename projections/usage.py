"""What servers have used over a time: hours, and vCPUs, memory and disk times hours."""

from __future__ import annotations

from datetime import datetime
from typing import LiteralString
from uuid import UUID

import msgspec

from domain.shared.request_spec import FlavorCopy

# A server counts from when it was adopted or first ran until it was deleted, stopped or not (as
# Nova's simple tenant usage). Each fact that says its size begins a period, which lasts until the
# next. Its disk is its flavor's; a flavor holds until a resize to another one was done.
_OF_SERVERS: LiteralString = """
WITH resizes AS (
    SELECT server, body ->> 'operation' AS operation, body #> '{resize,flavor}' AS flavor
    FROM history
    WHERE kind = 'server.scale-requested' AND body ->> 'resize' IS NOT NULL
      AND at < %(until)s AND (%(project)s::text IS NULL OR project = %(project)s)
), said AS (
    SELECT fact.server, fact.position, fact.at, fact.kind,
           (fact.body #>> '{size,vcpus}')::bigint AS vcpus,
           (fact.body #>> '{size,memory_mib}')::bigint AS memory_mib,
           CASE WHEN fact.kind IN ('server.adopted', 'server.build-requested')
                THEN fact.body #> '{spec,flavor}' ELSE resizes.flavor END AS flavor
    FROM history AS fact
    JOIN servers ON servers.id = fact.server
    LEFT JOIN resizes ON fact.kind = 'server.scale-confirmed' AND resizes.server = fact.server
        AND resizes.operation = fact.body ->> 'operation'
    WHERE fact.kind IN (
            'server.adopted', 'server.build-requested', 'server.built', 'server.scale-confirmed',
            'server.scale-partly-applied', 'server.migrated', 'server.power-changed',
            'server.drift-adopted', 'server.deleted'
        )
      AND fact.at < %(until)s
      AND (servers.terminated IS NULL OR servers.terminated > %(since)s)
      AND (%(project)s::text IS NULL OR fact.project = %(project)s)
      AND (%(after)s::uuid IS NULL OR fact.server > %(after)s)
), eras AS (
    SELECT *, count(flavor) OVER (PARTITION BY server ORDER BY position) AS era FROM said
), periods AS (
    SELECT server, kind, position, vcpus, memory_mib, greatest(at, %(since)s) AS begins,
           lead(at, 1, %(until)s) OVER (PARTITION BY server ORDER BY position) AS ends,
           first_value(flavor) OVER (PARTITION BY server, era ORDER BY position) AS flavor
    FROM eras
), counted AS (
    SELECT *, extract(epoch FROM ends - begins)::float8 / 3600 AS hours,
           coalesce((flavor ->> 'disk_gib')::bigint, 0)
               + coalesce((flavor ->> 'ephemeral_gib')::bigint, 0) AS disk_gib
    FROM periods
    WHERE kind NOT IN ('server.build-requested', 'server.deleted') AND ends > begins
), taken AS (
    SELECT server, sum(hours) AS hours, sum(vcpus * hours) AS vcpu_hours,
           sum(memory_mib * hours) AS memory_mib_hours, sum(disk_gib * hours) AS disk_gib_hours,
           (array_agg(vcpus ORDER BY position DESC))[1] AS vcpus,
           (array_agg(memory_mib ORDER BY position DESC))[1] AS memory_mib,
           (array_agg(disk_gib ORDER BY position DESC))[1] AS disk_gib,
           nullif((array_agg(flavor ORDER BY position DESC))[1], 'null'::jsonb) AS flavor
    FROM counted GROUP BY server
)
"""

SERVERS: LiteralString = (
    _OF_SERVERS
    + """
SELECT id, project, state ->> 'name' AS name, host, state ->> 'power' AS power, flavor,
       created, launched, terminated, vcpus, memory_mib, disk_gib,
       hours, vcpu_hours, memory_mib_hours, disk_gib_hours
FROM taken JOIN servers ON servers.id = taken.server
ORDER BY id LIMIT %(limit)s
"""
)

PROJECTS: LiteralString = (
    _OF_SERVERS
    + """
SELECT project, count(*) AS servers, sum(hours) AS hours, sum(vcpu_hours) AS vcpu_hours,
       sum(memory_mib_hours) AS memory_mib_hours, sum(disk_gib_hours) AS disk_gib_hours
FROM taken JOIN servers ON servers.id = taken.server
WHERE %(after_project)s::text IS NULL OR project > %(after_project)s
GROUP BY project ORDER BY project LIMIT %(limit)s
"""
)


class ServerUsage(msgspec.Struct, frozen=True, kw_only=True):
    """The usage of one server. Memory in MiB, disk in GiB, times in UTC.

    Size and flavor are those of the last hour counted; ``launched`` is when it first ran, ``ended``
    when it was deleted.
    """

    id: UUID
    project: str
    name: str
    host: str
    power: str
    flavor: FlavorCopy | None
    created: datetime
    launched: datetime | None
    ended: datetime | None
    vcpus: int
    memory_mib: int
    disk_gib: int
    hours: float
    vcpu_hours: float
    memory_mib_hours: float
    disk_gib_hours: float


class ProjectUsage(msgspec.Struct, frozen=True, kw_only=True):
    """The usage of all servers that a project had in the time. Memory in MiB, disk in GiB."""

    project: str
    servers: int
    hours: float
    vcpu_hours: float
    memory_mib_hours: float
    disk_gib_hours: float
