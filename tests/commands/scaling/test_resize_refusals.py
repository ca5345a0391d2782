"""What stands against a resize, and what a resize that nobody has confirmed stands against."""

from __future__ import annotations

import pytest
from msgspec.structs import replace

from commands.catalogue.delete_from_catalogue import DeleteFromCatalogue
from commands.command import Command
from commands.placement.set_host_terms import SetHostTerms
from commands.quotas.set_quota import SetQuota
from commands.scaling.flag_server import FlagServer
from commands.scaling.recommend import Recommend, Recommended
from commands.scaling.set_autoscaling import SetAutoscaling
from commands.servers.delete_server import DeleteServer
from domain.catalogue.image import Image, ImageCreated, ImageSettings, MemoryTooSmall
from domain.server import (
    Autoscaling,
    FlavorTerms,
    Server,
)
from domain.server.unconfirmed import NotResized, ResizeUnconfirmed
from domain.shared.errors import (
    NotFound,
    NothingToChange,
    NoValidHost,
    QuotaExceeded,
    ScaleInProgress,
    Shortage,
)
from domain.shared.size import Size
from tests.commands.conftest import NewRegion
from tests.commands.kit.region import SERVER_STREAM, Region
from tests.commands.kit.region import told as answered
from tests.commands.kit.resizes import (
    CATALOGUE,
    CONFIRM,
    DOWN,
    REVERT,
    THIRD_OPERATION,
    UP,
    another,
    build,
    of,
    resize,
)
from tests.commands.kit.standing import (
    BUILD,
    absent,
    at,
    held_by,
    loaded,
    power,
    refusal,
    scale,
    told,
    used,
)
from tests.commands.servers.test_adopt_server import ADOPT
from tests.domain.hosts.hosts import EXACTLY
from tests.kit.examples import (
    DEADLINE,
    HOST,
    HUGE,
    LARGE,
    MIDDLE,
    NEXT_OPERATION,
    NOON,
    SERVER,
    SMALL,
    TINY,
)


@pytest.fixture
def built(region: Region) -> Region:
    return build(region)


@pytest.fixture
def grown(built: Region) -> Region:
    return resize(built, UP, LARGE)


@pytest.fixture
def shrunk(built: Region) -> Region:
    return resize(built, DOWN, TINY)


@pytest.mark.parametrize(
    "wish",
    [
        replace(DOWN, operation=THIRD_OPERATION),
        scale(MIDDLE, operation=THIRD_OPERATION),
        power("stopped", THIRD_OPERATION),
    ],
    ids=["resize", "scale", "stop"],
)
def test_whatever_else_is_wanted_waits_until_it_is_said(grown: Region, wish: Command) -> None:
    unconfirmed = refusal(grown, wish)
    assert isinstance(unconfirmed, ResizeUnconfirmed)
    assert vars(unconfirmed) == {"was": SMALL, "size": LARGE}


def test_a_recommendation_is_deferred_until_then(grown: Region) -> None:
    rules = Autoscaling(least=TINY, most=HUGE)
    grown.ask(SetAutoscaling(server=SERVER, autoscaling=rules))
    wish = Recommend(
        server=SERVER, size=MIDDLE, now=NOON, operation=THIRD_OPERATION, deadline=DEADLINE
    )
    recommended = answered(grown.ask(wish), Recommended).recommendation
    assert (recommended.answer, recommended.until) == ("deferred", None)
    assert recommended.refused.kind == "resize-unconfirmed"


@pytest.mark.parametrize("wish", [CONFIRM, REVERT], ids=["confirm", "revert"])
def test_nothing_is_said_of_what_was_not_resized(built: Region, wish: Command) -> None:
    assert isinstance(refusal(built, wish), NotResized)
    built.ask(UP)
    assert isinstance(refusal(built, wish), ScaleInProgress)


