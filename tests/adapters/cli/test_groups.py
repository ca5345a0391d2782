"""Server groups on the command line."""

from __future__ import annotations

from tests.adapters.cli.conftest import Ullage, rows
from tests.kit.building import flavor, image, rooms
from tests.kit.region import OWN, Region

MADE = ("--policy", "anti-affinity", "--project", OWN)


def test_a_group_is_made_listed_and_deleted(region: Region, ullage: Ullage) -> None:
    made = ullage("group", "create", "web", *MADE, "--max-server-per-host", "2")
    assert made.code == 0
    assert ["At", "most", "2", "a", "host"] in rows(made)
    shown = ullage("group", "show", "web", "--json").document
    assert shown == region.get(f"/v1/server-groups/{shown['id']}").json()
    assert shown["id"][:8] in ullage("group", "list").out
    assert shown["id"] in ullage("group", "list", "--ids").out
    listed = ullage("group", "list", "--project", OWN, "--json").document
    assert listed == region.get("/v1/server-groups").json()
    head = str(region.head)
    assert ullage("group", "delete", "web", "--if-match", "9").code == 3
    assert ullage("group", "delete", "web", "--reason", "over").code == 0
    gone = ullage("group", "show", "web")
    assert gone.code == 2
    assert "ullage group list" in " ".join(gone.err.split())
    assert ullage("group", "show", "web", "--as-of", head, "--json").document == shown


def test_servers_join_and_leave(region: Region, ullage: Ullage) -> None:
    ullage("group", "create", "web", *MADE)
    server = str(region.adopted())
    joined = ullage("group", "join", "web", server, "--reason", "apart & far")
    assert server in joined.out
    assert ullage("group", "join", "web", str(region.adopted())).code == 2
    assert ullage("server", "show", server, "--json").document["group"]
    entry = region.get("/v1/history?kind=server-group.member-added").json()["items"][0]
    assert entry["why"] == "apart & far"
    assert ullage("group", "leave", "web", server, "--json").document["members"] == []
    assert ullage("group", "leave", "web", server).code == 2


def test_a_server_is_built_into_a_group_by_its_name(region: Region, ullage: Ullage) -> None:
    rooms(region)
    group = ullage("group", "create", "web", *MADE, "--json").document["id"]
    said = ("--metadata", "tier=web", "--description", "the web")
    parts = ("--flavor", flavor(region), "--image", image(region), "--project", OWN)
    with region.carried():
        built = ullage("server", "build", "web-1", *parts, "--group", "web", *said, "--wait")
    assert built.code == 0
    shown = ullage("server", "show", "web-1", "--json").document
    assert (shown["group"], shown["metadata"]) == (group, {"tier": "web"})
    told = ullage("server", "show", "web-1")
    assert ["Metadata", "tier=web"] in rows(told)
    assert ["User", "admin"] in rows(told)
