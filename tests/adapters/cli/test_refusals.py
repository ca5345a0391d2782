"""What goes wrong is said in numbers, with what would work instead, and in the exit code."""

from __future__ import annotations

from uuid import UUID, uuid4

import pytest
from msgspec.structs import replace

from adapters.hypervisors.driver import Found
from domain.shared.size import Size
from tests.adapters.cli.conftest import Shell, Ullage, of_region
from tests.kit.hypervisor import ScriptedHost
from tests.kit.region import FOREIGN, HOST, OWN, Region, regions


@pytest.fixture
def server(region: Region) -> UUID:
    return region.adopted(ceiling=8)


def test_a_scale_above_the_quota_exits_2(region: Region, ullage: Ullage, server: UUID) -> None:
    region.limits(cores=4)
    ended = ullage("scale", str(server), "--vcpus", "6")
    assert ended.code == 2
    assert ["cores", "+4", "2", "4", "2"] in [line.split() for line in ended.err.splitlines()]
    assert "--vcpus 4 --memory 4096MiB" in ended.err
    assert ended.out == ""


def test_with_json_the_problem_is_the_document(
    region: Region, ullage: Ullage, server: UUID
) -> None:
    region.limits(cores=4)
    document = ullage("scale", str(server), "--vcpus", "6", "--json").document
    assert document["type"] == "urn:ullage:problem:quota-exceeded"
    assert document["would_fit"] == {"vcpus": 4, "memory_mib": 4096}


def test_a_scale_above_the_ceiling_exits_2(ullage: Ullage, server: UUID) -> None:
    ended = ullage("scale", str(server), "--vcpus", "9")
    assert ended.code == 2
    assert "ceiling of 8 vCPUs" in ended.err


def test_a_plan_exits_as_the_scale_would(region: Region, ullage: Ullage, server: UUID) -> None:
    ended = ullage("plan", str(server), "--vcpus", "9")
    assert ended.code == 2
    assert "Would fit: 8 vCPUs / 4096 MiB" in ended.out
    assert ullage("plan", str(server), "--memory", "512").code == 4
    region.scaling(server, Size(4, 4096))
    assert ullage("plan", str(server), "--vcpus", "5").code == 3


def test_a_scale_that_needs_a_restart_exits_4(ullage: Ullage, server: UUID) -> None:
    ended = ullage("scale", str(server), "--memory", "512MiB")
    assert ended.code == 4
    assert "while the server runs" in ended.err


def test_a_second_change_at_a_time_exits_3(region: Region, ullage: Ullage, server: UUID) -> None:
    operation = region.scaling(server, Size(4, 4096))
    ended = ullage("scale", str(server), "--vcpus", "6")
    assert ended.code == 3
    assert operation in ended.err


def test_a_second_adoption_exits_3(ullage: Ullage, server: UUID) -> None:
    assert ullage("adopt", HOST, str(server), "--project", OWN).code == 3


def test_a_change_of_an_older_version_exits_3(ullage: Ullage, server: UUID) -> None:
    ended = ullage("quota", "set", OWN, "cores=9", "--if-match", "99")
    assert ended.code == 3
    assert "99" in ended.err


def test_a_key_of_another_request_exits_3(ullage: Ullage, server: UUID) -> None:
    words = ("scale", str(server), "--idempotency-key", "k-1", "--memory", "4096", "--vcpus")
    assert ullage(*words, "3").code == 0
    assert ullage(*words, "4").code == 3


def test_a_hypervisor_that_does_not_answer_exits_5(region: Region, ullage: Ullage) -> None:
    server = region.host.make()
    region.host.down = True
    ended = ullage("adopt", HOST, str(server), "--project", OWN)
    assert ended.code == 5
    assert "no route to the host" in ended.err


def test_an_api_that_does_not_answer_exits_5(shell: Shell) -> None:
    ended = shell("limits", OWN, ULLAGE_API="http://127.0.0.1:1")
    assert ended.code == 5
    assert "http://127.0.0.1:1 does not answer" in ended.err


@pytest.mark.parametrize(
    "words",
    [
        ("server", "show", "nobody"),
        ("server", "show", str(uuid4())),
        ("op", "show", str(uuid4())),
        ("adopt", "nowhere", str(uuid4()), "--project", OWN),
        ("adopt", HOST, str(uuid4()), "--project", OWN),
        ("quota", "set", OWN, "bricks=3"),
        ("quota", "set", OWN, "cores=-2"),
        ("quota", "set", OWN, "cores=many"),
        ("quota", "set", OWN, "cores"),
        ("quota", "set", OWN),
        ("scale", str(uuid4())),
        ("scale", str(uuid4()), "--vcpus", "0", "--memory", "1"),
        ("scale", str(uuid4()), "--vcpus", "x"),
        ("scale", str(uuid4()), "--memory", "768MB"),
        ("scale", str(uuid4()), "--vcpus", "2", "--memory", "768", "--consent", "all"),
        ("scale", str(uuid4()), "--vcpus", "2", "--memory", "768", "--plan", "latest"),
        ("server", "set", str(uuid4())),
        ("server", "start", str(uuid4())),
        ("server", "delete", "nobody"),
        ("server", "build", "web-1", "--flavor", "m1"),
        ("op", "cancel", "latest"),
        ("server", "ceiling", str(uuid4()), "--vcpus", "1", "--fixed"),
        ("server", "ceiling", str(uuid4())),
        ("history", "--since", "yesterday"),
        ("history", "--kind", "NOT A KIND"),
        ("projection", "rebuild", "everything"),
        ("op", "list", "--state", "dreaming"),
        ("token", "create", "x", "--role", "king"),
        ("token", "create", "x", "--role", "admin", "--consent", "anything"),
        ("bake",),
        ("limits", "../../metrics"),
    ],
)
def test_invalid_input_exits_2(asking: Ullage, words: tuple[str, ...]) -> None:
    ended = asking(*words)
    assert ended.code == 2
    assert ended.err.strip()
    assert ended.out == ""


