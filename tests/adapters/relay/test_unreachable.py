"""A host that does not answer is seen by operators, and told in the log once."""

from __future__ import annotations

import logging
import re
from datetime import UTC, datetime
from typing import Any

import pytest

from adapters.relay.watch.watch_pace import WatchPace
from tests.kit.hypervisor import LARGE, ScriptedHost
from tests.kit.region import HOST, NewRegion, Region, until
from tests.kit.watching import BY_SWEEPS, watched

OTHER_HOST = "host-2"
PACE = WatchPace(sweep=0.05, gather=3600, again=0.05, longest_again=0.1, longest_rest=0.1)


@pytest.fixture
def two_hosts(new_region: NewRegion) -> Region:
    return new_region({HOST: ScriptedHost(), OTHER_HOST: ScriptedHost()}).leading()


def _since(region: Region, host: str = HOST) -> Any:
    shown = {one["name"]: one for one in region.get("/v1/hosts").json()}[host]
    assert (shown["unreachable_since"] is None) == (shown["unreachable_because"] is None)
    return shown["unreachable_since"]


def _metric(region: Region, host: str = HOST) -> float:
    pattern = rf'^ullage_host_unreachable{{host="{host}"}} (.+)$'
    found = re.search(pattern, region.get("/metrics").text, re.MULTILINE)
    assert found
    return float(found[1])


def test_it_is_listed_since_when_it_has_not_answered(two_hosts: Region) -> None:
    before = datetime.now(UTC)
    with watched(two_hosts, PACE):
        assert (_since(two_hosts), _metric(two_hosts)) == (None, 0)
        two_hosts.host.down = True
        until(lambda: _since(two_hosts))
        since = datetime.fromisoformat(_since(two_hosts))
        assert before < since < datetime.now(UTC)
        alone = two_hosts.get(f"/v1/hosts/{HOST}").json()
        assert datetime.fromisoformat(alone["unreachable_since"]) == since
        assert alone["unreachable_because"] == "no route to the host"
        assert (_metric(two_hosts), _metric(two_hosts, OTHER_HOST)) == (1, 0)
        assert _since(two_hosts, OTHER_HOST) is None
        asked = two_hosts.host.refused
        until(lambda: two_hosts.host.refused > asked + 3)
        assert datetime.fromisoformat(_since(two_hosts)) == since
        two_hosts.host.down = False
        until(lambda: _since(two_hosts) is None)
        assert _metric(two_hosts) == 0


def test_whoever_watches_it_next_takes_it_off_the_list(region: Region) -> None:
    with watched(region, PACE):
        region.host.down = True
        until(lambda: _since(region))
    region.host.down = False
    with watched(region, BY_SWEEPS):
        until(lambda: _since(region) is None)


def test_a_relay_that_cannot_reach_it_says_so_too(region: Region) -> None:
    operation = region.scaling(region.adopted(), LARGE)
    region.host.down = True
    with region.carried():
        until(lambda: _since(region))
        region.host.down = False
        assert region.ended(operation)["state"] == "succeeded"
        until(lambda: _since(region) is None)


def test_it_is_logged_once_on_change(region: Region, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.INFO)
    with watched(region, PACE):
        region.host.down = True
        asked = region.host.refused
        until(lambda: region.host.refused > asked + 5)
        region.host.down = False
        until(lambda: "reachable again" in caplog.text)
    about = [one.getMessage() for one in caplog.records if HOST in one.getMessage()]
    assert about == [
        f"host {HOST} is unreachable: no route to the host",
        f"host {HOST} is reachable again",
    ]
