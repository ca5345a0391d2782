"""Each verb says the same to people and to programs as the API does."""

from __future__ import annotations

from uuid import UUID

import pytest

from domain.shared.size import Size
from tests.adapters.cli.conftest import Shell, Ullage, of_region, rows
from tests.kit.hypervisor import lose_request, memory_only, refuse
from tests.kit.region import HOST, OWN, Region, regions


@pytest.fixture
def server(region: Region) -> UUID:
    return region.adopted()


def name_of(server: UUID) -> str:
    return f"vm-{server}"


def test_a_server_is_adopted_with_its_ceiling(region: Region, ullage: Ullage) -> None:
    server = region.host.make(Size(2, 4096))
    most = ("--ceiling-vcpus", "8", "--ceiling-memory", "16GiB")
    ended = ullage("adopt", HOST, str(server), "--project", OWN, *most, "--reason", "ours")
    assert ended.code == 0
    assert ["Hypervisor", "allocates", "2", "4096"] in rows(ended)
    assert "8 vCPUs / 16384 MiB" in ended.out
    assert region.get(f"/v1/servers/{server}").json()["project"] == OWN


def test_servers_are_listed_and_shown_by_id_or_name(
    region: Region, ullage: Ullage, server: UUID
) -> None:
    assert str(server)[:8] in ullage("server", "list").out
    assert ullage("server", "list", "--json").document == region.get("/v1/servers").json()
    shown = region.get(f"/v1/servers/{server}").json()
    for asked in (str(server), name_of(server)):
        assert ullage("server", "show", asked, "--json").document == shown
    told = ullage("server", "show", name_of(server))
    assert ["Power", "running"] in rows(told)
    assert ["Requested", "2", "4096"] in rows(told)
    assert ["Hypervisor", "allocates", "2", "4096"] in rows(told)
    assert ["Guest", "sees", "2", "4006"] in rows(told)


def test_pages_are_followed(region: Region, ullage: Ullage) -> None:
    for _ in range(3):
        region.adopted()
    first = ullage("server", "list", "--limit", "2")
    assert "There are more" in first.err
    assert len(ullage("server", "list", "--limit", "2", "--json").document["items"]) == 2
    every = ullage("history", "--all", "--json").document
    assert every["next"] is None
    assert len(every["items"]) == region.head


def test_a_ceiling_is_declared_changed_and_taken_away(ullage: Ullage, server: UUID) -> None:
    def ceiling(*words: str) -> object:
        return ullage("server", "ceiling", str(server), *words, "--json").document["ceiling"]

    assert ceiling("--vcpus", "4", "--memory", "8GiB") == {"vcpus": 4, "memory_mib": 8192}
    assert ceiling("--memory", "16GiB") == {"vcpus": 4, "memory_mib": 16384}
    assert ceiling("--fixed") is None
    assert "may not be scaled" in ullage("server", "ceiling", str(server), "--fixed").out


def test_plan_tells_steps_and_quota_and_changes_nothing(
    region: Region, ullage: Ullage, server: UUID
) -> None:
    before = region.head
    ended = ullage("plan", str(server), "--vcpus", "4", as_="member")
    assert ended.code == 0
    assert "2 vCPUs / 4096 MiB → 4 vCPUs / 4096 MiB" in ended.out
    assert "no restart" in ended.out
    document = ullage("plan", str(server), "--vcpus", "4", "--json").document
    assert document["to"] == {"vcpus": 4, "memory_mib": 4096}
    assert region.head == before


def test_scale_waits_for_the_end_and_shows_all_three_numbers(
    region: Region, ullage: Ullage, server: UUID
) -> None:
    with region.carried():
        ended = ullage("scale", str(server), "--vcpus", "4", "--memory", "8GiB", "--wait")
    assert ended.code == 0
    assert ["Before", "2", "4096"] in rows(ended)
    assert ["Asked", "4", "8192"] in rows(ended)
    assert ["Hypervisor", "allocates", "4", "8192"] in rows(ended)
    assert ["Guest", "sees", "4", "8102"] in rows(ended)


def test_a_dimension_that_is_not_named_stays(region: Region, ullage: Ullage, server: UUID) -> None:
    ended = ullage("scale", str(server), "--memory", "6GiB", "--json", as_="member")
    assert ended.document["to"] == {"vcpus": 2, "memory_mib": 6144}


def test_scale_without_waiting_names_the_operation(
    region: Region, ullage: Ullage, server: UUID
) -> None:
    ended = ullage("scale", str(server), "--vcpus", "4")
    operation = region.get("/v1/operations").json()["items"][0]["id"]
    assert ended.code == 0
    assert operation in ended.out
    assert f"ullage op show {operation} --wait" in " ".join(ended.err.split())
    assert ullage("op", "show", operation, "--json").document["state"] == "open"
    assert operation[:8] in ullage("op", "list", "--state", "open").out
    with region.carried():
        assert ullage("op", "show", operation, "--wait").code == 0


def test_the_same_key_does_nothing_twice(region: Region, ullage: Ullage, server: UUID) -> None:
    words = ("scale", str(server), "--vcpus", "4", "--idempotency-key", "k-1", "--json")
    first = ullage(*words, "--memory", "4096").document
    head = region.head
    assert ullage(*words, "--memory", "4096").document == first
    assert region.head == head


def test_waiting_ends_when_its_seconds_are_over(ullage: Ullage, server: UUID) -> None:
    ended = ullage("scale", str(server), "--vcpus", "4", "--wait", "1")
    assert ended.code == 5
    assert "Not ended yet" in ended.out


