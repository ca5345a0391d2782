"""Reads after a write, and callers who prefer to wait for an operation's end."""

from __future__ import annotations

import threading
from uuid import uuid4

import pytest

from tests.kit.hypervisor import LARGE, SMALL, Hang, refuse
from tests.kit.region import OWN, Region, size

READS = [
    "/v1/servers/{server}?",
    "/v1/servers/{server}/plan?vcpus=4&memory_mib=8192&",
    "/v1/servers?",
    "/v1/operations/{operation}?",
    "/v1/operations?",
    "/v1/history?",
    f"/v1/projects/{OWN}/limits?",
    f"/v1/projects/{OWN}/quota?",
]


@pytest.mark.parametrize("path", READS)
def test_a_read_behind_a_write_sees_it(region: Region, path: str) -> None:
    server = region.adopted()
    accepted = region.scale(server, LARGE)
    path = path.format(server=server, operation=accepted.json()["operation"])
    position = accepted.headers["ullage-position"]
    answer = region.get(f"{path}after={position}")
    assert answer.status_code == 200
    assert str(server) in answer.text or '"used":4' in answer.text or '"limits"' in answer.text


@pytest.mark.parametrize("path", READS)
def test_a_read_beyond_the_head_says_that_it_is_not_there_yet(region: Region, path: str) -> None:
    region.process.readside.patience = 0.05
    server = region.adopted()
    path = path.format(server=server, operation=region.scaling(server, LARGE))
    answer = region.get(f"{path}after={region.head + 1}")
    assert answer.status_code == 503
    assert answer.json()["type"] == "urn:ullage:problem:not-there-yet"
    assert answer.headers["retry-after"] == "1"


def test_a_read_that_waits_is_answered_when_its_position_comes(region: Region) -> None:
    server = region.adopted()
    position = region.head + 1
    answers = []
    waiting = threading.Thread(
        target=lambda: answers.append(region.get(f"/v1/servers/{server}?after={position}"))
    )
    waiting.start()
    region.scaling(server, LARGE)
    waiting.join()
    (answer,) = answers
    assert answer.json()["operation"]["to"] == size(LARGE)


def test_a_caller_that_waits_is_told_how_the_operation_ended(region: Region) -> None:
    server = region.adopted()
    with region.carried():
        answer = region.scale(server, LARGE, headers={"prefer": "wait=20"})
    shown = answer.json()
    assert answer.status_code == 200
    assert answer.headers["preference-applied"] == "wait=20"
    assert answer.headers["location"] == f"/v1/operations/{shown['id']}"
    assert (shown["state"], shown["size"]) == ("succeeded", size(LARGE))


def test_a_caller_that_waits_is_told_of_a_failure(region: Region) -> None:
    server = region.adopted()
    region.host.tell(server, refuse)
    with region.carried():
        answer = region.scale(server, LARGE, headers={"prefer": "respond-async, wait=20"})
    assert (answer.status_code, answer.json()["state"]) == (200, "failed")


def test_a_caller_that_waited_long_enough_gets_the_open_operation(region: Region) -> None:
    server = region.adopted()
    accepted = region.scale(server, LARGE, headers={"prefer": "wait=1"})
    assert accepted.status_code == 202
    where = accepted.headers["location"]
    assert where == f"/v1/operations/{accepted.json()['operation']}"
    shown = region.get(where, headers={"prefer": "wait=1"})
    assert (shown.status_code, shown.json()["state"]) == (200, "open")


def test_a_read_of_an_operation_may_wait_for_its_end(region: Region) -> None:
    server = region.adopted()
    hang = Hang()
    region.host.tell(server, hang)
    operation = region.scaling(server, LARGE)
    shown = []
    waiting = threading.Thread(target=lambda: shown.append(region.ended(operation)))
    with region.carried():
        assert hang.began.wait(20)
        waiting.start()
        hang.release()
        waiting.join()
    assert [one["state"] for one in shown] == ["succeeded"]


@pytest.mark.parametrize("prefer", ["", "wait", "wait=", "wait=-1", "wait=x", "await=9", "wait=0"])
def test_a_preference_that_says_nothing_is_passed_over(region: Region, prefer: str) -> None:
    answer = region.scale(region.adopted(), LARGE, headers={"prefer": prefer})
    assert answer.status_code == 202


def test_an_operation_that_is_not_there_is_not_waited_for(region: Region) -> None:
    answer = region.get(f"/v1/operations/{uuid4()}", headers={"prefer": "wait=20"})
    assert answer.status_code == 404


def test_a_write_tells_its_position(region: Region) -> None:
    server = region.adopted()
    assert region.scale(server, LARGE).headers["ullage-position"] == str(region.head)
    body = {"ceiling": size(SMALL)}
    declared = region.put(f"/v1/servers/{server}/ceiling", body)
    assert declared.headers["ullage-position"] == str(region.head)
    assert region.limits(cores=9).headers["ullage-position"] == str(region.head)
