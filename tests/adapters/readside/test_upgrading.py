"""A region of before hosts were recorded is migrated, started and served as if it always was so."""

from __future__ import annotations

from collections.abc import Iterator
from uuid import UUID

import psycopg
import pytest

import migrations
from adapters.audit import audit
from adapters.setting_defaults import QUOTA as NOVAS
from domain.shared.size import Size
from tests.adapters.readside.before import THEN, TOKEN, left_behind
from tests.adapters.readside.story import folded, loaded, picture, saved
from tests.kit.building import build, rooms
from tests.kit.examples import OTHER_SERVER, SERVER, SMALL, TINY
from tests.kit.hypervisor import ScriptedHost
from tests.kit.region import NewRegion, Region, regions, size

pytestmark = pytest.mark.takes(3)

HUGE, SECOND = Size(8, 65536), "host-2"
QUOTA = {"instances": 10, "cores": 20, "ram": -1}
LAST = UUID(int=4)
"""The operation that was open then; its deadline has passed long ago."""


@pytest.fixture
def dsn(empty_database: str) -> str:
    left_behind(empty_database)
    return empty_database


@pytest.fixture
def new_region(dsn: str) -> Iterator[NewRegion]:
    applied = migrations.apply(dsn)
    assert applied
    assert not [name for name in applied if name.startswith(THEN)]
    with regions(dsn) as new:
        yield new


@pytest.fixture
def region(new_region: NewRegion) -> Region:
    """It leads. Its servers run where they ran then."""
    hosts = {"host-1": ScriptedHost(), SECOND: ScriptedHost()}
    hosts["host-1"].sizes[SERVER] = HUGE
    hosts[SECOND].sizes[OTHER_SERVER] = TINY
    region = new_region(hosts, quota=QUOTA).leading()
    region.ended(str(LAST))
    return region


def test_old_servers_are_there_as_they_were(region: Region) -> None:
    shown = {
        one["id"]: one for one in region.get(f"/v1/servers?after={region.head}").json()["items"]
    }
    assert {id_: (one["size"], one["host"], one["power"]) for id_, one in shown.items()} == {
        str(SERVER): (size(HUGE), "host-1", "running"),
        str(OTHER_SERVER): (size(TINY), SECOND, "running"),
    }
    assert shown[str(SERVER)]["ceiling"] is None
    assert shown[str(OTHER_SERVER)]["ceiling"] == size(SMALL)


def test_old_operations_are_there_as_they_ended(
    region: Region,
) -> None:
    items = region.get(f"/v1/operations?after={region.head}").json()["items"]
    assert [(UUID(one["id"]).int, one["state"]) for one in items] == [
        (4, "failed"),
        (3, "failed"),
        (2, "partly"),
        (1, "succeeded"),
    ]
    assert {(one["kind"], one["mode"], one["consent"]) for one in items} == {
        ("scale", "live", "live")
    }
    assert region.used() == {"instances": 2, "cores": 9, "ram": 66560}


def test_hosts_are_enlisted_with_what_their_servers_hold(region: Region) -> None:
    hosts = {one["name"]: one for one in region.get("/v1/hosts").json()}
    assert {name: one["used"] for name, one in hosts.items()} == {
        "host-1": size(HUGE),
        SECOND: size(TINY),
    }
    enlisted = region.get("/v1/history?kind=host.enlisted").json()["items"]
    told = {one["body"]["host"]: one["body"]["used"] for one in enlisted}
    # With the operation that was still open: it might have been carried.
    assert told == {"host-1": size(HUGE), SECOND: size(SMALL)}


def test_old_history_and_limits_are_still_shown(region: Region) -> None:
    entries = region.get(f"/v1/history?limit=1000&after={region.head}").json()["items"]
    assert [one["position"] for one in entries] == list(range(region.head, 0, -1))
    assert entries[-2]["why"] == "ticket 4711"
    limits = region.get("/v1/projects/demo/limits").json()["resources"]
    assert {name: one["limit"] for name, one in limits.items()} == NOVAS | QUOTA | {"cores": 40}


def test_an_old_token_is_good_for_all_that_it_was(region: Region) -> None:
    region.tokens["then"] = TOKEN
    assert region.get("/v1/servers", as_="then").status_code == 200
    answer = region.scale(OTHER_SERVER, SMALL, consent="restart", as_="then")
    assert answer.status_code == 202, answer.text


def test_an_upgraded_region_is_served_as_any_other(region: Region) -> None:
    rooms(region)
    with region.carried():
        grown = region.ended(region.scaling(OTHER_SERVER, SMALL, consent="restart"))
        assert (grown["state"], region.hosts[SECOND].sizes[OTHER_SERVER]) == ("succeeded", SMALL)
        made = region.ended(build(region).json()["operation"])
        gone = region.ask("DELETE", f"/v1/servers/{SERVER}").json()["operation"]
        assert (made["state"], region.ended(gone)["state"]) == ("succeeded", "succeeded")
    assert region.used() == {"instances": 2, "cores": 4, "ram": 8192}
    held = {one["name"]: one["used"] for one in region.get("/v1/hosts").json()}
    assert sorted(one["memory_mib"] for one in held.values()) in ([0, 8192], [4096, 4096])
    assert held[SECOND]["memory_mib"] >= SMALL.memory_mib


def test_after_an_upgrade_memory_tables_fold_and_audit_agree(region: Region) -> None:
    saved(region.process)
    memory = picture(region.process.readside.models)
    assert memory == picture(folded(region.process)) == picture(loaded(region.dsn))
    report = audit(region.dsn)
    assert (report.sound, report.differences, report.servers) == (True, [], 2)
    assert report.position == region.head


def test_an_older_process_that_still_leads_hides_nothing(dsn: str, new_region: NewRegion) -> None:
    """It goes on to save what changes, and to note how far it has come."""
    with psycopg.connect(dsn, autocommit=True) as older:
        older.execute("INSERT INTO projections VALUES ('rows', 22)")
    region = new_region({"host-1": ScriptedHost(), SECOND: ScriptedHost()}, quota=QUOTA).leading()
    region.ended(str(LAST))
    assert picture(region.process.readside.models) == picture(folded(region.process))
    assert region.get("/v1/hosts/host-1").json()["used"] == size(HUGE)


def test_the_start_after_an_upgrade_enlists_no_host_again(
    new_region: NewRegion, region: Region
) -> None:
    head = region.head
    region.stop()
    after = new_region(region.hosts, quota=QUOTA).leading()
    assert after.head == head
    assert picture(after.process.readside.models) == picture(region.process.readside.models)
