"""A server is built, stopped, started, flagged and deleted from the command line."""

from __future__ import annotations

from uuid import UUID, uuid4

import pytest

from tests.adapters.cli.conftest import Ullage, has, rows
from tests.adapters.http.native.things import FLAVOR, IMAGE
from tests.kit.hypervisor import refuse
from tests.kit.region import HOST, OWN, Region

AVX = "HW_CPU_X86_AVX2"


@pytest.fixture
def ready(region: Region) -> Region:
    """A host that has told what it has, a flavor and an image."""
    has(region, HOST, 65536, AVX)
    region.post("/v1/flavors", FLAVOR | {"id": "m1"})
    region.post("/v1/images", IMAGE | {"id": "deb12", "properties": {}})
    return region


def test_a_server_is_built_from_a_flavor_and_an_image(ready: Region, ullage: Ullage) -> None:
    words = ("server", "build", "web-1", "--flavor", "m1.big", "--image", "deb12")
    with ready.carried():
        ended = ullage(*words, "--trait", AVX, "--hint", "tier=a=b", "--wait", as_="member")
    assert ended.code == 0
    assert "Done." in ended.out
    assert ["Hypervisor", "allocates", "4", "8192"] in rows(ended)
    told = rows(ullage("server", "show", "web-1"))
    for row in (["Power", "running"], ["Host", HOST]):
        assert row in told
    assert ["Flavor", "m1.big", "(m1)"] in told
    assert ["Image", "debian-12", "(deb12)"] in told
    assert ["Ceiling", "8", "vCPUs", "/", "16384", "MiB"] in told
    assert ready.used() == {"instances": 1, "cores": 4, "ram": 8192}


def test_a_servers_request_spec_is_shown(ready: Region, ullage: Ullage) -> None:
    words = ("server", "build", "web-1", "--flavor", "m1", "--image", "debian-12")
    built = ullage(*words, "--project", OWN, "--trait", AVX, "--hint", "tier=a=b", "--json")
    assert built.code == 0
    server = built.document["server"]
    told = ullage("server", "spec", server)
    assert ["Flavor", "m1.big", "(m1)"] in rows(told)
    assert ["Traits", AVX] in rows(told)
    assert ["Hints", "tier=a=b"] in rows(told)
    assert ["At", "most", "8", "vCPUs", "/", "16384", "MiB"] in rows(told)
    document = ullage("server", "spec", server, "--json", as_="reader").document
    assert document == ready.get(f"/v1/servers/{server}/request-spec").json()
    assert document["spec"]["hints"] == {"tier": "a=b"}


def test_an_accepted_build_names_host_and_ceiling(ready: Region, ullage: Ullage) -> None:
    words = ("server", "build", "web-1", "--flavor", "m1", "--image", "deb12", "--project", OWN)
    ended = ullage(*words)
    assert ended.code == 0
    told = " ".join(ended.out.split())
    assert f"4 vCPUs / 8192 MiB on {HOST}" in told
    assert "May grow to 8 vCPUs / 16384 MiB." in told
    assert "op show" in ended.err
    assert ["Power", "building"] in rows(ullage("server", "show", "web-1"))


def test_the_same_key_builds_one_server(ready: Region, ullage: Ullage) -> None:
    words = ("server", "build", "web-1", "--flavor", "m1", "--image", "deb12", "--project", OWN)
    first, second = (ullage(*words, "--idempotency-key", "k", "--json") for _ in range(2))
    assert first.document == second.document
    assert len(ullage("server", "list", "--json").document["items"]) == 1


@pytest.mark.parametrize(
    ("other", "says"),
    [
        (("--flavor", "m9", "--image", "deb12"), "no flavor"),
        (("--flavor", "m1", "--image", "win"), "no image"),
        (("--flavor", "m1", "--image", "deb12", "--trait", "HW_GPU"), "trait HW_GPU"),
        (("--flavor", "m1", "--image", "deb12", "--trait", "avx"), "traits"),
        (("--flavor", "m1", "--image", "deb12", "--hint", "tier"), "no hint"),
        (("--flavor", "m1", "--image", "deb12", "--zone", "mars"), "another zone than 'mars'"),
    ],
)
def test_an_impossible_build_is_refused_2(
    ready: Region, ullage: Ullage, other: tuple[str, ...], says: str
) -> None:
    ended = ullage("server", "build", "web-1", *other, "--project", OWN)
    assert ended.code == 2
    assert says in " ".join(ended.err.split())
    assert ready.used()["instances"] == 0


def test_a_build_over_quota_is_refused_2(ready: Region, ullage: Ullage) -> None:
    ready.limits(cores=3)
    words = ("--flavor", "m1", "--image", "deb12", "--project", OWN)
    ended = ullage("server", "build", "web-1", *words)
    assert ended.code == 2
    assert ["cores", "+4", "0", "3", "3"] in [line.split() for line in ended.err.splitlines()]


