"""Quota, host and request spec of a new server are decided together, and given back together."""

from __future__ import annotations

import pytest
from msgspec.structs import replace

from commands.servers.build_server import BuildAccepted
from domain.catalogue.image import ImageCreated, ImageSettings, MemoryTooSmall
from domain.server import BuildFailed, BuildRequested, Built, OperationCancelled
from domain.shared.envelope import Envelope
from domain.shared.errors import NotFound, NoValidHost, QuotaExceeded, Refused
from domain.shared.request_spec import FlavorCopy, ImageCopy, RequestSpec
from domain.shared.ruled_out import RuledOut
from domain.shared.size import Size
from tests.commands.kit.region import Region
from tests.commands.kit.region import told as answered
from tests.commands.kit.small_commands import cancel
from tests.commands.kit.standing import (
    BUILD,
    SECOND,
    Past,
    absent,
    at,
    claimed,
    events,
    flavor,
    held_by,
    host,
    image,
    left,
    limited,
    loaded,
    refused,
    released,
    taken,
    told,
    used,
)
from tests.kit.examples import (
    DEADLINE,
    ENVELOPE,
    GREW,
    HOST,
    LARGE,
    MIDDLE,
    OPERATION,
    PROJECT,
    SERVER,
    SMALL,
)

NOTHING = Size(0, 0)
CATALOGUE = (*flavor({"hw:max_vcpus": "8", "hw:max_memory_mb": "16384"}), *image())
ROOMY = (*CATALOGUE, *host(HOST))
SPEC = RequestSpec(
    size=SMALL,
    flavor=FlavorCopy(
        id="small",
        name="small",
        vcpus=2,
        memory_mib=4096,
        extra_specs={"hw:max_vcpus": "8", "hw:max_memory_mb": "16384"},
    ),
    image=ImageCopy(id="debian", name="debian"),
    pool="default",
    max_vcpus=8,
    max_memory_mib=16_384,
)
REQUESTED = BuildRequested(
    operation=OPERATION,
    project=PROJECT,
    name="web-1",
    host=HOST,
    size=SMALL,
    ceiling=Size(8, 16_384),
    spec=SPEC,
    template="<domain/>",
    deadline=DEADLINE,
)
HELD = {"instances": 1, "cores": 2, "ram": 4096}
NONE_HELD = {"instances": 0, "cores": 0, "ram": 0}
BUILT = Built(operation=OPERATION, size=SMALL, power="running", guest=GREW, envelope=ENVELOPE)
GIVEN_BACK = [released(HELD, NONE_HELD), left(SMALL, NOTHING)]


@pytest.fixture
def building(region: Region) -> Region:
    region.given(*ROOMY)
    region.ask(BUILD)
    return region


def refusal(region: Region) -> Refused:
    with pytest.raises(Refused) as caught:
        region.ask(BUILD)
    assert region.events == []
    return caught.value


def test_a_build_holds_quota_and_host_before_the_server_exists(region: Region) -> None:
    region.given(*ROOMY)
    answer = region.ask(BUILD)
    assert events(region) == [REQUESTED, claimed(HELD, HELD), taken(SMALL, SMALL)]
    assert answered(answer, BuildAccepted) == BuildAccepted(
        operation=OPERATION,
        server=SERVER,
        host=HOST,
        size=SMALL,
        ceiling=Size(8, 16_384),
        deadline=DEADLINE,
    )


def test_a_finished_build_claims_nothing_more(building: Region) -> None:
    building.ask(told(at(), "build"))
    assert events(building)[3:] == [BUILT]
    server = loaded(building)
    assert (server.power, server.ceiling, server.operation) == ("running", Size(8, 16_384), None)


def test_a_built_server_holds_the_size_that_was_really_built(building: Region) -> None:
    building.ask(told(at(MIDDLE), "build"))
    assert events(building)[3:] == [
        replace(BUILT, size=MIDDLE),
        claimed({"cores": 1, "ram": 2048}, {"instances": 1, "cores": 3, "ram": 6144}),
        taken(Size(1, 2048), MIDDLE),
    ]


def test_a_failed_build_gives_everything_back_once(building: Region) -> None:
    failed = BuildFailed(operation=OPERATION, reason="as it came")
    for _ in range(2):
        building.ask(refused("build"))
    assert events(building)[3:] == [failed, *GIVEN_BACK]
    assert loaded(building).power == "gone"


def test_a_build_of_which_nothing_is_found_has_failed(building: Region) -> None:
    building.ask(absent("build"))
    unknown = "the hypervisor does not know this server"
    assert events(building)[3:] == [BuildFailed(operation=OPERATION, reason=unknown), *GIVEN_BACK]


def test_a_cancelled_build_gives_everything_back_once(building: Region) -> None:
    building.ask(cancel())
    assert events(building)[3:] == [OperationCancelled(operation=OPERATION), *GIVEN_BACK]


def test_a_build_checks_the_quota_before_the_hosts(region: Region) -> None:
    region.given(*CATALOGUE, *host(HOST, Size(1, 1)), *limited(cores=1))
    assert isinstance(refusal(region), QuotaExceeded)


@pytest.mark.parametrize("limit", ["instances", "cores", "ram"])
def test_a_build_obeys_every_quota(region: Region, limit: str) -> None:
    region.given(*ROOMY, *limited(**{limit: HELD[limit] - 1}))
    short = refusal(region)
    assert isinstance(short, QuotaExceeded)
    assert [one.resource for one in short.shortages] == [limit]


def test_a_build_without_room_records_nothing(region: Region) -> None:
    region.given(*CATALOGUE, *host(HOST, Size(1, 65_536)))
    short = refusal(region)
    assert isinstance(short, NoValidHost)
    assert (short.asked, short.would_fit) == (SMALL, None)
    assert short.ruled_out == (RuledOut(reason="room", hosts=1),)


def test_a_build_takes_the_host_with_the_most_free_memory(region: Region) -> None:
    region.given(*CATALOGUE, *host(HOST, LARGE), *host(SECOND, Size(4, 9000)))
    region.ask(BUILD)
    assert (held_by(region, HOST), held_by(region, SECOND)) == (NOTHING, SMALL)


def test_a_flavor_below_the_images_least_memory_is_refused(region: Region) -> None:
    settings = ImageSettings(name="debian", min_memory_mib=4097)
    created = ImageCreated(to=settings, template="<domain/>")
    region.given(*flavor(), ("image:debian", created), *host(HOST))
    short = refusal(region)
    assert isinstance(short, MemoryTooSmall)
    assert vars(short) == {"memory_mib": 4096, "least": 4097}


@pytest.mark.parametrize(("past", "what"), [(flavor(), "image"), (image(), "flavor")])
def test_a_build_with_an_unknown_flavor_or_image_is_not_found(
    region: Region, past: Past, what: str
) -> None:
    region.given(*past, *host(HOST))
    missing = refusal(region)
    assert isinstance(missing, NotFound)
    assert missing.what == what


def test_a_built_servers_envelope_is_the_one_that_was_read(building: Region) -> None:
    narrow = Envelope(floor=SMALL, ceiling=LARGE, memory_by="dimm", memory_slots_left=3)
    building.ask(told(replace(at(), envelope=narrow), "build"))
    assert loaded(building).envelope == narrow
    assert used(building) == HELD
