"""A running VM is taken into the books as its hypervisor shows it, or not at all."""

from __future__ import annotations

import threading
from threading import Event
from uuid import UUID, uuid4

from domain.shared.size import Size
from tests.adapters.http.native.things import OF_PROJECT
from tests.kit.hypervisor import LARGE, SMALL
from tests.kit.region import HOST, OWN, Answer, Region, size, together, until


def _adopt(region: Region, server: UUID, **other: object) -> Answer:
    body = {"host": HOST, "server": str(server), "project": OWN}
    return region.post("/v1/adoptions", body | other)


ENVELOPE = {
    "floor": size(Size(1, 1024)),
    "ceiling": size(Size(64, 262144)),
    "memory_by": "virtio-mem",
    "memory_step_mib": 1,
    "memory_slots_left": None,
    "memory_slots_used": None,
}


def test_an_adopted_server_is_shown_as_it_was_found(region: Region) -> None:
    server = region.host.make(SMALL)
    answer = _adopt(region, server, ceiling=size(LARGE), reason="moved in")
    assert answer.status_code == 201
    assert answer.headers["location"] == f"/v1/servers/{server}"
    shown = region.get(answer.headers["location"])
    assert shown.content == answer.content
    assert shown.json() == {
        "id": str(server),
        "name": f"vm-{server}",
        "description": None,
        "metadata": {},
        "project": OWN,
        "user": "",
        "group": None,
        "host": HOST,
        "power": "running",
        "requested": size(SMALL),
        "size": size(SMALL),
        "guest": {"vcpus": 2, "memory_mib": 4006},
        "seen_by_guest": None,
        "ceiling": size(LARGE),
        "envelope": ENVELOPE,
        "scalable": True,
        "flavor": None,
        "flavor_name": None,
        "image_name": None,
        "image": None,
        "operation": None,
        "resized_from": None,
        "drift": None,
        "autoscaling": None,
        "created": shown.json()["updated"],
        "updated": shown.json()["created"],
        "version": 2,
    }
    assert region.used() == {"instances": 1, "cores": 2, "ram": 4096}


def test_a_host_may_be_named_by_its_uri(region: Region) -> None:
    answer = _adopt(region, region.host.make(), host=f"scripted://{HOST}")
    assert (answer.status_code, answer.json()["host"]) == (201, HOST)


def test_a_host_that_is_not_in_the_settings_is_never_connected_to(region: Region) -> None:
    answer = _adopt(region, region.host.make(), host="qemu+ssh://evil/system")
    assert (answer.status_code, answer.json()["type"]) == (422, "urn:ullage:problem:host-unknown")
    assert HOST in answer.json()["detail"]


def test_a_vm_that_is_not_there_is_not_adopted(region: Region) -> None:
    answer = _adopt(region, uuid4())
    assert (answer.status_code, answer.json()["type"]) == (404, "urn:ullage:problem:gone")


def test_a_host_that_does_not_answer_is_asked_again_later(region: Region) -> None:
    server = region.host.make()
    region.host.down = True
    answer = _adopt(region, server)
    assert (answer.status_code, answer.json()["type"]) == (503, "urn:ullage:problem:unreachable")
    assert answer.headers["retry-after"] == "1"
    region.host.down = False
    assert _adopt(region, server).status_code == 201


def test_a_server_is_adopted_once(region: Region) -> None:
    server = region.host.make()
    answers = together([lambda: _adopt(region, server)] * 8)
    assert sorted(answer.status_code for answer in answers) == [201] + [409] * 7
    again = _adopt(region, server, project="other")
    assert (again.status_code, again.json()["type"]) == (409, "urn:ullage:problem:already-adopted")
    assert again.json()["server"] == str(server)
    assert region.used()["instances"] == 1


def test_a_server_above_its_projects_quota_is_refused_with_the_numbers(region: Region) -> None:
    region.limits(cores=1, ram=4095)
    head = region.head
    problem = _adopt(region, region.host.make(SMALL)).json()
    assert problem["type"] == "urn:ullage:problem:quota-exceeded"
    assert (problem["status"], problem["project"]) == (403, OWN)
    assert problem["shortages"] == [
        OF_PROJECT | {"resource": "cores", "asked": 2, "used": 0, "limit": 1, "left": 1},
        OF_PROJECT | {"resource": "ram", "asked": 4096, "used": 0, "limit": 4095, "left": 4095},
    ]
    assert region.head == head


def test_hanging_hosts_hold_up_no_reader(region: Region) -> None:
    region.host.inspecting = Event()
    servers = [region.host.make() for _ in range(12)]
    answers: list[Answer] = []
    adopting = [
        threading.Thread(target=lambda server=server: answers.append(_adopt(region, server)))
        for server in servers[:10]
    ]
    for thread in adopting:
        thread.start()
    try:
        until(lambda: region.host.inspections >= 8)
        assert region.get("/v1/servers").status_code == 200
        assert region.get("/v1/history").status_code == 200
    finally:
        region.host.inspecting.set()
        for thread in adopting:
            thread.join()
    assert {answer.status_code for answer in answers} == {201}
