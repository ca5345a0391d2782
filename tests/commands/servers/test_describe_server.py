"""What people say of a server is changed within the quota of its metadata, and nothing follows."""

from __future__ import annotations

from typing import Any

import msgspec
import pytest
from msgspec.structs import replace

from commands.servers.delete_server import DeleteServer
from commands.servers.describe_server import DescribeServer, ServerDescription
from domain.quota import UserQuotaChanged
from domain.server import Description, DescriptionChanged, DescriptionPart
from domain.shared.errors import NotFound, QuotaExceeded, Shortage
from domain.shared.events import Event
from tests.commands.kit.region import QUOTA_STREAM, SERVER_STREAM, Region, told
from tests.commands.kit.standing import (
    BUILD,
    absent,
    flavor,
    host,
    image,
    limited,
    loaded,
    refusal,
    standing,
)
from tests.kit.examples import ADOPTED, DEADLINE, HOST, OPERATION, PROJECT, SERVER

SAYS: dict[str, Any] = {
    "name": "shop",
    "description": "the shop's front",
    "access_ipv4": "192.0.2.7",
    "access_ipv6": "2001:db8::7",
    "hostname": "front",
}
NAMED = Description(name="web-1")
SAID = Description(**SAYS)
TAGS = {"tier": "1", "owner": "ann"}
TAGGED = DescriptionChanged(
    was=DescriptionPart(metadata=dict.fromkeys(TAGS)), to=DescriptionPart(metadata={**TAGS})
)


def tag(**metadata: str | None) -> DescribeServer:
    return DescribeServer(server=SERVER, metadata=metadata)


def given(region: Region, *limits: tuple[str, Event]) -> None:
    """It has two tags already."""
    region.given(*standing(), (SERVER_STREAM, TAGGED), *limits)


def retagged(
    was: dict[str, str | None], to: dict[str, str | None]
) -> list[tuple[str, DescriptionChanged]]:
    """Only what changed of the tags."""
    parts = DescriptionPart(metadata=was), DescriptionPart(metadata=to)
    return [(SERVER_STREAM, DescriptionChanged(was=parts[0], to=parts[1]))]


def test_a_server_gets_another_name_and_description(region: Region) -> None:
    region.given(*standing())
    answer = region.ask(DescribeServer(server=SERVER, **SAYS, reason="renamed"))
    was = DescriptionPart(
        name="web-1", description=None, access_ipv4="", access_ipv6="", hostname=None
    )
    described = DescriptionChanged(was=was, to=DescriptionPart(**SAYS), reason="renamed")
    assert region.events == [(SERVER_STREAM, described)]
    assert told(answer, ServerDescription) == ServerDescription(
        server=SERVER, described=SAID, version=3
    )
    assert (loaded(region).name, loaded(region).description) == ("shop", SAID)


@pytest.mark.parametrize("name", SAYS)
def test_unnamed_fields_of_a_description_stay_as_others_set_them(region: Region, name: str) -> None:
    region.given(*standing())
    for one, says in SAYS.items():
        if one != name:
            region.ask(DescribeServer(server=SERVER, **{one: says}))
    region.ask(DescribeServer(server=SERVER, **{name: SAYS[name]}))
    assert loaded(region).description == SAID


def test_a_renamed_server_keeps_its_metadata(region: Region) -> None:
    given(region)
    region.ask(DescribeServer(server=SERVER, **SAYS))
    assert loaded(region).description == replace(SAID, metadata=TAGS)


def test_unnamed_metadata_stay_and_none_removes_one(region: Region) -> None:
    given(region)
    region.ask(tag(tier="2", zone="a", owner=None))
    assert region.events == retagged(
        {"tier": "1", "zone": None, "owner": "ann"}, {"tier": "2", "zone": "a", "owner": None}
    )
    assert loaded(region).description.metadata == {"tier": "2", "zone": "a"}


def test_metadata_that_are_set_as_a_whole_remove_unnamed_ones(region: Region) -> None:
    given(region)
    region.ask(replace(tag(zone="a"), only=True))
    assert region.events == retagged(
        {"tier": "1", "owner": "ann", "zone": None}, {"tier": None, "owner": None, "zone": "a"}
    )
    assert loaded(region).description.metadata == {"zone": "a"}


def test_a_small_change_of_a_long_description_is_a_small_fact(region: Region) -> None:
    long = {f"key-{n}": "x" * 255 for n in range(100)}
    region.given(*standing(), *limited(metadata_items=-1))
    region.ask(tag(**long))
    region.ask(tag(last="one"))
    _, event = region.events[-1]
    assert len(msgspec.json.encode(event)) < 200
    assert loaded(region).description.metadata == {**long, "last": "one"}


def test_an_unchanged_description_is_not_recorded(region: Region) -> None:
    given(region)
    answer = region.ask(replace(tag(**TAGS), only=True, name=NAMED.name))
    assert region.events == []
    assert told(answer, ServerDescription).version == 3


def test_a_servers_metadata_obey_the_quota(region: Region) -> None:
    given(region, *limited(metadata_items=3))
    region.ask(tag(zone="a"))
    short = refusal(region, tag(more="b"))
    assert isinstance(short, QuotaExceeded)
    assert vars(short) == {
        "project": PROJECT,
        "shortages": [
            Shortage(resource="metadata_items", asked=4, used=0, limit=3, left=3, node=PROJECT)
        ],
        "would_fit": None,
    }
    region.ask(tag(more="b", zone=None))


def test_metadata_above_a_lowered_limit_stay_and_do_not_grow(region: Region) -> None:
    given(region, *limited(metadata_items=1))
    region.ask(tag(tier="2"))
    assert isinstance(refusal(region, tag(zone="a")), QuotaExceeded)
    region.ask(tag(zone="a", tier=None))
    assert len(loaded(region).description.metadata) == 2


def test_metadata_without_a_limit_are_not_counted(region: Region) -> None:
    given(region, *limited(metadata_items=-1))
    region.ask(tag(**{f"t{n}": "" for n in range(500)}))


def test_a_users_own_metadata_limit_holds_for_its_servers(region: Region) -> None:
    own = UserQuotaChanged(project=PROJECT, user="ann", was={}, limits={"metadata_items": 1})
    region.given((SERVER_STREAM, replace(ADOPTED, user="ann")), (QUOTA_STREAM, own))
    region.ask(tag(a=""))
    assert isinstance(refusal(region, tag(b="")), QuotaExceeded)


@pytest.mark.parametrize("limit", [1, 2])
def test_a_new_servers_metadata_obey_the_quota(region: Region, limit: int) -> None:
    region.given(*flavor(), *image(), *host(HOST), *limited(metadata_items=limit))
    said = replace(SAID, metadata=TAGS)
    wish = replace(BUILD, name="shop", described=said)
    if limit < len(TAGS):
        assert isinstance(refusal(region, wish), QuotaExceeded)
    else:
        region.ask(wish)
        assert loaded(region).description == said


def test_a_deleted_server_is_not_described(region: Region) -> None:
    region.given(*standing())
    region.ask(DeleteServer(server=SERVER, operation=OPERATION, deadline=DEADLINE))
    region.ask(tag(going=""))
    region.ask(absent("delete"))
    missing = refusal(region, tag(gone=""))
    assert isinstance(missing, NotFound)
    assert vars(missing) == {"what": "server", "id": str(SERVER)}
