"""What somebody else has started, or moved, counts when it is adopted as what has grown does."""

from __future__ import annotations

import pytest

from commands.drift.adopt_drift import DriftTaken
from domain.catalogue.region_policy import RegionRules
from domain.server import Power
from domain.shared.errors import QuotaExceeded
from tests.commands.drift.test_adopting_drift import ADOPT, FORCE
from tests.commands.drift.test_drift import now
from tests.commands.kit.region import Region
from tests.commands.kit.region import told as answered
from tests.commands.kit.standing import (
    SECOND,
    at,
    limited,
    loaded,
    observed,
    power,
    refusal,
    ruled,
    standing,
    told,
    used,
)
from tests.kit.examples import SMALL

WHEN_RUNNING = ruled(RegionRules(stopped_servers="when-running"))
NONE_LEFT = limited(cores=0, ram=-1)


@pytest.fixture
def stopped(region: Region) -> Region:
    """It does not count while it is stopped, and its project has no cores."""
    region.given(*standing(), *WHEN_RUNNING, *NONE_LEFT)
    region.ask(power("stopped"))
    region.ask(told(at(power="stopped"), "stop"))
    return region


@pytest.mark.parametrize("to", ["running", "paused"])
def test_a_moved_server_that_was_started_obeys_the_quota(stopped: Region, to: Power) -> None:
    stopped.ask(now(stopped, at(on=SECOND, power=to)))
    assert used(stopped)["cores"] == SMALL.vcpus
    short = refusal(stopped, ADOPT)
    assert isinstance(short, QuotaExceeded)
    assert [one.resource for one in short.shortages] == ["cores"]


def test_forced_adoption_of_a_started_server_says_by_how_much_the_quota_is_exceeded(
    stopped: Region,
) -> None:
    stopped.ask(now(stopped, at(on=SECOND)))
    answer = stopped.ask(FORCE)
    assert answered(answer, DriftTaken).exceeded == {"cores": SMALL.vcpus}
    assert (loaded(stopped).host, loaded(stopped).counted) == (SECOND, True)


def test_a_moved_server_that_was_not_started_needs_no_quota(stopped: Region) -> None:
    stopped.ask(now(stopped, at(on=SECOND, power="stopped")))
    stopped.ask(ADOPT)
    assert (loaded(stopped).host, used(stopped)["cores"]) == (SECOND, 0)


def test_a_running_server_that_was_moved_holds_no_more_than_before(region: Region) -> None:
    region.given(*standing(), *NONE_LEFT)
    region.ask(observed(at(on=SECOND)))
    region.ask(ADOPT)
    assert (loaded(region).host, used(region)["cores"]) == (SECOND, SMALL.vcpus)