def test_a_build_that_fails_leaves_nothing_and_says_why(ready: Region, ullage: Ullage) -> None:
    words = ("--flavor", "m1", "--image", "deb12", "--project", OWN, "--json")
    server = UUID(ullage("server", "build", "web-1", *words).document["server"])
    operation = ullage("op", "list", "--json").document["items"][0]["id"]
    ready.host.tell(server, refuse)
    with ready.carried():
        ended = ullage("op", "show", operation, "--wait")
    assert ended.code == 2
    assert "Nothing is left of it" in ended.out
    assert ready.used() == {"instances": 0, "cores": 0, "ram": 0}
    assert ullage("server", "show", str(server)).code == 2


def test_a_server_is_stopped_started_and_deleted(region: Region, ullage: Ullage) -> None:
    server = region.adopted()
    with region.carried():
        stopped = ullage("server", "stop", str(server), "--wait", as_="member")
        assert stopped.code == 0
        assert region.host.power(server) == "stopped"
        assert ullage("server", "stop", str(server)).code == 2
        assert ullage("server", "start", f"vm-{server}", "--wait", "--reason", "noon").code == 0
        assert region.host.power(server) == "running"
        assert ullage("server", "delete", str(server), "--wait", as_="member").code == 0
    assert server not in region.host.sizes
    assert ullage("server", "list", "--json").document["items"] == []
    assert region.used() == {"instances": 0, "cores": 0, "ram": 0}
    kinds = [one["kind"] for one in ullage("op", "list", "--json").document["items"]]
    assert kinds == ["delete", "start", "stop"]
    told = " ".join(ullage("history", "--server", str(server)).out.split())
    assert f"server.power-changed vm-{server} in demo stopped → running" in told
    assert "noon" in told


def test_a_delete_that_fails_says_that_it_is_still_there(region: Region, ullage: Ullage) -> None:
    server = region.adopted()
    region.host.tell(server, refuse)
    with region.carried():
        ended = ullage("server", "delete", str(server), "--wait")
    assert ended.code == 2
    assert "still there" in ended.out
    assert region.used()["instances"] == 1


def test_a_server_is_set_not_to_be_scalable(region: Region, ullage: Ullage) -> None:
    server = str(region.adopted())
    assert ullage("server", "set", server).code == 2
    ended = ullage("server", "set", server, "--no-scalable", "--reason", "licence")
    assert (ended.code, "may not be scaled" in ended.out) == (0, True)
    assert "not scalable" in ullage("server", "show", server).out
    refused = ullage("scale", server, "--vcpus", "3")
    assert refused.code == 2
    assert "turned off for server" in " ".join(refused.err.split())
    shown = ullage("server", "set", server, "--scalable", "--json", as_="member").document
    assert shown["scalable"] is True
    assert ullage("scale", server, "--vcpus", "3").code == 0


def test_an_operation_is_cancelled_while_nobody_was_asked(region: Region, ullage: Ullage) -> None:
    server = region.adopted()
    accepted = ullage("scale", str(server), "--vcpus", "4", "--json").document["operation"]
    assert region.used()["cores"] == 4
    ended = ullage("op", "cancel", accepted, "--reason", "a mistake", as_="member")
    assert ended.code == 0
    assert "Cancelled" in ended.out
    assert region.used()["cores"] == 2
    assert accepted[:8] in ullage("op", "list", "--state", "cancelled").out
    shown = ullage("op", "show", accepted, "--wait")
    assert shown.code == 2
    assert "a mistake" in shown.out
    again = ullage("op", "cancel", accepted)
    assert again.code == 3
    assert ullage("op", "cancel", str(uuid4())).code == 2


def test_operations_are_listed_by_what_they_change(region: Region, ullage: Ullage) -> None:
    server = region.adopted()
    ullage("server", "set", str(server), "--name", "web-1")
    with region.carried():
        ullage("scale", str(server), "--memory", "6GiB", "--wait")
        ullage("server", "stop", str(server), "--wait")
    told = ullage("op", "list")
    assert "scale 4096 → 6144 MiB" in told.out
    assert "vCPUs" not in told.out
    assert "stop" in told.out


def test_history_tells_of_a_description_what_changed(region: Region, ullage: Ullage) -> None:
    server = region.adopted()
    for said in (("--name", "shop", "--metadata", "tier=1"), ("--metadata", "tier=2")):
        assert ullage("server", "set", str(server), *said).code == 0
    told = " ".join(ullage("history", "--kind", "server.description-changed").out.split())
    assert "shop, metadata: tier None → 1" in told
    assert "shop in demo metadata: tier 1 → 2" in told
