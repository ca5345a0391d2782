"""The audit finds what was changed behind the program's back, wherever it was changed."""

from __future__ import annotations

from typing import LiteralString
from uuid import UUID, uuid4

import psycopg
import pytest

from commands.placement.create_server_group import CreateServerGroup
from commands.quotas.move_project import MoveProject
from commands.quotas.set_quota import SetQuota, SetSharedQuota
from domain.shared.size import Size
from tests.adapters.cli.conftest import Ended, Ullage
from tests.kit.region import OWN, Region


@pytest.fixture(autouse=True)
def server(region: Region) -> UUID:
    """One that has grown, under a limit of its project."""
    server = region.adopted()
    region.limits(cores=9)
    with region.carried():
        region.ended(region.scaling(server, Size(4, 4096)))
    return server


def tamper(region: Region, statement: LiteralString) -> None:
    with psycopg.connect(region.dsn, autocommit=True) as connection:
        assert connection.execute(statement).rowcount > 0


def found(ended: Ended) -> list[tuple[str, str]]:
    assert ended.code == 2
    assert ended.document["sound"] is False
    return [(one["name"], one["what"]) for one in ended.document["differences"]]


def test_the_audit_of_a_sound_log_finds_nothing(region: Region, ullage: Ullage) -> None:
    ended = ullage("audit", "verify")
    assert ended.code == 0
    assert f"{region.head} hold" in ended.out
    assert "1 project, 1 server" in ended.out


def test_an_operation_that_is_open_is_counted_with_the_larger_size(
    region: Region, ullage: Ullage, server: UUID
) -> None:
    region.scaling(server, Size(8, 4096))
    assert ullage("audit", "verify").code == 0


def test_a_schedule_counts_while_it_waits(region: Region, ullage: Ullage, server: UUID) -> None:
    later = {"vcpus": 1, "memory_mib": 4096, "at": "2030-01-01T22:00:00Z"}
    path = f"/v1/servers/{server}/schedules"
    made = [region.post(path, later, as_="member").json()["schedule"] for _ in range(2)]
    assert ullage("audit", "verify").code == 0
    used = region.get(f"/v1/projects/{OWN}/limits").json()["resources"]["schedules"]["used"]
    region.ask("DELETE", f"/v1/schedules/{made[0]}")
    assert ullage("audit", "verify").code == 0
    left = region.get(f"/v1/projects/{OWN}/limits").json()["resources"]["schedules"]["used"]
    assert (used, left) == (2, 1)


def test_the_audit_finds_a_flipped_byte(region: Region, ullage: Ullage) -> None:
    at = ullage("history", "--kind", "server.adopted", "--json").document["items"][0]["position"]
    tamper(
        region,
        "UPDATE facts SET body = replace(body, '4096', '4097') WHERE kind = 'server.adopted'",
    )
    ended = ullage("audit", "verify", "--json")
    assert ended.code == 2
    assert ended.document["position"] == at - 1
    assert ended.document["broken"]["position"] == at
    assert f"at position {at}" in ullage("audit", "verify").out


def test_the_audit_finds_a_missing_fact(region: Region, ullage: Ullage) -> None:
    tamper(region, "DELETE FROM facts WHERE position = 3")
    assert ullage("audit", "verify", "--json").document["broken"]["position"] == 3


def test_the_audit_finds_a_changed_actor(region: Region, ullage: Ullage) -> None:
    tamper(region, "UPDATE facts SET by = 'nobody' WHERE position = 2")
    assert ullage("audit", "verify").code == 2


def test_the_audit_finds_a_missing_last_fact(region: Region, ullage: Ullage) -> None:
    """Nothing is chained to it, but the read models have seen it."""
    region.get(f"/v1/history?after={region.head}")
    last = region.head
    tamper(region, "DELETE FROM facts WHERE kind = 'server.scale-confirmed'")
    assert ullage("audit", "verify", "--json").document["broken"]["position"] == last


