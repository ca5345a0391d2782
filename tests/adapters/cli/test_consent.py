"""What takes more than a live change is planned, told with what to type, and done with consent."""

from __future__ import annotations

from collections.abc import Iterator
from uuid import UUID

import pytest

from domain.shared.envelope import Envelope
from domain.shared.size import Size
from tests.adapters.cli.conftest import Shell, Ullage, has, of_region, rows
from tests.kit.hypervisor import ScriptedHost
from tests.kit.region import OWN, Region, regions

HERE, THERE = "host-1", "host-2"
LARGER = ("--vcpus", "4", "--memory", "12GiB")
TYPED = "--vcpus 4 --memory 12288MiB"


@pytest.fixture
def region(database: str) -> Iterator[Region]:
    """Two hosts of one pool; the first has room for what is on it, and a little more."""
    with regions(database) as new:
        region = new({HERE: ScriptedHost(), THERE: ScriptedHost()}).leading()
        has(region, HERE, 8192)
        has(region, THERE, 32768)
        yield region


@pytest.fixture
def ullage(shell: Shell, region: Region) -> Ullage:
    return of_region(shell, region)


@pytest.fixture
def server(region: Region) -> UUID:
    return region.adopted()


def test_a_plan_that_needs_a_migration_says_where_to_and_what_to_type(
    ullage: Ullage, server: UUID
) -> None:
    ended = ullage("plan", str(server), *LARGER, as_="member")
    assert ended.code == 4
    assert f"Needs a live migration to {THERE}" in ended.out
    assert "no room for" in " ".join(ended.out.split())
    assert ["host", HERE, THERE, "live-migration", "best-effort"] in rows(ended)
    plan = ullage("plan", str(server), *LARGER, "--json").document
    assert (plan["mode"], plan["to_host"]) == ("migrate", THERE)
    assert f"Plan {plan['version']}" in ended.out
    typed = f"ullage scale {server} {TYPED} --consent migrate --plan {plan['version']}"
    assert typed in ended.err


def test_a_scale_without_consent_exits_4(region: Region, ullage: Ullage, server: UUID) -> None:
    before = region.head
    ended = ullage("scale", str(server), *LARGER, "--wait", "--reason", "a big day")
    assert ended.code == 4
    assert "needs a migration" in " ".join(ended.err.split())
    typed = f"ullage scale {server} {TYPED} --reason 'a big day' --wait --consent migrate"
    assert typed in ended.err
    assert ended.out == ""
    assert region.head == before


def test_a_scale_with_another_consent_exits_4(ullage: Ullage, server: UUID) -> None:
    assert ullage("scale", str(server), *LARGER, "--consent", "restart").code == 4
    ended = ullage("scale", str(server), "--memory", "512MiB", "--consent", "migrate")
    assert ended.code == 4
    assert f"ullage scale {server} --memory 512MiB --consent restart" in ended.err


def test_a_server_migrates_with_consent_and_is_scaled_there(
    region: Region, ullage: Ullage, server: UUID
) -> None:
    with region.carried():
        ended = ullage("scale", str(server), *LARGER, "--consent", "migrate", "--wait")
    assert ended.code == 0
    assert f"Done, on {THERE}." in ended.out
    assert ["Hypervisor", "allocates", "4", "12288"] in rows(ended)
    assert ["Host", THERE] in rows(ullage("server", "show", str(server)))
    assert region.hosts[THERE].sizes == {server: Size(4, 12288)}
    hosts = {one["name"]: one["used"] for one in ullage("host", "list", "--json").document}
    assert hosts[HERE] == {"vcpus": 0, "memory_mib": 0}
    assert hosts[THERE] == {"vcpus": 4, "memory_mib": 12288}
    told = " ".join(ullage("history", "--server", str(server)).out.split())
    assert f"server.migrated vm-{server} in {OWN} {HERE} → {THERE}" in told
    operation = ullage("op", "list", "--json").document["items"][0]["id"]
    shown = rows(ullage("op", "show", operation))
    assert ["Host", HERE, "→", THERE] in shown
    assert ["Mode", "migrate", "(consent:", "migrate)"] in shown


