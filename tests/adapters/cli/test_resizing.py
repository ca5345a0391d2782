"""Another flavor, another description, and what was taken, on the command line."""

from __future__ import annotations

from tests.adapters.cli.conftest import Ullage, rows
from tests.kit.building import built, flavor, rooms
from tests.kit.region import OWN, Region


def test_a_server_is_resized_then_confirmed_or_reverted(region: Region, ullage: Ullage) -> None:
    rooms(region)
    large = flavor(region, vcpus=4, memory_mib=8192)
    with region.carried():
        server = str(built(region))
        resized = ullage("server", "resize", server, "--flavor", large, "--wait")
        assert resized.code == 0
        assert "ullage server confirm" in resized.err
        assert "ullage server confirm" in " ".join(ullage("server", "show", server).out.split())
        assert ullage("server", "resize", server, "--flavor", large).code == 3
        assert ullage("server", "revert", server, "--wait").code == 0
        ullage("server", "resize", server, "--flavor", large, "--wait", "--json")
    assert "keeps its flavor" in ullage("server", "confirm", server).out
    assert ullage("server", "show", server, "--json").document["flavor"] == large
    assert ullage("server", "confirm", server).code == 2


def test_a_server_is_described(region: Region, ullage: Ullage) -> None:
    server = str(region.adopted())
    words = ("--name", "db-1", "--description", "books", "--metadata", "a=1", "--metadata", "b=2")
    assert ullage("server", "set", server, *words, "--reason", "ours").code == 0
    head = str(region.head)
    assert ullage("server", "set", "db-1", "--unset", "a", "--description", "").code == 0
    shown = ullage("server", "show", "db-1", "--json").document
    assert (shown["metadata"], shown["description"]) == ({"b": "2"}, None)
    then = ullage("server", "show", "db-1", "--as-of", head, "--json").document
    assert (then["metadata"], then["description"]) == ({"a": "1", "b": "2"}, "books")
    assert ullage("server", "set", "db-1").code == 2
    both = ullage("server", "set", "db-1", "--no-scalable", "--name", "db-2")
    assert "db-1 may not be scaled." in both.out
    listed = ullage("server", "list", "--as-of", head, "--json").document["items"]
    assert [one["name"] for one in listed] == ["db-1"]


def test_usage_of_projects_and_servers_is_shown(region: Region, ullage: Ullage) -> None:
    for _ in range(2):
        region.adopted()
    assert rows(ullage("usage"))[2][0] == OWN
    assert ullage("usage", OWN, "--json").document["items"][0]["servers"] == 2
    detailed = ullage("usage", OWN, "--detailed", "--limit", "1")
    assert "There are more" in detailed.err
    every = ullage("usage", OWN, "--detailed", "--all", "--json").document
    assert len(every["detail"]["items"]) == 2
    assert ullage("usage", "--detailed").code == 2
    assert ullage("usage", "--since", "2020-01-01", "--until", "2020-01-02").code == 0
