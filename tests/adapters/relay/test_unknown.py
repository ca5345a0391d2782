"""Of whatever was asked the outcome may stay unknown: nothing is given back until it is known."""

from __future__ import annotations

from typing import Any, NamedTuple
from uuid import UUID

import pytest

from domain.shared.resources import Amounts
from domain.shared.size import Size
from tests.kit.building import build, rooms
from tests.kit.hypervisor import (
    LARGE,
    SMALL,
    Behaviour,
    Hang,
    ScriptedHost,
    lose_answer,
    lose_request,
)
from tests.kit.region import HOST, NewRegion, Region, size, until

SECOND = "host-2"
NOTHING, ONE = {"instances": 0, "cores": 0, "ram": 0}, {"instances": 1, "cores": 2, "ram": 4096}
STOPPED = {"instances": 1, "cores": 0, "ram": 0}
TWO, GROWN = {"instances": 2, "cores": 4, "ram": 8192}, {"instances": 2, "cores": 6, "ram": 12288}


class Case(NamedTuple):
    """What is used while it is unknown, and after it turned out as done, or as not done."""

    unknown: Amounts
    done: Amounts
    undone: Amounts
    done_as: str = "succeeded"


CASES = {
    "build": Case(ONE, ONE, NOTHING),
    "delete": Case(ONE, NOTHING, ONE),
    "start": Case(ONE, ONE, STOPPED),
    "stop": Case(ONE, STOPPED, ONE),
    # It has arrived, with its old size: the scale itself was not begun any more.
    "migrate": Case(GROWN, TWO, TWO, "failed"),
}


@pytest.fixture
def region(new_region: NewRegion) -> Region:
    """Operations end soon; only servers that run are counted."""
    hosts = {HOST: ScriptedHost(Size(16, 2 * 4096 + 512)), SECOND: ScriptedHost(Size(16, 65536))}
    region = new_region(hosts, operation_seconds=1.5).leading()
    region.put("/v1/region/policy", {"stopped_servers": "when-running"})
    return region


def _begun(region: Region, what: str, hang: Hang) -> tuple[UUID, str]:
    """A server, and the operation on it at which its host will hang."""
    if what == "build":
        region.hosts[SECOND].capacity = Size(1, 512)
        rooms(region)
        asked = build(region).json()
        server = UUID(asked["server"])
        region.host.tell(server, hang)
        return server, str(asked["operation"])
    rooms(region)
    server = region.adopted()
    if what == "start":
        _stop(region, server)
    if what == "migrate":
        region.adopted()
    region.host.tell(server, hang)
    return server, _asked(region, server, what)


def _asked(region: Region, server: UUID, what: str) -> str:
    path = f"/v1/servers/{server}"
    if what == "migrate":
        return region.scaling(server, LARGE, consent="migrate")
    answer = region.ask("DELETE", path) if what == "delete" else region.post(f"{path}/{what}", {})
    return str(answer.json()["operation"])


def _stop(region: Region, server: UUID) -> None:
    with region.carried():
        region.ended(_asked(region, server, "stop"))


@pytest.mark.parametrize("what", CASES)
@pytest.mark.parametrize("then", [lose_answer, lose_request])
def test_an_unknown_outcome_stays_claimed_until_it_is_read_back_which_nobody_has_to_ask_for(
    region: Region, what: str, then: Behaviour
) -> None:
    case, hang = CASES[what], Hang(then=then)
    server, operation = _begun(region, what, hang)
    done = len(region.host.effects)
    with region.carried():
        assert region.ended(operation)["state"] == "unknown"
        assert region.used() == case.unknown
        listed = region.get(f"/v1/operations?state=unknown&after={region.head}").json()["items"]
        assert [one["id"] for one in listed] == [operation]
        hang.release()
        settled = _told(region, operation)
        assert len(region.host.effects) == done + (then is lose_answer)
    expected = case.done_as if then is lose_answer else "failed"
    assert settled["state"] == expected
    assert region.used() == (case.done if then is lose_answer else case.undone)
    _books_agree(region, server)


def _told(region: Region, operation: str) -> dict[str, Any]:
    """The operation, once its outcome is known."""
    path = f"/v1/operations/{operation}"
    until(lambda: region.get(path).json()["state"] not in {"open", "unknown"})
    shown: dict[str, Any] = region.get(path).json()
    return shown


def _books_agree(region: Region, server: UUID) -> None:
    """The server stands in the books where and as it really is."""
    shown = region.get(f"/v1/servers/{server}")
    where = {
        name: host.sizes[server] for name, host in region.hosts.items() if server in host.sizes
    }
    if shown.status_code == 404:
        assert where == {}
        return
    real = region.hosts[shown.json()["host"]]
    assert where == {shown.json()["host"]: SMALL}
    assert (shown.json()["size"], shown.json()["power"]) == (size(SMALL), real.power(server))


def test_an_unknown_outcome_is_resolved_once(region: Region) -> None:
    hang = Hang(then=lose_answer)
    _, operation = _begun(region, "delete", hang)
    with region.carried():
        region.ended(operation)
        region.host.down = True
        hang.release()
        assert region.post(f"/v1/operations/{operation}/resolve").status_code == 202
        again = region.post(f"/v1/operations/{operation}/resolve")
        assert again.json()["type"] == "urn:ullage:problem:nothing-to-resolve"
        region.host.down = False
        assert _told(region, operation)["state"] == "succeeded"
    assert region.used() == NOTHING


def test_an_outcome_stays_unknown_while_a_host_is_silent(region: Region) -> None:
    hang = Hang(then=lose_answer)
    _, operation = _begun(region, "migrate", hang)
    with region.carried():
        region.ended(operation)
        region.hosts[SECOND].down = True
        hang.release()
        until(lambda: region.host.effects)
        region.post(f"/v1/operations/{operation}/resolve")
        assert region.ended(operation)["state"] == "unknown"
        assert region.used() == GROWN
        region.hosts[SECOND].down = False
        assert _told(region, operation)["state"] == "failed"
    assert region.used() == TWO
