"""A server is asked for, and stands; or nothing of it is left, neither in the books nor there."""

from __future__ import annotations

from hashlib import sha256
from uuid import UUID, uuid4

import pytest

from commands.placement.create_server_group import CreateServerGroup
from domain.shared.size import Size
from tests.adapters.http.native.test_problems import told
from tests.kit.building import FLAVOR, IMAGE, build, built, flavor, image, rooms, wanted
from tests.kit.hypervisor import (
    LARGE,
    SMALL,
    Behaviour,
    ScriptedHost,
    lose_answer,
    no_room,
    refuse,
)
from tests.kit.region import FOREIGN, HOST, OWN, NewRegion, Region, size

NOTHING = {"instances": 0, "cores": 0, "ram": 0}
ONE = {"instances": 1, "cores": 2, "ram": 4096}
KEY = {"idempotency-key": "b-1"}


@pytest.fixture
def region(new_region: NewRegion) -> Region:
    """Its only host has told what it has."""
    region = new_region().leading()
    rooms(region)
    return region


def _held(region: Region, host: str = HOST) -> dict[str, int]:
    held: dict[str, int] = region.get(f"/v1/hosts/{host}").json()["used"]
    return held


def test_a_build_is_decided_at_once_and_ends_when_its_host_has_made_it(region: Region) -> None:
    accepted = build(region, name="web-7")
    assert accepted.status_code == 202, accepted.text
    asked = accepted.json()
    assert accepted.headers["location"] == f"/v1/operations/{asked['operation']}"
    assert (asked["host"], asked["size"]) == (HOST, size(SMALL))
    assert asked["ceiling"] == {"vcpus": 8, "memory_mib": 16384}
    shown = region.get(f"/v1/servers/{asked['server']}").json()
    assert (shown["name"], shown["power"], shown["requested"]) == ("web-7", "building", size(SMALL))
    assert shown["operation"]["kind"] == "build"
    assert (region.used(), _held(region)) == (ONE, size(SMALL))

    with region.carried():
        ended = region.ended(asked["operation"])
    assert (ended["state"], ended["kind"], ended["size"]) == ("succeeded", "build", size(SMALL))
    shown = region.get(f"/v1/servers/{asked['server']}").json()
    assert (shown["power"], shown["size"], shown["operation"]) == ("running", size(SMALL), None)
    assert shown["envelope"]["ceiling"] == {"vcpus": 8, "memory_mib": 16384}
    assert (region.used(), _held(region)) == (ONE, size(SMALL))


def test_a_built_server_can_be_scaled_within_its_built_in_ceiling(region: Region) -> None:
    with region.carried():
        server = built(region)
        assert region.ended(region.scaling(server, LARGE))["state"] == "succeeded"
        told(region.scale(server, Size(9, 8192)), 422, "above-ceiling")


def test_a_builds_host_gets_what_was_asked_for(region: Region) -> None:
    virtio = image(
        region, properties={"hw_memory_device": "virtio-mem"}, template="<domain a='b'/>"
    )
    with region.carried():
        server = built(region, image=virtio, name="db")
    (call,) = region.host.calls
    assert call.wanted
    assert (call.wanted.server, call.wanted.name, call.wanted.size) == (server, "db", SMALL)
    assert (call.wanted.template, call.wanted.memory_by) == ("<domain a='b'/>", "virtio-mem")


def test_a_caller_that_waits_is_told_that_the_server_was_built(region: Region) -> None:
    body = wanted(region)
    with region.carried():
        answer = region.post("/v1/servers", body, headers={"prefer": "wait=20"})
    assert (answer.status_code, answer.json()["state"]) == (200, "succeeded")


# What is refused, and nothing recorded


def test_a_build_above_the_quota_is_refused(region: Region) -> None:
    body = wanted(region)
    region.limits(instances=0, cores=1)
    head = region.head
    document = told(region.post("/v1/servers", body), 403, "quota-exceeded")
    assert [one["resource"] for one in document["shortages"]] == ["instances", "cores"]
    assert region.head == head


