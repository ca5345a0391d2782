"""A restart, or a migration, is named as the way only to whom it would be of use."""

from __future__ import annotations

import pytest

from domain.server import Consent
from domain.shared.errors import (
    Misaligned,
    NeedsMigration,
    NeedsRestart,
    NoValidHost,
    QuotaExceeded,
)
from domain.shared.size import Size
from tests.commands.kit.region import Region
from tests.commands.kit.standing import MUCH, limited, refusal, scale, standing
from tests.kit.examples import LARGE, SMALL

BELOW_ITS_FLOOR, BETWEEN_STEPS, GROWS_OUT_OF_STEP = Size(2, 512), Size(2, 3000), Size(4, 8000)
ANY_CONSENT: list[Consent] = ["live", "migrate", "restart"]


def test_a_restart_is_named_where_quota_and_room_allow_it(region: Region) -> None:
    region.given(*standing(), *limited(cores=4))
    for to, why in ((BELOW_ITS_FLOOR, NeedsRestart), (GROWS_OUT_OF_STEP, Misaligned)):
        assert type(refusal(region, scale(to))) is why
    region.ask(scale(GROWS_OUT_OF_STEP, "restart"))


@pytest.mark.parametrize("consent", ANY_CONSENT)
def test_a_restart_is_not_named_where_the_quota_is_short(region: Region, consent: Consent) -> None:
    region.given(*standing(), *limited(cores=3))
    short = refusal(region, scale(GROWS_OUT_OF_STEP, consent))
    assert isinstance(short, QuotaExceeded)
    assert [one.resource for one in short.shortages] == ["cores"]


@pytest.mark.parametrize("consent", ANY_CONSENT)
def test_a_restart_is_not_named_where_its_host_has_no_room(
    region: Region, consent: Consent
) -> None:
    region.given(*standing(first=SMALL, second=MUCH))
    assert isinstance(refusal(region, scale(GROWS_OUT_OF_STEP, consent)), NoValidHost)


def test_a_restart_that_gives_back_needs_neither_quota_nor_room(region: Region) -> None:
    region.given(*standing(first=SMALL), *limited(cores=0, ram=0))
    assert isinstance(refusal(region, scale(BETWEEN_STEPS)), Misaligned)
    region.ask(scale(BETWEEN_STEPS, "restart"))


def test_a_migration_is_not_named_where_the_quota_is_short(region: Region) -> None:
    region.given(*standing(first=SMALL), *limited(cores=3))
    assert isinstance(refusal(region, scale(LARGE)), QuotaExceeded)
    assert isinstance(refusal(region, scale(Size(3, 8192))), NeedsMigration)