def test_a_failed_operation_is_told_with_its_reason(
    region: Region, ullage: Ullage, server: UUID
) -> None:
    region.host.tell(server, refuse)
    with region.carried():
        ended = ullage("scale", str(server), "--vcpus", "4", "--wait")
    assert ended.code == 2
    assert "the guest does not let go of its memory" in ended.out


def test_a_partly_applied_scale_is_not_success(
    region: Region, ullage: Ullage, server: UUID
) -> None:
    region.host.tell(server, memory_only)
    with region.carried():
        ended = ullage("scale", str(server), "--vcpus", "4", "--memory", "8GiB", "--wait")
    assert ended.code == 2
    assert "in part" in ended.out


def test_an_unknown_outcome_is_told_and_resolved(database: str, shell: Shell) -> None:
    with regions(database) as new, (region := new(operation_seconds=2.0).leading()).carried():
        server, ullage = region.adopted(), of_region(shell, region)
        region.host.tell(server, *[lose_request] * 50)
        ended = ullage("scale", str(server), "--vcpus", "4", "--wait", "--json")
        assert ended.code == 5
        assert ended.document["state"] == "unknown"
        resolved = ullage("op", "resolve", ended.document["id"], "--wait", "--json")
    assert resolved.code == 2
    assert resolved.document["state"] == "failed"


def test_limits_are_shown_and_quotas_set(region: Region, ullage: Ullage, server: UUID) -> None:
    changed = ullage("quota", "set", OWN, "cores=4", "ram=unlimited", "--reason", "a trial")
    assert changed.code == 0
    shown = ullage("quota", "show", OWN, "--json").document
    assert shown["own"] == {"cores": 4, "ram": -1}
    assert "unlimited" in ullage("quota", "show", OWN).out
    assert ullage("quota", "set", OWN, "ram=default", "--json").document["limits"] == {"cores": 4}
    limits = ullage("limits", OWN, "--json", as_="reader").document
    assert limits == region.get(f"/v1/projects/{OWN}/limits").json()
    assert ["cores", "2", "4", "2"] in [row[:4] for row in rows(ullage("limits", OWN))]


def test_a_limit_below_what_is_used_needs_force(ullage: Ullage, server: UUID) -> None:
    assert ullage("quota", "set", OWN, "cores=1").code == 2
    assert ullage("quota", "set", OWN, "cores=1", "--force").code == 0


def test_history_is_filtered(region: Region, ullage: Ullage, server: UUID) -> None:
    def kinds(*words: str) -> set[str]:
        found = ullage("history", "--json", *words).document["items"]
        return {entry["kind"] for entry in found}

    region.limits(cores=9)
    assert kinds("--kind", "quota.changed") == {"quota.changed"}
    assert "quota.changed" not in kinds("--server", name_of(server))
    assert kinds("--project", "nobody") == set()
    opening = {"quota-class.changed", "host.enlisted", "pool.host-joined"}
    assert kinds("--actor", "settings") == opening
    assert kinds("--until", "2020-01-01") == set()
    assert kinds("--since", "2020-01-01T00:00:00+02:00") == kinds()
    told = " ".join(ullage("history").out.split())
    assert f"server.adopted {name_of(server)} in demo" in told
    assert "cores +2 → 2" in told


def test_operators_see_lanes_and_rebuild_read_models(
    region: Region, ullage: Ullage, server: UUID
) -> None:
    region.scaling(server, Size(4, 4096))
    assert HOST in ullage("lanes").out
    assert ullage("lanes", "--json").document[0]["waiting"] == 1
    assert "(region)" in ullage("costs").out
    [mine] = [one for one in ullage("costs", "--json").document if one["tenant"] == "-admin"]
    assert mine["commands"] >= 1
    assert mine["facts"] > 1
    assert ullage("projection", "list", "--json").document["head"] == region.head
    assert f"{region.head} facts" in ullage("projection", "list").out
    for name in ("servers", "operations", "limits", "history"):
        rebuilt = ullage("projection", "rebuild", name)
        assert rebuilt.code == 0
        assert name in rebuilt.out.lower()


def test_a_token_that_sees_all_may_have_a_home(region: Region, ullage: Ullage) -> None:
    made = ullage("token", "create", "eva", "--role", "auditor", "--project", OWN)
    assert made.code == 0
    region.tokens["eva"] = made.out.strip()
    homes = {one["name"]: one["project"] for one in ullage("token", "list", "--json").document}
    assert homes["eva"] == OWN
    assert ullage("token", "create", "relay-2", "--role", "service", "--project", OWN).code == 2


def test_a_token_is_shown_once_and_can_be_revoked(region: Region, ullage: Ullage) -> None:
    made = ullage("token", "create", "ada", "--role", "member", "--project", OWN)
    token = made.out.strip()
    assert token.startswith("ullage_")
    region.tokens["ada"] = token
    listed = ullage("token", "list")
    assert "ada" in listed.out
    assert {one["name"] for one in ullage("token", "list", "--json").document} >= {"ada", "admin"}
    assert ullage("token", "revoke", "ada").code == 0
    assert ullage("token", "revoke", "ada").code == 2
    assert ullage("token", "create", "ada", "--role", "member").code == 2


def test_migrations_are_applied_once(ullage: Ullage) -> None:
    assert ullage("migrate", "--json").document == []
    assert ullage("migrate").code == 0


def test_the_audit_finds_nothing_after_all_verbs(
    region: Region, ullage: Ullage, server: UUID
) -> None:
    with region.carried():
        ullage("scale", str(server), "--vcpus", "4", "--wait")
    ended = ullage("audit", "verify", "--json")
    assert ended.code == 0
    assert ended.document["position"] == region.head
    assert ended.document["differences"] == []