def test_a_build_without_room_is_refused_after_the_quota_is_checked(new_region: NewRegion) -> None:
    region = new_region({HOST: ScriptedHost(Size(8, 4607))}).leading()
    rooms(region)
    body = wanted(region)
    head = region.head
    assert told(region.post("/v1/servers", body), 409, "no-valid-host")["asked"] == size(SMALL)
    assert region.head == head
    region.limits(cores=1)
    told(region.post("/v1/servers", body), 403, "quota-exceeded")


def test_a_host_has_room_for_what_is_left_of_it_and_not_more(new_region: NewRegion) -> None:
    region = new_region({HOST: ScriptedHost(Size(8, 2 * 4096 + 512))}).leading()
    rooms(region)
    assert [build(region).status_code for _ in range(3)] == [202, 202, 409]


def test_a_host_that_has_not_reported_takes_no_build(new_region: NewRegion) -> None:
    told(build(new_region().leading()), 409, "no-valid-host")


@pytest.mark.parametrize("what", ["flavor", "image"])
def test_a_build_of_an_unknown_flavor_or_image_is_refused(region: Region, what: str) -> None:
    document = told(build(region, **{what: "nothing"}), 404, "not-found")
    assert (document["what"], document["id"]) == (what, "nothing")


@pytest.mark.parametrize("what", ["flavor", "image"])
def test_a_build_of_a_deleted_flavor_or_image_is_refused(region: Region, what: str) -> None:
    gone = {"flavor": flavor, "image": image}[what](region)
    assert region.ask("DELETE", f"/v1/{what}s/{gone}").is_success
    told(build(region, **{what: gone}), 404, "not-found")


def test_a_build_below_the_images_least_memory_is_refused(region: Region) -> None:
    document = told(
        build(region, image=image(region, min_memory_mib=8192)), 409, "memory-too-small"
    )
    assert document["least"] == 8192


# Whose it is


def test_a_member_builds_in_its_own_project(region: Region) -> None:
    body = wanted(region)
    del body["project"]
    accepted = region.post("/v1/servers", body, as_="member")
    assert accepted.status_code == 202
    shown = region.get(f"/v1/servers/{accepted.json()['server']}", as_="reader").json()
    assert shown["project"] == OWN
    assert region.get(f"/v1/servers/{shown['id']}", as_="foreign-reader").status_code == 404


def test_a_member_cannot_build_for_another_project(region: Region) -> None:
    document = told(build(region, project=FOREIGN, as_="member"), 404, "not-found")
    assert (document["what"], document["id"]) == ("project", FOREIGN)
    assert build(region, project=FOREIGN, as_="foreign-member").status_code == 202


def test_an_administrator_builds_for_a_named_project(region: Region) -> None:
    body = wanted(region)
    del body["project"]
    assert "project" in told(region.post("/v1/servers", body), 400, "body-invalid")["detail"]


# Where it goes


def test_a_build_goes_where_all_required_traits_are(
    new_region: NewRegion,
) -> None:
    region = new_region({HOST: ScriptedHost(), "host-2": ScriptedHost()}).leading()
    region.hosts["host-2"].traits = ("CUSTOM_A", "CUSTOM_B", "CUSTOM_C")
    rooms(region)
    specs = {**FLAVOR["extra_specs"], "trait:CUSTOM_A": "required"}
    asked = {
        "flavor": flavor(region, extra_specs=specs),
        "image": image(region, properties={"trait:CUSTOM_B": "required"}),
    }
    assert build(region, **asked, traits=["CUSTOM_C"]).json()["host"] == "host-2"
    told(build(region, **asked, traits=["CUSTOM_D"]), 409, "no-valid-host")


def test_a_build_goes_into_the_named_zone_and_pool(new_region: NewRegion) -> None:
    region = new_region({HOST: ScriptedHost(), "host-2": ScriptedHost()}).leading()
    rooms(region)
    region.put("/v1/hosts/host-2/terms", {"zone": "z2", "pool": "p2"})
    assert build(region, zone="z2", pool="p2").json()["host"] == "host-2"
    assert build(region, zone="nova").json()["host"] == HOST
    told(build(region, zone="z2"), 409, "no-valid-host")


def test_a_build_goes_where_most_memory_is_left(new_region: NewRegion) -> None:
    region = new_region({HOST: ScriptedHost(), "host-2": ScriptedHost()}).leading()
    rooms(region)
    assert [build(region).json()["host"] for _ in range(4)] == [HOST, "host-2"] * 2