class Namesakes(ScriptedHost):
    """Names come from hypervisors, and nothing makes them unique."""

    def inspect(self, server: UUID) -> Found:
        return replace(super().inspect(server), name="twin")


def test_a_name_that_two_servers_have_names_both(database: str, shell: Shell) -> None:
    with regions(database) as new:
        region = new({HOST: Namesakes()}).leading()
        servers = [region.adopted(), region.adopted()]
        ended = of_region(shell, region)("server", "show", "twin")
    assert ended.code == 2
    assert all(str(server) in ended.err.replace("\n", " ") for server in servers)


def test_another_projects_things_are_not_there(ullage: Ullage, server: UUID) -> None:
    ended = ullage("server", "show", str(server), as_="foreign-reader")
    assert ended.code == 2
    assert "There is no server" in ended.err
    assert ullage("limits", FOREIGN, as_="reader").code == 2


def test_a_role_that_may_not_do_it_is_told_who_may(asking: Ullage) -> None:
    ended = asking("quota", "set", OWN, "cores=1", as_="member")
    assert ended.code == 2
    assert "admin" in ended.err


def test_a_missing_token_is_told_what_to_do(shell: Shell, shared_region: Region) -> None:
    ended = shell("limits", OWN, ULLAGE_API=shared_region.url)
    assert ended.code == 2
    assert "ULLAGE_TOKEN" in ended.err


HUSH = "hush"


@pytest.mark.parametrize(
    ("words", "environ", "code", "says"),
    [
        (("limits", OWN), {"ULLAGE_API": "ftp://nowhere"}, 2, "ULLAGE_API"),
        (("limits", OWN), {"ULLAGE_API": "http://127.0.0.1:99999"}, 2, "ULLAGE_API"),
        (("limits", OWN), {"ULLAGE_TOKEN": "a\nb"}, 2, "ULLAGE_TOKEN"),
        (("limits", OWN), {"ULLAGE_TOKEN": "ü"}, 2, "ULLAGE_TOKEN"),
        (("limits", OWN), {"ULLAGE_CONFIG": "/nowhere.toml"}, 2, "/nowhere.toml"),
        (("serve",), {}, 2, "ULLAGE_DSN is not set"),
        (("audit", "verify"), {}, 2, "ULLAGE_DSN is not set"),
        (("token", "list"), {"ULLAGE_DSN": f"no {HUSH}"}, 2, "ULLAGE_DSN"),
        (("serve",), {"ULLAGE_DSN": "dbname=x", "ULLAGE_PORT": "x"}, 2, "ULLAGE_PORT"),
        (("serve",), {"ULLAGE_DSN": "dbname=x", "ULLAGE_PORT": "70000"}, 2, "65535"),
        (("serve",), {"ULLAGE_DSN": "dbname=x", "ULLAGE_HOSTS": "{x"}, 2, "ULLAGE_HOSTS"),
        (("serve", "--relay"), {"ULLAGE_DSN": "dbname=x"}, 2, "ULLAGE_TOKEN"),
        (("relay",), {"ULLAGE_DSN": "dbname=x"}, 2, "ULLAGE_TOKEN"),
        (("relay",), {"ULLAGE_DSN": "dbname=x", "ULLAGE_TOKEN": HUSH}, 2, "ULLAGE_HOSTS"),
        (
            ("audit", "verify"),
            {"ULLAGE_DSN": f"postgresql://me:{HUSH}@127.0.0.1:1/x"},
            5,
            "PostgreSQL",
        ),
    ],
)
def test_bad_settings_are_one_clear_message(
    shell: Shell, words: tuple[str, ...], environ: dict[str, str], code: int, says: str
) -> None:
    ended = shell(*words, **environ)
    assert ended.code == code
    assert says in ended.err
    assert "Traceback" not in ended.err
    assert HUSH not in ended.out + ended.err


def test_a_database_without_a_schema_is_told_what_to_do(shell: Shell, empty_database: str) -> None:
    for words in (("token", "list"), ("audit", "verify")):
        ended = shell(*words, ULLAGE_DSN=empty_database)
        assert ended.code == 2
        assert "ullage migrate" in ended.err
