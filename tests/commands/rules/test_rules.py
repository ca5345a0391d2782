"""CloudStack's rules of dynamic scaling, each by its number, in our words.

| rule | here |
|---|---|
| C-R8 | as it is; but what runs may shrink too, as far as its envelope allows |
| C-R9 | the size that it has already is refused; there are no offerings |
| C-R10 | dialect: parameters of custom offerings |
| C-R11 | region, flavor, image and server stand for zone, offering, template and VM |
| C-R12 | traits stand for host tags, a deleted flavor for an inactive offering |
| C-R13 to C-R15 | as they are; parent domains are no part of a region yet |
| C-R16 to C-R24 | as they are; a pool stands for a cluster, consent for autoMigrate |
| C-R25 | what was reached is recorded as it is |
| C-R26 | dialect: XenServer's minima and maxima |
| C-R27 | as it is; the log stands for the usage records |
| C-R28 | the second is refused while the first is open, and decided on its result afterwards |
| C-R29 | as it is |
| C-R30, C-R31 | dialect: root disks, system VMs |
| C-R32 | as it is; after any sequence at all in tests/commands/model |
| C-R33 | a lack of room names no host |
| C-R34 | as it is |
"""

from __future__ import annotations

from itertools import product
from uuid import UUID

import pytest
from msgspec.structs import replace

from commands.catalogue.delete_from_catalogue import DeleteFromCatalogue
from commands.command import Command
from commands.engine.store import Answer
from commands.scaling.flag_server import FlagServer
from domain.catalogue.flavor import Flavor
from domain.catalogue.region_policy import RegionRules
from domain.quota import QuotaClaimed
from domain.server import (
    Power,
)
from domain.shared.errors import (
    AboveCeiling,
    NeedsRestart,
    NotFound,
    NothingToChange,
    NotScalable,
    NoValidHost,
    PowerForbids,
    QuotaExceeded,
    Shortage,
)
from domain.shared.resources import held
from domain.shared.size import Size
from tests.commands.kit.region import SERVER_STREAM, Ask, Region
from tests.commands.kit.standing import (
    ADOPTION,
    BUILD,
    at,
    events,
    flavor,
    host,
    image,
    limited,
    refusal,
    refused,
    ruled,
    scale,
    standing,
    told,
    used,
)
from tests.commands.servers.test_adopt_server import ADOPT
from tests.kit.examples import (
    ADOPTED,
    HOST,
    LARGE,
    NEXT_OPERATION,
    PROJECT,
    SERVER,
    SMALL,
    TINY,
    VAST,
)

LIMITS = {"hw:max_vcpus": "16", "hw:max_memory_mb": "65536"}
TAGGED = {"trait:CUSTOM_FAST": "required"}


def powered(region: Region, power: Power) -> None:
    region.given(*host(HOST), (SERVER_STREAM, replace(ADOPTED, power=power)), *ADOPTION[1:])


def test_cr8_a_running_server_shrinks_to_its_floor(region: Region) -> None:
    powered(region, "running")
    assert isinstance(refusal(region, scale(Size(1, 512))), NeedsRestart)
    region.ask(scale(TINY))


def test_cr8_a_stopped_server_shrinks_to_any_size(region: Region) -> None:
    powered(region, "stopped")
    region.ask(scale(Size(1, 512)))


def test_cr9_the_size_that_a_server_has_is_refused(region: Region) -> None:
    region.given(*standing())
    assert isinstance(refusal(region, scale(SMALL)), NothingToChange)


@pytest.mark.parametrize("flags", list(product([True, False], repeat=4)))
def test_cr11_a_server_is_scaled_only_if_all_four_flags_allow_it(
    region: Region, flags: tuple[bool, bool, bool, bool]
) -> None:
    of_region, of_flavor, of_image, of_server = flags
    catalogue = (*flavor(LIMITS, scalable=of_flavor), *image(scalable=of_image))
    region.given(*ruled(RegionRules(scaling=of_region)), *catalogue, *host(HOST))
    region.ask(BUILD)
    region.ask(told(at(), "build"))
    region.ask(flag(scalable=of_server))
    grow = scale(LARGE, operation=NEXT_OPERATION)
    assert all(flags) or isinstance(refusal(region, grow), NotScalable)
    assert not all(flags) or isinstance(region.ask(grow), Answer)


def flag(*, scalable: bool) -> Command:
    return FlagServer(server=SERVER, scalable=scalable)


def test_cr12_no_host_without_the_traits_is_ever_chosen(region: Region) -> None:
    region.given(*flavor(LIMITS | TAGGED), *image(), *host(HOST))
    assert isinstance(refusal(region, BUILD), NoValidHost)


def test_cr12_of_a_deleted_flavor_nothing_is_built(region: Region) -> None:
    region.given(*flavor(LIMITS), *image(), *host(HOST))
    region.ask(DeleteFromCatalogue(kind=Flavor, id="small"))
    assert isinstance(refusal(region, BUILD), NotFound)


@pytest.mark.parametrize("power", ["paused"])
def test_cr13_a_server_neither_running_nor_stopped_is_refused_with_its_power(
    region: Region, power: Power
) -> None:
    powered(region, power)
    forbidden = refusal(region, scale(LARGE))
    assert isinstance(forbidden, PowerForbids)
    assert forbidden.power == power


def test_cr14_the_ceiling_is_checked_before_quota_and_hosts_and_is_told(region: Region) -> None:
    region.given(*standing(first=SMALL, second=SMALL), *limited(cores=2))
    above = refusal(region, scale(VAST))
    assert isinstance(above, AboveCeiling)
    assert above.ceiling == Size(16, 65_536)


def test_cr15_a_shortage_is_told_with_limit_used_and_asked(region: Region) -> None:
    region.given(*standing(), *limited(cores=3, ram=-1))
    short = refusal(region, scale(LARGE))
    assert isinstance(short, QuotaExceeded)
    assert short.shortages == [
        Shortage(resource="cores", asked=2, used=2, limit=3, left=1, node=PROJECT)
    ]


def test_cr16_the_owner_is_charged_whoever_asks(region: Region) -> None:
    region.given(*standing())
    region.ask_together(Ask(scale(LARGE), by="admin-of-another-project"))
    (claim,) = (e for e in events(region) if isinstance(e, QuotaClaimed))
    assert claim.project == PROJECT


def test_cr17_scales_accepted_together_stay_within_the_limit(region: Region) -> None:
    servers = [UUID(int=n) for n in range(100, 120)]
    region.given(*host(HOST), *limited(cores=37))
    outcomes = region.ask_together(*[Ask(replace(ADOPT, server=one)) for one in servers])
    accepted = [outcome for outcome in outcomes if isinstance(outcome, Answer)]
    assert (len(accepted), used(region)["cores"]) == (18, 36)


def test_cr18_a_failure_gives_back_once_however_often_it_is_reported(region: Region) -> None:
    region.given(*standing())
    region.ask(scale(LARGE))
    for _ in range(3):
        region.ask(refused())
        assert used(region) == held(SMALL)
    assert len(events(region)) == 6