def test_an_unconfirmed_server_may_be_deleted_and_gives_everything_back(shrunk: Region) -> None:
    shrunk.ask(DeleteServer(server=SERVER, operation=THIRD_OPERATION, deadline=DEADLINE))
    shrunk.ask(absent("delete", THIRD_OPERATION))
    assert (used(shrunk), held_by(shrunk, HOST)) == (dict.fromkeys(of(SMALL), 0), Size(0, 0))


def test_the_flavor_must_be_there_and_another_one(built: Region) -> None:
    missing = refusal(built, replace(UP, flavor="nope"))
    assert isinstance(missing, NotFound)
    assert vars(missing) == {"what": "flavor", "id": "nope"}
    assert isinstance(refusal(built, replace(UP, flavor="small")), NothingToChange)


def test_the_quota_is_obeyed_and_comes_before_the_host(built: Region) -> None:
    built.ask(SetQuota(project="demo", limits={"cores": 3}))
    built.ask(SetHostTerms(host=HOST, terms=replace(EXACTLY, ram_allocation_ratio=0.0625)))
    short = refusal(built, UP)
    assert isinstance(short, QuotaExceeded)
    assert short.shortages == [
        Shortage(resource="cores", asked=2, used=2, limit=3, left=1, node="demo")
    ]


def test_there_must_be_room_where_it_runs(built: Region) -> None:
    built.ask(SetHostTerms(host=HOST, terms=replace(EXACTLY, ram_allocation_ratio=0.0625)))
    none = refusal(built, UP)
    assert isinstance(none, NoValidHost)
    assert none.asked == LARGE


def test_a_resize_needs_the_new_flavors_traits_on_its_host(region: Region) -> None:
    region.given(*CATALOGUE, *another("odd", LARGE, {"trait:CUSTOM_ODD": "required"}))
    region.ask(BUILD)
    region.ask(told(at(), "build"))
    assert isinstance(refusal(region, replace(UP, flavor="odd")), NoValidHost)
    odd = replace(EXACTLY, traits=("CUSTOM_ODD",))
    region.ask(SetHostTerms(host=HOST, terms=odd))
    region.ask(replace(UP, flavor="odd"))


def test_a_trait_that_the_host_has_lost_is_no_obstacle_to_a_resize(built: Region) -> None:
    built.ask(SetHostTerms(host=HOST, terms=EXACTLY))
    built.ask(UP)


def test_the_image_keeps_its_least_memory(region: Region) -> None:
    settings = ImageSettings(name="debian", min_memory_mib=2048)
    made = ImageCreated(to=settings, template="<domain/>")
    region.given(*[one for one in CATALOGUE if one[0] != "image:debian"], ("image:debian", made))
    region.ask(BUILD)
    region.ask(told(at(), "build"))
    low = refusal(region, DOWN)
    assert isinstance(low, MemoryTooSmall)
    assert vars(low) == {"memory_mib": TINY.memory_mib, "least": 2048}
    region.ask(DeleteFromCatalogue(kind=Image, id="debian"))
    region.ask(DOWN)


def test_an_adopted_server_takes_a_flavor_for_the_first_time(region: Region) -> None:
    region.given(*CATALOGUE)
    region.ask(ADOPT)
    region.ask(UP)
    region.ask(told(at(LARGE), "restart", operation=NEXT_OPERATION))
    was = FlavorTerms(flavor=None, size=SMALL, ceiling=None)
    assert (loaded(region).resized_from, loaded(region).ceiling) == (was, None)
    region.ask(REVERT)
    region.ask(told(at(), "restart", operation=THIRD_OPERATION))
    assert loaded(region).terms == was


def test_a_flag_that_says_no_to_scaling_says_nothing_of_a_resize(built: Region) -> None:
    built.ask(FlagServer(server=SERVER, scalable=False))
    built.ask(UP)


def test_another_process_confirms_it(grown: Region, new_region: NewRegion) -> None:
    grown.end()
    new_region(grown.store).ask(CONFIRM)
    stream = grown.store.load(Server, SERVER_STREAM)
    assert stream
    assert stream.state.resized_from is None
