"""The other members of a group forbid hosts, or make some better than others."""

from __future__ import annotations

import pytest
from msgspec.structs import replace

from domain.hosts.host import Host
from domain.hosts.neighbours import GroupPolicy, Neighbours, counted
from domain.hosts.placement import Candidate, Wanted, place
from domain.scaling.route import Route, choose_route, elsewhere
from domain.server import Server
from domain.shared.request_spec import RequestSpec
from domain.shared.size import Size
from tests.domain.hosts.hosts import Region, room
from tests.kit.examples import ADOPTED, DECLARED, HOST, LARGE, OPERATION, SMALL
from tests.kit.scenario import given

HOSTS = ("a", "b", "c")


def beside(policy: GroupPolicy, most: int | None = None, **hosts: int) -> Neighbours:
    """So many of the others are on each."""
    return Neighbours(policy=policy, hosts=hosts, max_server_per_host=most or 1)


def allowed(neighbours: Neighbours) -> str:
    return "".join(host for host in HOSTS if neighbours.allow(host))


@pytest.mark.parametrize(
    ("neighbours", "hosts"),
    [
        (beside("affinity"), "abc"),
        (beside("affinity", a=1), "a"),
        # One of them may be on its way from here to there, or they are apart already.
        (beside("affinity", a=2, b=1), ""),
        (beside("affinity", a=1, b=1), ""),
        (beside("anti-affinity"), "abc"),
        (beside("anti-affinity", a=1), "bc"),
        (beside("anti-affinity", a=1, b=1, c=1), ""),
        (beside("anti-affinity", 2, a=1, b=2), "ac"),
        (beside("anti-affinity", 2, a=3), "bc"),
        (beside("soft-affinity", a=1), "abc"),
        (beside("soft-anti-affinity", a=9), "abc"),
    ],
    ids=str,
)
def test_a_policy_forbids_hosts_and_a_soft_one_none(neighbours: Neighbours, hosts: str) -> None:
    assert allowed(neighbours) == hosts


@pytest.mark.parametrize(
    ("policy", "order"),
    [
        ("affinity", "bac"),
        ("soft-affinity", "bac"),
        ("anti-affinity", "cab"),
        ("soft-anti-affinity", "cab"),
    ],
)
def test_the_host_that_suits_the_policy_best_ranks_first(policy: GroupPolicy, order: str) -> None:
    ranked = sorted(HOSTS, key=beside(policy, a=1, b=2).rank)
    assert "".join(ranked) == order


def test_members_are_counted_on_every_host_they_are_on_or_go_to() -> None:
    assert counted("anti-affinity", 2, [{"a"}, {"a", "b"}, set()]) == beside(
        "anti-affinity", 2, a=2, b=1
    )
    assert counted("affinity", None, []) == Neighbours(policy="affinity")


def placed(neighbours: Neighbours | None, **hosts: Host) -> str | None:
    candidates = [Candidate(name, host) for name, host in hosts.items()]
    return place(candidates, Wanted(RequestSpec(), SMALL, neighbours))


ROOMY, LESS, FULL = room(Size(16, 65_536)), room(Size(8, 16_384)), room(SMALL, used=SMALL)


@pytest.mark.parametrize(
    ("neighbours", "host"),
    [
        (None, "a"),
        (beside("affinity", b=1), "b"),
        (beside("anti-affinity", a=1), "b"),
        (beside("anti-affinity", 2, a=1), "b"),
        (beside("soft-affinity", b=1), "b"),
        (beside("soft-affinity", a=1, b=1), "a"),
        (beside("soft-anti-affinity", a=1), "b"),
        (beside("soft-anti-affinity", a=1, b=1), "a"),
    ],
    ids=str,
)
def test_the_group_comes_before_the_room_that_is_left(
    neighbours: Neighbours | None, host: str
) -> None:
    assert placed(neighbours, a=ROOMY, b=LESS) == host


def test_a_hard_policy_is_kept_even_without_room_elsewhere() -> None:
    assert placed(beside("affinity", b=1), a=ROOMY, b=FULL) is None
    assert placed(beside("anti-affinity", a=1), a=ROOMY, b=FULL) is None


def test_a_soft_policy_gives_way_to_room() -> None:
    assert placed(beside("soft-affinity", b=1), a=ROOMY, b=FULL) == "a"
    assert placed(beside("soft-anti-affinity", a=1), a=ROOMY, b=FULL) == "a"


GROUPED = replace(
    given(Server, ADOPTED, DECLARED).state, spec=RequestSpec(size=SMALL, group=OPERATION)
)


def region(policy: GroupPolicy, *others: str) -> Region:
    """Its own host is full, two others are not."""
    return Region(host_1=FULL, host_2=ROOMY, host_3=LESS).beside(policy, *others)


def test_a_migration_for_a_scale_goes_where_the_policy_lets_it() -> None:
    found = choose_route(GROUPED, LARGE, region("anti-affinity", "host-2"), limits=())
    assert isinstance(found, Route)
    assert (found.mode, found.to_host) == ("migrate", "host-3")
    assert elsewhere(GROUPED, LARGE, region("affinity", "host-3")) == "host-3"


def test_no_host_is_found_where_it_would_break_the_policy() -> None:
    assert elsewhere(GROUPED, LARGE, region("affinity", HOST)) is None
    assert elsewhere(GROUPED, LARGE, region("anti-affinity", "host-2", "host-3")) is None


def test_a_server_in_no_group_goes_where_there_is_most_room() -> None:
    alone = replace(GROUPED, spec=RequestSpec(size=SMALL))
    assert elsewhere(alone, LARGE, region("affinity", HOST)) == "host-2"
