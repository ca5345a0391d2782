"""A guest that follows later than its hypervisor is seen to have done so by whoever watches it."""

from __future__ import annotations

import pytest

from adapters.relay.watch.watch_pace import WatchPace
from tests.kit.hypervisor import LARGE
from tests.kit.region import Region, size, until
from tests.kit.watching import BY_EVENTS, BY_SWEEPS, facts, watched


@pytest.mark.parametrize("pace", [BY_EVENTS, BY_SWEEPS], ids=["events", "sweeps"])
def test_a_guest_that_has_followed_is_one_fact(region: Region, pace: WatchPace) -> None:
    server, host = region.adopted(), region.host
    with region.carried(), watched(region, pace):
        host.guest_keeps_mib = LARGE.memory_mib - 4006  # as much as it had before
        ended = region.ended(region.scaling(server, LARGE))
        assert (ended["state"], ended["seen_by_guest"]) == ("succeeded", False)
        shown = region.get(f"/v1/servers/{server}").json()
        assert (shown["size"], shown["seen_by_guest"]) == (size(LARGE), False)
        host.guest_keeps_mib = 90
        host.happened(server)
        until(lambda: region.get(f"/v1/servers/{server}").json()["seen_by_guest"])
    with watched(region, BY_SWEEPS):
        sweeps = host.sweeps
        until(lambda: host.sweeps > sweeps + 3)
    shown = region.get(f"/v1/servers/{server}").json()
    assert shown["guest"] == {"vcpus": 4, "memory_mib": 8102}
    read = [one for one in facts(region, server) if one["kind"] == "server.envelope-read"]
    assert [one["body"]["seen_by_guest"] for one in read] == [True]
