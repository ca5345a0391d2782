"""Operators see what hosts have and hold, and set what may be promised of them."""

from __future__ import annotations

from tests.adapters.cli.conftest import Ullage, has, rows
from tests.kit.region import HOST, Region


def test_a_host_that_never_told_what_it_has_takes_nothing(region: Region, ullage: Ullage) -> None:
    region.adopted()
    assert [HOST, "default", "nova", "2/-", "4096/-"] in [
        r[:5] for r in rows(ullage("host", "list"))
    ]
    told = ullage("host", "show", HOST)
    assert "not told yet" in told.out


def test_hosts_are_listed_and_shown(region: Region, ullage: Ullage) -> None:
    has(region, HOST, 8192, "HW_CPU_X86_AVX2")
    region.adopted()
    assert [HOST, "default", "nova", "2/64", "4096/8192", "yes"] in rows(ullage("host", "list"))
    assert ullage("host", "list", "--json").document == region.get("/v1/hosts").json()
    told = ullage("host", "show", HOST, as_="auditor")
    assert ["Has", "16", "vCPUs", "/", "8704", "MiB"] in rows(told)
    assert ["Has", "promised", "2", "vCPUs", "/", "4096", "MiB"] in rows(told)
    assert "HW_CPU_X86_AVX2" in told.out
    document = ullage("host", "show", HOST, "--json").document
    assert document == region.get(f"/v1/hosts/{HOST}").json()
    assert ullage("host", "list", as_="member").code == 2


def test_host_terms_that_are_not_given_stay(region: Region, ullage: Ullage) -> None:
    def terms(*words: str) -> dict[str, object]:
        ended = ullage("host", "set", HOST, *words, "--json")
        assert ended.code == 0, ended.err
        found: dict[str, object] = ended.document["terms"]
        return found

    has(region, HOST, 8192)
    first = terms("--cpu-ratio", "2.5", "--pool", "blue", "--trait", "CUSTOM_A", "--trait", "B")
    assert (first["cpu_allocation_ratio"], first["pool"]) == (2.5, "blue")
    assert first["traits"] == ["B", "CUSTOM_A"]
    second = terms("--reserved", "1GiB", "--disabled", "--ram-ratio", "1.5")
    assert second == first | {
        "reserved_host_memory_mb": 1024,
        "enabled": False,
        "ram_allocation_ratio": 1.5,
    }
    third = terms("--enabled", "--reserved", "0", "--no-traits", "--zone", "az-1")
    assert third == second | {
        "enabled": True,
        "reserved_host_memory_mb": 0,
        "traits": [],
        "zone": "az-1",
    }
    assert terms() == third
    assert region.get(f"/v1/hosts/{HOST}").json()["limit"] == {"vcpus": 40, "memory_mib": 13056}


def test_a_host_that_is_disabled_says_so(region: Region, ullage: Ullage) -> None:
    has(region, HOST, 8192)
    ended = ullage("host", "set", HOST, "--disabled", "--reason", "new memory")
    assert [HOST, "default", "nova", "0/64", "0/8192", "no:", "disabled"] in rows(ended)
    assert ["Takes", "more", "no:", "disabled"] in rows(ullage("host", "show", HOST))
    told = " ".join(ullage("history", "--kind", "host.terms-changed").out.split())
    assert f"host.terms-changed {HOST} enabled True → False new memory" in told


def test_host_terms_are_set_at_the_version_that_was_read(region: Region, ullage: Ullage) -> None:
    version = ullage("host", "show", HOST, "--json").document["version"]
    held = ("host", "set", HOST, "--if-match", str(version))
    assert ullage(*held, "--pool", "blue").code == 0
    assert ullage(*held, "--pool", "green").code == 3
    assert ullage("host", "show", HOST, "--json").document["terms"]["pool"] == "blue"


def test_an_unknown_host_or_an_invalid_term_is_refused_2(asking: Ullage) -> None:
    for words in (
        ("show", "nowhere"),
        ("show", "../servers"),
        ("set", "nowhere", "--pool", "x"),
        ("set", HOST, "--cpu-ratio", "0"),
        ("set", HOST, "--reserved", "much"),
        ("set", HOST, "--trait", "no trait"),
    ):
        ended = asking("host", *words)
        assert (ended.code, ended.out) == (2, ""), words
        assert ended.err.strip()


def test_an_auditor_cannot_set_host_terms(asking: Ullage) -> None:
    assert asking("host", "set", HOST, "--pool", "x", as_="auditor").code == 2
