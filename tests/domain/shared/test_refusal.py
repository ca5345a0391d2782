"""A refusal survives being written down: its kind, its words, its numbers."""

from __future__ import annotations

import msgspec

from domain.shared.errors import AboveCeiling, NoValidHost, QuotaExceeded, Shortage
from domain.shared.refusal import Refusal, kind_of, refusal
from domain.shared.ruled_out import RuledOut
from tests.kit.examples import HUGE, PROJECT, VAST

SHORT = Shortage(resource="cores", asked=2, used=2, limit=3, left=1)


def test_a_refusal_as_data_has_kind_text_and_numbers() -> None:
    assert refusal(AboveCeiling(asked=VAST, ceiling=HUGE)) == Refusal(
        kind="above-ceiling",
        detail="64 vCPUs / 262144 MiB is above the server's ceiling of 16 vCPUs / 65536 MiB.",
        numbers={
            "asked": {"vcpus": 64, "memory_mib": 262144},
            "ceiling": {"vcpus": 16, "memory_mib": 65536},
        },
    )


def test_fields_of_a_refusal_that_are_none_are_left_out() -> None:
    told = refusal(QuotaExceeded(project=PROJECT, shortages=[]))
    assert told.numbers == {"project": PROJECT, "shortages": []}


def test_hosts_that_were_ruled_out_are_told_by_reason() -> None:
    zone = RuledOut(reason="zone", hosts=2, asked="az-9")
    told = refusal(NoValidHost(asked=VAST, ruled_out=(zone,)))
    assert told.numbers == {
        "asked": {"vcpus": 64, "memory_mib": 262144},
        "ruled_out": ({"reason": "zone", "hosts": 2, "asked": "az-9"},),
        "in_place": False,
    }


def test_a_refusal_as_data_is_the_same_after_encoding() -> None:
    told = refusal(QuotaExceeded(project=PROJECT, shortages=[SHORT]))
    assert msgspec.json.decode(msgspec.json.encode(told), type=Refusal) == told


def test_a_refusals_kind_is_its_name_in_small_letters() -> None:
    assert kind_of(QuotaExceeded) == "quota-exceeded"