def test_accepted_with_consent_it_says_where_to(ullage: Ullage, server: UUID) -> None:
    ended = ullage("scale", str(server), *LARGER, "--consent", "migrate")
    assert ended.code == 0
    assert f"on {THERE} after a live migration" in " ".join(ended.out.split())


def test_a_restart_is_done_with_consent_only(region: Region, ullage: Ullage, server: UUID) -> None:
    less = ("--memory", "512MiB", "--wait")
    plan = ullage("plan", str(server), "--memory", "512MiB")
    assert plan.code == 4
    assert "Needs a restart:" in plan.out
    assert ["memory", "4096", "512", "definition", "yes"] in rows(plan)
    assert {"stop", "start"} <= {row[0] for row in rows(plan) if row}
    with region.carried():
        assert ullage("scale", str(server), *less).code == 4
        assert region.host.sizes[server] == Size(2, 4096)
        assert ullage("scale", str(server), *less, "--consent", "restart").code == 0
    assert region.host.sizes[server] == Size(2, 512)


def test_a_scale_without_a_memory_slot_exits_4(region: Region, ullage: Ullage) -> None:
    region.host.envelope = Envelope(
        floor=Size(1, 1024), ceiling=Size(8, 65536), memory_by="dimm", memory_slots_left=0
    )
    server = region.adopted()
    ended = ullage("scale", str(server), "--memory", "5GiB")
    assert ended.code == 4
    assert f"ullage scale {server} --memory 5120MiB --consent restart" in ended.err


def test_a_stopped_server_needs_no_consent(region: Region, ullage: Ullage, server: UUID) -> None:
    with region.carried():
        assert ullage("server", "stop", str(server), "--wait").code == 0
        assert "the server is stopped" in ullage("plan", str(server), "--memory", "512").out
        assert ullage("scale", str(server), "--memory", "512", "--wait").code == 0
        assert ["Power", "stopped"] in rows(ullage("server", "show", str(server)))


def test_a_plan_that_is_stale_3(region: Region, ullage: Ullage, server: UUID) -> None:
    version = ullage("plan", str(server), *LARGER, "--json").document["version"]
    held = ("scale", str(server), *LARGER, "--consent", "migrate", "--plan", version)
    ullage("server", "set", str(server), "--no-scalable")
    ullage("server", "set", str(server), "--scalable")
    ended = ullage(*held)
    assert ended.code == 3
    assert "Plan again" in ended.err
    again = ullage("plan", str(server), *LARGER, "--json").document["version"]
    assert ullage(*held[:-1], again).code == 0


def test_a_scale_without_room_anywhere_exits_2(ullage: Ullage, server: UUID) -> None:
    ended = ullage("scale", str(server), "--memory", "40GiB", "--consent", "migrate")
    assert ended.code == 2
    assert "No valid host for" in ended.err
    assert "--memory 8192MiB" in ended.err
    assert "Cannot be done:" in ullage("plan", str(server), "--memory", "40GiB").out


def test_a_token_may_be_made_that_consents_to_less(
    region: Region, ullage: Ullage, server: UUID
) -> None:
    def token(name: str, *consents: str) -> None:
        words = [word for one in consents for word in ("--consent", one)]
        made = ullage("token", "create", name, "--role", "member", "--project", OWN, *words)
        region.tokens[name] = made.out.strip()

    token("timid", "live")
    token("mover", "migrate")
    asked = ("scale", str(server), *LARGER, "--consent", "migrate")
    refused = ullage(*asked, as_="timid")
    assert (refused.code, refused.out) == (2, "")
    assert "may not consent to 'migrate'" in refused.err
    assert (
        ullage("scale", str(server), "--vcpus", "3", "--consent", "restart", as_="mover").code == 2
    )
    assert ullage(*asked, as_="mover").code == 0
    told = {one["name"]: one["consents"] for one in ullage("token", "list", "--json").document}
    assert (told["timid"], told["mover"]) == ([], ["migrate"])
    assert told["member"] == ["migrate", "restart"]


def test_a_plan_that_no_size_would_fit_recommends_none(ullage: Ullage, server: UUID) -> None:
    ullage("server", "set", str(server), "--no-scalable")
    planned = ullage("plan", str(server), *LARGER)
    assert "Cannot be done:" in planned.out
    assert "Would fit" not in planned.out
    assert ullage("plan", str(server), *LARGER, "--json").document["nearest"] is None
