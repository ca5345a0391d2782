"""What became of an operation is told to whoever leads, until it has been heard."""

from __future__ import annotations

import pytest

from adapters import tokens
from adapters.relay.relay import Relay
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


def relay_under(region: Region, token: str) -> Relay:
    service, region.tokens["service"] = region.tokens["service"], token
    relay = region.relay()
    region.tokens["service"] = service
    return relay


@pytest.mark.parametrize("token", ["of nobody", "reader"])
def test_a_relay_without_a_service_token_stops_and_says_why(region: Region, token: str) -> None:
    relay = relay_under(region, region.tokens.get(token, token))
    relay.run()
    assert "Set ULLAGE_TOKEN to a live token of the role service" in str(relay.refusals.refused)


def test_a_relay_whose_token_is_revoked_stops_and_another_goes_on(region: Region) -> None:
    server = region.adopted()
    hang = Hang()
    region.host.tell(server, hang)
    token = tokens.create(region.dsn, name="old", role="service", project=None)
    under_it = {"authorization": f"Bearer {token}"}
    relay = relay_under(region, token)
    operation = region.scaling(server, LARGE)
    with running(relay):
        assert hang.began.wait(20)
        tokens.revoke(region.dsn, "old")
        until(lambda: region.get("/v1/lanes", headers=under_it).status_code == 401)
        hang.release()
        until(lambda: relay.refusals.refused)
    assert region.get(f"/v1/operations/{operation}").json()["state"] == "open"
    with region.carried("with a token"):
        assert region.ended(operation)["state"] == "succeeded"
    assert len(region.host.effects) == 1
