"""People name things by name, or by how an id begins; lists name them so, and say when empty."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from uuid import UUID

import pytest

from adapters.cli.kit import show
from domain.shared.size import Size
from tests.adapters.cli.conftest import Shell, Ullage, of_region, rows
from tests.kit.region import HOST, OWN, Region, regions


@pytest.fixture
def server(region: Region) -> UUID:
    return region.adopted(ceiling=8)


@pytest.fixture
def operation(region: Region, server: UUID) -> str:
    return region.scaling(server, Size(4, 4096))


def test_the_beginning_of_an_id_names_a_server(ullage: Ullage, server: UUID) -> None:
    short = str(server)[:8]
    assert short in ullage("server", "list").out
    assert str(server) not in ullage("server", "list").out
    assert str(server) in ullage("server", "list", "--ids").out
    shown = ullage("server", "show", short, "--json").document
    assert shown["id"] == str(server)


def test_a_name_goes_before_an_id(region: Region, ullage: Ullage, server: UUID) -> None:
    other = region.adopted()
    name = str(server)[:8]
    assert ullage("server", "set", str(other), "--name", name).code == 0
    assert ullage("server", "show", name, "--json").document["id"] == str(other)


def test_an_operation_is_listed_with_its_server_and_its_age(
    ullage: Ullage, server: UUID, operation: str
) -> None:
    told = ullage("op", "list")
    assert operation[:8] in told.out
    assert operation not in told.out
    assert f"vm-{server}"[:20] in told.out
    assert rows(told)[0][-1] == "Age"
    assert ullage("op", "show", operation[:8], "--json").document["id"] == operation
    assert operation in "".join(ullage("op", "list", "--ids").out.split())
    assert ullage("op", "cancel", operation[:12]).code == 0


def test_an_invalid_operation_id_is_refused_in_words(ullage: Ullage, operation: str) -> None:
    other = "0000" if operation[0] != "0" else "1111"
    ended = ullage("op", "show", other)
    assert ended.code == 2
    assert f"There is no op {other}" in ended.err
    ended = ullage("op", "show", "latest")
    assert "'latest' is no op" in ended.err


def test_a_schedule_is_listed_with_its_server(ullage: Ullage, server: UUID) -> None:
    at = (datetime.now(UTC) + timedelta(days=1)).isoformat()
    words = ("scale", str(server), "--vcpus", "4", "--at", at, "--json")
    made = ullage(*words).document["schedule"]
    told = ullage("schedule", "list").out
    assert made[:8] in told
    assert f"vm-{server}"[:12] in told
    assert ullage("schedule", "cancel", made[:8]).code == 0


def test_history_and_usage_name_the_server(ullage: Ullage, server: UUID) -> None:
    told = " ".join(ullage("history", "--project", OWN).out.split())
    assert f"server.adopted vm-{server} in {OWN}" in told
    assert f"quota.claimed {OWN} for vm-{server}" in told
    by_id = " ".join(ullage("history", "--ids").out.split())
    assert f"server.adopted {server} in {OWN}" in by_id
    assert f"vm-{server}"[:20] in ullage("usage", OWN, "--detailed").out


def test_a_deleted_server_is_found_by_its_name_in_history(
    region: Region, ullage: Ullage, server: UUID
) -> None:
    name = f"vm-{server}"
    with region.carried():
        assert ullage("server", "delete", name, "--wait").code == 0
    assert "server.deleted" in ullage("history", "--server", name).out
    assert "delete" in ullage("op", "list", "--server", name).out
    ended = ullage("server", "show", name)
    assert ended.code == 2
    assert f"There is no server {name}" in " ".join(ended.err.split())


@pytest.mark.parametrize(
    ("words", "says"),
    [
        (("server", "list"), "No servers."),
        (("op", "list"), "No operations."),
        (("schedule", "list"), "No schedules."),
        (("group", "list"), "No server groups."),
        (("flavor", "list"), "No flavors."),
        (("image", "list"), "No images."),
        (("window", "list"), "No windows."),
        (("drift", "list"), "No drift: every server is as it is recorded."),
        (("usage",), "No usage: no server ran in this time."),
        (("history", "--project", "nobody"), "No history entries."),
        (("quota", "changes", "--project", "nobody"), "No quota changes."),
        (("quota", "tree"), "No projects."),
    ],
)
def test_an_empty_list_says_so(asking: Ullage, words: tuple[str, ...], says: str) -> None:
    assert asking(*words).out == f"{says}\n"
    assert asking(*words, "--json").code == 0


def test_a_command_without_a_token_says_what_to_set(asking: Ullage) -> None:
    ended = asking("server", "list", ULLAGE_TOKEN="")
    assert ended.code == 2
    assert "ULLAGE_TOKEN is not set" in ended.err


def test_a_token_that_is_not_known_is_told_from_none(asking: Ullage) -> None:
    wrong = "ullage_wrong"
    ended = asking("server", "list", ULLAGE_TOKEN=wrong)
    assert ended.code == 2
    assert "does not know the token in ULLAGE_TOKEN" in " ".join(ended.err.split())
    assert wrong not in ended.err


@pytest.mark.parametrize(
    ("seconds", "says"),
    [(-5, "0 s"), (59, "59 s"), (60, "1 min"), (7199, "1 h"), (200_000, "2 d")],
)
def test_an_age_is_told_in_its_largest_unit(seconds: int, says: str) -> None:
    now = datetime(2026, 7, 1, tzinfo=UTC)
    assert show.age((now - timedelta(seconds=seconds)).isoformat(), now) == says


def test_the_shell_is_offered_names(database: str, shell: Shell) -> None:
    with regions(database) as new:
        region = new().leading()
        server, ullage = region.adopted(), of_region(shell, region)
        assert f"vm-{server}" in ullage("__complete", "server", "show", "").out
        assert f"vm-{server}" in ullage("__complete", "history", "--server", "vm-").out
        assert HOST in ullage("__complete", "host", "show", "").out
        assert "server.adopted" in ullage("__complete", "history", "--kind", "").out
        nobody = ullage("__complete", "server", "show", "", ULLAGE_TOKEN="")
        assert f"vm-{server}" not in nobody.out
        assert nobody.code == 0
