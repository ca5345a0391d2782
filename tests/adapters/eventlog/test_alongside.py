"""Usage, limits, outbox and lanes are written in the facts' own statement, and agree with them."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any
from uuid import UUID

import psycopg
from msgspec.structs import replace

from adapters.eventlog.store import EventLog
from commands.command import Command
from commands.operations.end_operation import ReportSeen
from commands.quotas.set_default_quota import SetDefaultQuota
from commands.scaling.scale_server import ScaleServer
from commands.servers.adopt_server import AdoptServer
from domain.quota import ProjectQuota, QuotaEvent
from domain.quota.quota_class import QuotaClass
from domain.server import Step
from domain.shared.size import Size
from projections.outbox.asks import NO_DEADLINE
from tests.adapters.eventlog.batches import rows, write
from tests.commands.kit.small_commands import cores
from tests.commands.operations.test_end_operation import FAIL, GIVE_UP, RESOLVE, confirm
from tests.commands.scaling.test_scale_server import scale
from tests.commands.servers.test_adopt_server import ADOPT_WITH_CEILING
from tests.kit.examples import DEADLINE, HOST, LARGE, LATER, OPERATION, SERVER, SMALL, TINY, seen

OUTBOX = (
    "SELECT operation, position, ask, host, server, vcpus, memory_mib, deadline, attempts, sent "
    "FROM outbox ORDER BY position"
)
LANES = "SELECT host FROM lanes ORDER BY host"


def row(*, position: int, ask: str = "reconfigure", deadline: object = DEADLINE) -> tuple[Any, ...]:
    return (
        OPERATION, position, ask, HOST, SERVER, LARGE.vcpus, LARGE.memory_mib, deadline, 0, False
    )  # fmt: skip


def tables_agree_with_the_facts(log: EventLog, sql: psycopg.Connection) -> None:
    quotas: dict[str, ProjectQuota] = {}
    versions: dict[str, int] = {}
    for fact in log.facts(0, 10_000):
        if isinstance(event := fact.event, QuotaEvent):
            before = quotas.get(event.project, ProjectQuota())
            quotas[event.project] = before.after(event)
            versions[event.project] = fact.version
    used = {project: amounts for project, _, amounts in rows(sql, "SELECT * FROM quota_usage")}
    limits = {project: amounts for project, _, amounts in rows(sql, "SELECT * FROM quota_limits")}
    assert used == {project: quota.used for project, quota in quotas.items() if quota.used}
    assert limits == {project: quota.limits for project, quota in quotas.items() if quota.limits}
    latest = rows(
        sql,
        "SELECT project, max(version) FROM (SELECT project, version FROM quota_usage "
        "UNION ALL SELECT project, version FROM quota_limits) AS v GROUP BY project",
    )
    assert dict(latest) == versions


def test_usage_and_limit_tables_are_as_the_facts_have_them(
    log: EventLog, sql: psycopg.Connection
) -> None:
    steps: Sequence[Sequence[Command]] = (
        [ADOPT_WITH_CEILING],
        [cores(100), scale(LARGE), cores(50)],
        [confirm(Size(3, 6144))],
        [cores(60, "another"), cores(61, "another")],
        [scale(TINY)],
        [confirm(TINY), scale(LARGE), FAIL],
    )
    for step in steps:
        write(log, *step)
        tables_agree_with_the_facts(log, sql)
    assert rows(sql, "SELECT used FROM quota_usage") == [
        ({"instances": 1, "cores": 1, "ram": 1024},)
    ]


def test_the_quota_class_table_has_the_last_limits(log: EventLog, sql: psycopg.Connection) -> None:
    write(log, SetDefaultQuota(limits={"cores": 1}), SetDefaultQuota(limits={"cores": 2}))
    assert rows(sql, "SELECT * FROM quota_classes") == [("default", 2, {"cores": 2})]
    write(log, SetDefaultQuota(limits={}))
    assert rows(sql, "SELECT * FROM quota_classes") == [("default", 3, {})]
    loaded = log.load(QuotaClass, "quota-class:default")
    assert loaded
    assert loaded.state == QuotaClass()


def test_a_scale_stands_in_the_outbox_until_it_ends(log: EventLog, sql: psycopg.Connection) -> None:
    write(log, ADOPT_WITH_CEILING)
    assert (rows(sql, OUTBOX), rows(sql, LANES)) == ([], [])
    write(log, scale(LARGE))
    assert (rows(sql, OUTBOX), rows(sql, LANES)) == ([row(position=5)], [(HOST,)])
    write(log, confirm(LARGE))
    assert (rows(sql, OUTBOX), rows(sql, LANES)) == ([], [(HOST,)])


def test_a_failed_scale_leaves_the_outbox(log: EventLog, sql: psycopg.Connection) -> None:
    write(log, ADOPT_WITH_CEILING)
    write(log, scale(LARGE))
    write(log, FAIL)
    assert rows(sql, OUTBOX) == []


def test_an_unknown_outcome_stays_in_the_outbox_to_be_read_back(
    log: EventLog, sql: psycopg.Connection
) -> None:
    write(log, ADOPT_WITH_CEILING)
    write(log, scale(LARGE))
    write(log, GIVE_UP)
    assert rows(sql, OUTBOX) == [row(position=8, ask="read-back", deadline=NO_DEADLINE)]
    write(log, RESOLVE)
    assert rows(sql, OUTBOX) == [row(position=9, ask="read-back", deadline=LATER)]
    write(log, GIVE_UP)
    assert rows(sql, OUTBOX) == [row(position=10, ask="read-back", deadline=NO_DEADLINE)]


def test_an_operation_begun_and_ended_in_one_batch_never_reaches_the_outbox(
    log: EventLog, sql: psycopg.Connection
) -> None:
    write(log, ADOPT_WITH_CEILING, scale(LARGE), FAIL)
    assert (rows(sql, OUTBOX), rows(sql, LANES)) == ([], [(HOST,)])


def test_only_the_last_message_of_an_operation_in_a_batch_counts(
    log: EventLog, sql: psycopg.Connection
) -> None:
    write(log, ADOPT_WITH_CEILING)
    write(log, scale(LARGE))
    sql.execute("UPDATE outbox SET attempts = 3, sent = true, due = now()")
    write(log, GIVE_UP, RESOLVE)
    assert rows(sql, OUTBOX) == [row(position=9, ask="read-back", deadline=LATER)]
    write(log, GIVE_UP, RESOLVE, FAIL)
    assert rows(sql, OUTBOX) == []


def test_a_batch_writes_messages_for_many_servers_on_several_hosts(
    log: EventLog, sql: psycopg.Connection
) -> None:
    write(log, *[adopt(n) for n in range(6)])
    write(log, *[grow(n) for n in range(6)])
    assert rows(sql, "SELECT host, vcpus FROM outbox ORDER BY position") == [
        (f"host-{n % 3}", 4) for n in range(6)
    ]
    assert rows(sql, LANES) == [("host-0",), ("host-1",), ("host-2",)]
    write(log, *[end(n) for n in (0, 2, 4)], grow(0, operation=100))
    assert [host for host, _ in rows(sql, "SELECT host, vcpus FROM outbox ORDER BY position")] == [
        "host-1", "host-0", "host-2", "host-0"
    ]  # fmt: skip
    tables_agree_with_the_facts(log, sql)


def adopt(n: int) -> AdoptServer:
    return replace(ADOPT_WITH_CEILING, server=UUID(int=1000 + n), host=f"host-{n % 3}")


def grow(n: int, operation: int = 0) -> ScaleServer:
    return ScaleServer(
        server=UUID(int=1000 + n),
        to=Size(4 + (operation > 0), 8192),
        operation=UUID(int=operation or 2000 + n),
        deadline=DEADLINE,
    )


def end(n: int) -> ReportSeen:
    return ReportSeen(
        step=Step(server=UUID(int=1000 + n), operation=UUID(int=2000 + n), ask="reconfigure"),
        seen=seen(SMALL if n else LARGE, host=f"host-{n % 3}"),
        shortfall="no room",
    )
