"""What a quota counts, and its arithmetic."""

from __future__ import annotations

from domain.shared.resources import NOTHING, gains, held, increase, minus, plus
from domain.shared.size import Size

ONE = {"instances": 1, "cores": 2, "ram": 4096}


def test_a_server_takes_one_instance_its_vcpus_and_its_memory() -> None:
    assert held(Size(2, 4096)) == ONE


def test_resources_that_are_not_named_count_as_0() -> None:
    assert plus(ONE, {"cores": 3}) == {"instances": 1, "cores": 5, "ram": 4096}
    assert minus({"cores": 3}, ONE) == {"instances": -1, "cores": 1, "ram": -4096}
    assert plus({}, {}) == minus({}, {}) == {}
    assert plus({}, NOTHING) == NOTHING == {"instances": 0, "cores": 0, "ram": 0}
    assert minus({}, {"server_groups": 1}) == {"server_groups": -1}


def test_gains_are_only_amounts_above_0() -> None:
    assert gains({"instances": 0, "cores": 2, "ram": -1024}) == {"cores": 2}
    assert gains(NOTHING) == {}


def test_amounts_are_never_changed_in_place() -> None:
    before = dict(ONE)
    plus(ONE, ONE)
    minus(ONE, ONE)
    gains(ONE)
    assert before == ONE


def test_an_increase_counts_only_what_there_is_more_of() -> None:
    assert increase({"cores": 2, "ram": 4096, "instances": 1}, {"cores": 4, "ram": 1024}) == {
        "cores": 2
    }
    assert increase({}, {"cores": 4, "ram": 0}) == {"cores": 4}