def test_the_audit_finds_a_wrong_usage_row(region: Region, ullage: Ullage) -> None:
    tamper(region, """UPDATE quota_usage SET used = '{"cores": 1, "ram": 4096, "instances": 1}'""")
    ended = ullage("audit", "verify", "--json")
    assert found(ended) == [(OWN, "usage table")]
    assert ended.document["differences"][0]["log"]["cores"] == 4
    assert ended.document["differences"][0]["found"]["cores"] == 1
    assert "cores 1" in " ".join(ullage("audit", "verify").out.split())


def test_the_audit_finds_a_missing_usage_row(region: Region, ullage: Ullage) -> None:
    tamper(region, "DELETE FROM quota_usage")
    assert found(ullage("audit", "verify", "--json")) == [(OWN, "usage table")]


def test_the_audit_finds_a_limit_that_nobody_set(region: Region, ullage: Ullage) -> None:
    tamper(region, """UPDATE quota_limits SET limits = '{"cores": 900}'""")
    assert found(ullage("audit", "verify", "--json")) == [(OWN, "limits table")]


def test_the_audit_finds_defaults_that_nobody_set(region: Region, ullage: Ullage) -> None:
    tamper(region, """UPDATE quota_classes SET limits = limits || '{"cores": 900}'""")
    assert found(ullage("audit", "verify", "--json")) == [("default", "quota class table")]


def test_the_audit_finds_nothing_in_a_rebuilt_read_model(ullage: Ullage) -> None:
    assert ullage("projection", "rebuild", "limits").code == 0
    assert ullage("audit", "verify").code == 0


@pytest.fixture
def tree(region: Region) -> None:
    """The project stands below acme, which shares cores; ann has a server and a limit in it."""
    for wish in (
        MoveProject(project=OWN, parent="acme"),
        SetSharedQuota(project="acme", limits={"cores": 99, "ram": 0}, force=True),
        SetQuota(project=OWN, user="ann", limits={"cores": 4, "instances": 0}),
        CreateServerGroup(group=uuid4(), project=OWN, user="ann", name="web", policy="affinity"),
    ):
        region.process.sequencer.call(wish, by="wei", because=uuid4())


@pytest.mark.usefixtures("tree")
def test_the_audit_of_a_sound_tree_finds_nothing(ullage: Ullage) -> None:
    assert ullage("audit", "verify").code == 0


@pytest.mark.usefixtures("tree")
@pytest.mark.parametrize(
    ("statement", "name", "what"),
    [
        (
            """UPDATE quota_parts SET amounts = '{"server_groups": 2}' WHERE part = 'user-used'""",
            f"user-used {OWN}/ann",
            "table of parts",
        ),
        (
            "DELETE FROM quota_parts WHERE part = 'user-used'",
            f"user-used {OWN}/ann",
            "table of parts",
        ),
        (
            "UPDATE quota_parts SET amounts = amounts - 'cores' WHERE part = 'below'",
            "below acme",
            "table of parts",
        ),
        (
            """UPDATE quota_parts SET amounts = '{"cores": 900}' WHERE part = 'shared-limits'""",
            "shared-limits acme",
            "table of limits",
        ),
        (
            "UPDATE quota_parts SET amounts = amounts - 'ram' WHERE part = 'shared-limits'",
            "shared-limits acme",
            "table of limits",
        ),
        (
            "UPDATE quota_parts SET amounts = amounts - 'instances' WHERE part = 'user-limits'",
            f"user-limits {OWN}/ann",
            "table of limits",
        ),
        (
            "UPDATE quota_parents SET parent = NULL",
            f"{OWN} below acme",
            "table of parents",
        ),
    ],
    ids=[
        "more used",
        "nothing used",
        "less below",
        "more shared",
        "a limit of nothing that is gone",
        "a user's limit of nothing that is gone",
        "a parent that is gone",
    ],
)
def test_the_audit_finds_wrong_rows_of_users_and_trees(
    region: Region, ullage: Ullage, statement: LiteralString, name: str, what: str
) -> None:
    tamper(region, statement)
    assert found(ullage("audit", "verify", "--json")) == [(name, what)]
