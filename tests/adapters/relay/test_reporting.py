"""What became of an operation is told to whoever leads, until it has been heard."""

from __future__ import annotations

from tests.kit.hypervisor import LARGE, Hang
from tests.kit.region import NewRegion, Region, running, until


def test_a_leader_that_is_away_is_told_when_another_leads(new_region: NewRegion) -> None:
    first = new_region().leading()
    server = first.adopted()
    hang = Hang()
    first.host.tell(server, hang)
    operation = first.scaling(server, LARGE)
    with running(first.relay()):
        assert hang.began.wait(20)
        first.stop()
        hang.release()
        until(lambda: first.host.sizes[server] == LARGE)
        second = new_region(first.hosts).leading()
        assert second.ended(operation)["state"] == "succeeded"
    assert len(second.host.effects) == 1
    assert second.used()["cores"] == LARGE.vcpus


def test_a_relay_that_stops_tells_what_became_of_its_last_calls(region: Region) -> None:
    server = region.adopted()
    hang = Hang()
    region.host.tell(server, hang)
    operation = region.scaling(server, LARGE)
    with region.carried() as relay:
        assert hang.began.wait(20)
        relay.stop()
        hang.release()
    assert region.ended(operation)["state"] == "succeeded"
    (lane,) = region.get("/v1/lanes").json()
    assert (lane["held_by"], lane["waiting"]) == ("", 0)


def test_a_relay_without_a_service_token_changes_nothing_and_does_not_give_up(
    region: Region,
) -> None:
    service, region.tokens["service"] = region.tokens["service"], region.tokens["reader"]
    server = region.adopted()
    relay = region.relay()
    region.tokens["service"] = service
    operation = region.scaling(server, LARGE)
    with running(relay):
        until(lambda: region.host.sizes[server] == LARGE)
        assert region.get(f"/v1/operations/{operation}").json()["state"] == "open"
    with region.carried("with a token"):
        assert region.ended(operation)["state"] == "succeeded"
    assert len(region.host.effects) == 1