def grouped(region: Region) -> UUID:
    """The id of a new server group."""
    made = CreateServerGroup(group=uuid4(), project=OWN, name="web", policy="anti-affinity")
    region.process.sequencer.call(made, by="wei", because=uuid4())
    return made.group


def test_the_request_spec_of_a_build_survives_a_restart(new_region: NewRegion) -> None:
    region = new_region().leading()
    rooms(region)
    group = str(grouped(region))
    asked = wanted(region, hints={"rack": '"7" é'}, group=group, zone="nova")
    server = region.post("/v1/servers", asked).json()["server"]
    told_ = region.get(f"/v1/servers/{server}/request-spec", as_="reader")
    spec = told_.json()["spec"]
    assert (spec["size"], spec["version"]) == (size(SMALL), 1)
    assert (spec["hints"], spec["group"], spec["zone"]) == ({"rack": '"7" é'}, group, "nova")
    assert spec["flavor"]["id"] == asked["flavor"]
    assert spec["flavor"]["extra_specs"] == FLAVOR["extra_specs"]
    assert spec["image"]["id"] == asked["image"]
    assert (spec["max_vcpus"], spec["max_memory_mib"]) == (8, 16384)
    region.stop()
    after = new_region(region.hosts).leading()
    assert after.get(f"/v1/servers/{server}/request-spec").content == told_.content


def test_a_flavor_changed_later_leaves_a_built_server_as_it_is(region: Region) -> None:
    used = flavor(region)
    server = build(region, flavor=used).json()["server"]
    specs = {"hw:max_vcpus": "64"}
    assert region.ask("PATCH", f"/v1/flavors/{used}", {"extra_specs": specs}).is_success
    spec = region.get(f"/v1/servers/{server}/request-spec").json()["spec"]
    assert (spec["max_vcpus"], spec["flavor"]["extra_specs"]) == (8, FLAVOR["extra_specs"])


def test_an_images_template_is_not_shown_to_members(region: Region) -> None:
    server = build(region).json()["server"]
    paths = ("", "/request-spec")
    seen = [region.get(f"/v1/servers/{server}{path}", as_="member").text for path in paths]
    history = region.get(f"/v1/history?server={server}", as_="member")
    assert all(IMAGE["template"] not in text for text in (*seen, history.text))
    assert sha256(IMAGE["template"].encode()).hexdigest() in history.text


# When it does not come to be


@pytest.mark.parametrize("how", [refuse, no_room])
def test_a_build_that_the_host_refuses_leaves_nothing(region: Region, how: Behaviour) -> None:
    asked = build(region).json()
    region.host.tell(UUID(asked["server"]), how)
    assert (region.used(), _held(region)) == (ONE, size(SMALL))
    with region.carried():
        ended = region.ended(asked["operation"])
    assert ended["state"] == "failed"
    assert ended["reason"]
    assert (region.used(), _held(region)) == (NOTHING, {"vcpus": 0, "memory_mib": 0})
    assert region.get(f"/v1/servers/{asked['server']}").status_code == 404
    position = ended["position"]
    assert region.get(f"/v1/servers?after={position}").json()["items"] == []


def test_a_build_whose_answer_was_lost_is_made_once(region: Region) -> None:
    asked = build(region).json()
    region.host.tell(UUID(asked["server"]), lose_answer, lose_answer)
    with region.carried():
        assert region.ended(asked["operation"])["state"] == "succeeded"
    assert (len(region.host.calls), len(region.host.effects)) == (3, 1)
    assert (region.used(), _held(region)) == (ONE, size(SMALL))


# Asked again


def test_the_same_key_is_answered_with_the_same_server(new_region: NewRegion) -> None:
    region = new_region().leading()
    rooms(region)
    body = wanted(region)
    first = region.post("/v1/servers", body, headers=KEY)
    head = region.head
    again = [region.post("/v1/servers", body, headers=KEY) for _ in range(3)]
    assert {answer.content for answer in again} == {first.content}
    other = region.post("/v1/servers", {**body, "name": "other"}, headers=KEY)
    told(other, 422, "key-reused")
    assert region.head == head
    region.stop()
    after = new_region(region.hosts).leading()
    assert after.post("/v1/servers", body, headers=KEY).content == first.content
    assert after.used()["instances"] == 1
