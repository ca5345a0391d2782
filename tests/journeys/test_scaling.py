"""From a request to the hypervisor and back: what everybody sees on the way and at the end."""

from __future__ import annotations

from itertools import pairwise

from domain.shared.size import Size
from tests.kit.hypervisor import LARGE, SMALL, Hang
from tests.kit.region import OWN, Region, size


def test_a_server_grows_and_shrinks_and_is_shown_at_each_step(region: Region) -> None:
    server = region.adopted()
    hang = Hang()
    region.host.tell(server, hang)
    with region.carried():
        plan = region.get(f"/v1/servers/{server}/plan?vcpus=4&memory_mib=8192").json()
        assert (plan["mode"], [step["what"] for step in plan["steps"]]) == (
            "live",
            ["memory", "vcpus"],
        )

        accepted = region.scale(server, LARGE, as_="member")
        operation = accepted.json()["operation"]
        assert hang.began.wait(20)
        shown = region.get(f"/v1/servers/{server}", as_="reader").json()
        assert (shown["size"], shown["operation"]["to"]) == (size(SMALL), size(LARGE))
        assert region.used() == plan["used_after"] == {"instances": 1, "cores": 4, "ram": 8192}

        hang.release()
        grown = region.ended(operation)
        assert (grown["state"], grown["was"], grown["size"]) == (
            "succeeded",
            size(SMALL),
            size(LARGE),
        )
        assert grown["guest"] == {"vcpus": 4, "memory_mib": 8102}
        shown = region.get(f"/v1/servers/{server}").json()
        assert (shown["size"], shown["guest"], shown["operation"]) == (
            size(LARGE),
            grown["guest"],
            None,
        )

        shrunk = region.ended(region.scaling(server, Size(1, 1024)))
        assert (shrunk["state"], shrunk["was"]) == ("succeeded", size(LARGE))
    assert region.used() == {"instances": 1, "cores": 1, "ram": 1024}


def test_growing_and_shrinking_leave_every_step_in_the_history(region: Region) -> None:
    server = region.adopted(SMALL)
    with region.carried():
        for to in (LARGE, Size(1, 1024)):
            region.ended(region.scaling(server, to))
    kinds = [entry["kind"] for entry in region.get(f"/v1/history?server={server}").json()["items"]]
    assert list(reversed(kinds))[4:] == [
        "server.scale-requested",
        "quota.claimed",
        "host.capacity-claimed",
        "server.scale-confirmed",
        "server.scale-requested",
        "server.scale-confirmed",
        "quota.released",
        "host.capacity-released",
    ]


def test_a_server_is_scaled_many_times_and_usage_is_never_below_what_is_real(
    region: Region,
) -> None:
    server = region.adopted(Size(1, 1024))
    sizes = [Size(1, 1024)] + [Size(1 + n % 7, 1024 * (1 + n % 5)) for n in range(1, 20)]
    with region.carried():
        for was, to in pairwise(sizes):
            operation = region.scaling(server, to)
            assert region.used()["cores"] >= region.host.sizes[server].vcpus
            assert region.ended(operation)["was"] == size(was)
            assert region.used() == {
                "instances": 1,
                "cores": to.vcpus,
                "ram": to.memory_mib,
            }
    assert len(region.host.effects) == len(sizes) - 1


def test_a_size_that_the_server_has_already_is_refused_and_changes_nothing(region: Region) -> None:
    server = region.adopted()
    head = region.head
    answer = region.scale(server, SMALL)
    assert (answer.status_code, answer.json()["type"]) == (
        409,
        "urn:ullage:problem:nothing-to-change",
    )
    assert (region.head, region.used()["cores"]) == (head, SMALL.vcpus)


def test_a_lowered_limit_stops_growth_until_room_is_made(region: Region) -> None:
    first, second = region.adopted(LARGE), region.adopted(SMALL)
    region.put(f"/v1/projects/{OWN}/quota", {"limits": {"cores": 6}})
    with region.carried():
        assert region.scale(second, Size(3, 4096)).json()["type"].endswith("quota-exceeded")
        region.ended(region.scaling(first, Size(3, 8192)))
        assert region.ended(region.scaling(second, Size(3, 4096)))["state"] == "succeeded"
    assert region.used()["cores"] == 6
